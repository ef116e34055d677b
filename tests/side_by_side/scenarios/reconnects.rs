//! Losses, and coming back.

use serde_json::json;

use super::reasons::{A_REASON, AT_ONCE, GOODBYE};
use crate::scenario::Act::{Close, Cut, Hear};
use crate::scenario::steps::{
    BEGIN_STOP, RELEASE, START, STATE, STOP, arrived, begin_invoke, invoke, on, send, told,
    told_times,
};
use crate::scenario::{Act, Scenario, answer, offer, offer_as, say, shaken, shaken_then};
use crate::transcript::Part;

/// A client with these delays, whose first connection ends so.
fn loses(delays: &[u64], acts: impl IntoIterator<Item = Act>) -> Scenario {
    let delays = delays.to_vec();
    Scenario::with_socket(shaken_then(acts)).set(|settings| settings.retry = Some(delays))
}

/// HRC-1, Q-29 and Q-30.
#[tokio::test]
async fn a_lost_connection_comes_back() {
    let call = r#"{"type":1,"target":"m","arguments":[1]}"#;
    loses(&[0], [Hear("Ask"), say(call), Close(1011, "broken")])
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken_then([
            Hear("Ask"),
            say(call),
            say(r#"{"type":3,"invocationId":"1","result":"still here"}"#),
        ]))
        .steps([
            on("m"),
            START,
            begin_invoke("Ask", json!([])),
            told("reconnected"),
            STATE,
            invoke("Ask", json!([])),
            told_times("called m", 2),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn a_connection_that_is_cut_comes_back() {
    loses(&[0], [Cut])
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken())
        .steps([START, told("reconnected"), STATE])
        .play()
        .await;
}

#[tokio::test]
async fn a_client_comes_when_it_is_invited() {
    loses(&[0], [say(r#"{"type":7,"allowReconnect":true}"#)])
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken())
        .steps([START, told("reconnected"), STATE])
        .differs(
            Part::Application,
            &["reconnecting:"],
            &["reconnecting: The server closed the connection."],
            A_REASON,
        )
        .play()
        .await;
}

#[tokio::test]
async fn a_client_comes_when_it_is_invited_with_an_error() {
    loses(
        &[0],
        [say(r#"{"type":7,"error":"Later.","allowReconnect":true}"#)],
    )
    .negotiate(offer_as("second", &["WebSockets"]))
    .socket(shaken())
    .steps([START, told("reconnected"), STATE])
    .play()
    .await;
}

#[tokio::test]
async fn a_client_that_is_sent_away_stays_away() {
    loses(&[0], [say(r#"{"type":7,"error":"Enough."}"#)])
        .steps([START, told("closed:"), STATE])
        .differs(Part::Socket(1), &[r#"{"type":7}"#], &[], GOODBYE)
        .play()
        .await;
}

#[tokio::test]
async fn a_silent_server_is_left_for_a_new_connection() {
    loses(&[0], [])
        .set(|settings| settings.server_timeout = Some(300))
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken())
        .steps([START, told("reconnected"), STATE])
        .play()
        .await;
}

/// Q-18.
#[tokio::test]
async fn tries_come_to_an_end() {
    loses(&[0, 10], [Close(1011, "broken")])
        .negotiate(answer(503, "Not yet."))
        .negotiate(answer(502, "Never."))
        .steps([START, told("closed:"), STATE])
        .differs(
            Part::Application,
            &["closed:"],
            &["closed: Failed to complete negotiation with the server: Never.: Status code '502'"],
            A_REASON,
        )
        .play()
        .await;
}

/// A loss during the handshake of a try is a failed try.
#[tokio::test]
async fn a_try_can_fail_at_any_point() {
    loses(&[0, 0, 0], [Close(1011, "broken")])
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket_refused(answer(503, ""))
        .negotiate(offer_as("third", &["WebSockets"]))
        .socket(vec![Hear("protocol"), Close(1011, "")])
        .negotiate(offer_as("fourth", &["WebSockets"]))
        .socket(shaken())
        .steps([START, told("reconnected"), STATE])
        .play()
        .await;
}

#[tokio::test]
async fn a_stop_before_the_next_try() {
    loses(&[60_000], [Close(1011, "broken")])
        .steps([START, told("reconnecting"), STATE, STOP, STATE])
        .play()
        .await;
}

/// Q-33.
#[tokio::test]
async fn a_stop_as_soon_as_it_is_told() {
    loses(&[0], [Close(1011, "broken")])
        .set(|settings| settings.stop_when_reconnecting = true)
        .steps([START, told("reconnecting"), STATE])
        .differs(
            Part::Application,
            &["state: Disconnecting, no id"],
            &["closed:", "state: Disconnected, no id"],
            AT_ONCE,
        )
        .play()
        .await;
}

/// Q-4.
#[tokio::test]
async fn a_stop_during_a_try() {
    loses(&[0], [Close(1011, "broken")])
        .negotiate(offer(&["WebSockets"]).when_released())
        .steps([
            START,
            told("reconnecting"),
            crate::scenario::Step::Arrived {
                text: "negotiate",
                times: 2,
            },
            BEGIN_STOP,
            RELEASE,
            told("stop: done"),
            STATE,
        ])
        .differs(Part::Application, &["the server goes on"], &[], AT_ONCE)
        .differs(Part::Application, &[], &["the server goes on"], AT_ONCE)
        .play()
        .await;
}

/// Q-20.
#[tokio::test]
async fn calls_meanwhile_fail() {
    loses(&[60_000], [Close(1011, "broken")])
        .steps([
            START,
            told("reconnecting"),
            send("Tell", json!([])),
            invoke("Ask", json!([])),
        ])
        .play()
        .await;
}

/// A second loss begins with the first delay again.
#[tokio::test]
async fn a_connection_that_is_lost_twice_comes_back_twice() {
    loses(&[0], [Close(1011, "broken")])
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken_then([Close(1011, "again")]))
        .negotiate(offer_as("third", &["WebSockets"]))
        .socket(shaken())
        .steps([START, told("reconnected: third"), STATE])
        .play()
        .await;
}

/// HTC-50.
#[tokio::test]
async fn a_start_after_the_end() {
    Scenario::with_socket(shaken_then([Close(1011, "broken")]))
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken())
        .steps([
            START,
            told("closed:"),
            START,
            send("Tell", json!([])),
            arrived("Tell"),
            STATE,
        ])
        .play()
        .await;
}
