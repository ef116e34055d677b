//! Connections that outlive their socket.

use serde_json::json;

use crate::scenario::Act::{Cut, Hear};
use crate::scenario::steps::{START, STATE, invoke, on, send, told, told_times};
use crate::scenario::{Answer, Scenario, answer, offer, say, shaken, shaken_then};

/// The server keeps what a lost socket did not deliver.
fn stateful() -> Answer {
    let body = offer(&["WebSockets"])
        .body
        .replacen('{', r#"{"useStatefulReconnect":true,"#, 1);
    answer(200, body)
}

/// HTC-65, HTC-68, HTC-71, HUB-69 to HUB-77.
#[tokio::test]
async fn a_lost_socket_loses_nothing() {
    Scenario::new()
        .set(|settings| settings.stateful = true)
        .negotiate(stateful())
        .socket(shaken_then([
            say(r#"{"type":1,"target":"m","arguments":[1]}"#),
            Hear("Ask"),
            Cut,
        ]))
        .socket(vec![
            Hear(r#""type":9"#),
            Hear("Ask"),
            say(r#"{"type":9,"sequenceId":1}"#),
            say(r#"{"type":1,"target":"m","arguments":[1]}"#),
            say(r#"{"type":1,"target":"m","arguments":[2]}"#),
            say(r#"{"type":3,"invocationId":"0","result":"here"}"#),
        ])
        .steps([
            on("m"),
            START,
            told("called m"),
            send("Tell", json!([1])),
            invoke("Ask", json!([])),
            told_times("called m", 2),
            STATE,
        ])
        .play()
        .await;
}

/// HTC-69.
#[tokio::test]
async fn a_server_that_knows_nothing_of_it() {
    Scenario::with_socket(shaken())
        .set(|settings| settings.stateful = true)
        .steps([START, STATE])
        .play()
        .await;
}

/// HTC-67.
#[tokio::test]
async fn a_server_that_insists() {
    Scenario::new()
        .negotiate(stateful())
        .steps([START])
        .play()
        .await;
}

/// HTC-72.
#[tokio::test]
async fn a_second_socket_that_is_refused() {
    Scenario::new()
        .set(|settings| settings.stateful = true)
        .negotiate(stateful())
        .socket(shaken_then([Cut]))
        .socket_refused(answer(503, ""))
        .steps([START, told("closed:"), STATE])
        .play()
        .await;
}
