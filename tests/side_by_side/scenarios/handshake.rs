//! The handshake.

use super::reasons::ENGINE;
use crate::scenario::Act::{Close, Cut, Hear, Raw, Released};
use crate::scenario::steps::{BEGIN_START, BEGIN_STOP, RELEASE, START, STATE, arrived, on, told};
use crate::scenario::{RS, Scenario, say, say_all};
use crate::transcript::Part;

const CALL: &str = r#"{"type":1,"target":"m","arguments":[1]}"#;

/// HUB-16 and Q-11.
#[tokio::test]
async fn messages_in_the_answer_are_delivered() {
    Scenario::with_socket(vec![Hear("protocol"), say_all(&["{}", CALL, CALL])])
        .steps([on("m"), START, STATE])
        .play()
        .await;
}

/// HUB-32.
#[tokio::test]
async fn a_refusal() {
    Scenario::with_socket(vec![Hear("protocol"), say(r#"{"error":"No."}"#)])
        .steps([START, STATE])
        .play()
        .await;
}

/// Q-12.
#[tokio::test]
async fn a_hub_message_in_its_place() {
    Scenario::with_socket(vec![Hear("protocol"), say(r#"{"type":6}"#)])
        .steps([START])
        .play()
        .await;
}

/// Q-14.
#[tokio::test]
async fn an_answer_that_is_not_json() {
    Scenario::with_socket(vec![Hear("protocol"), say("hello")])
        .steps([START])
        .differs(
            Part::Application,
            &["start failed: Error parsing handshake response: not JSON"],
            &["start failed: Error parsing handshake response: It is no JSON object."],
            ENGINE,
        )
        .play()
        .await;
}

/// Q-13.
#[tokio::test]
async fn an_answer_in_two_messages() {
    Scenario::with_socket(vec![
        Hear("protocol"),
        Raw("{}".to_owned()),
        Raw(RS.to_owned()),
    ])
    .steps([START, STATE])
    .differs(
        Part::Application,
        &[
            "start failed: Error parsing handshake response: Message is incomplete.",
            "state: Disconnected, no id",
        ],
        &["start: done", "state: Connected, id", "closed:"],
        "the answer to a handshake may come in pieces",
    )
    .differs(
        Part::Socket(1),
        &[],
        &[r#"{"type":6}"#, r#"{"type":7}"#],
        "the connection goes on until it is stopped",
    )
    .play()
    .await;
}

/// HUB-17 and HCB-6.
#[tokio::test]
async fn an_end_in_its_place() {
    for (code, reason) in [(1000, ""), (1011, "broken")] {
        Scenario::with_socket(vec![Hear("protocol"), Close(code, reason)])
            .steps([START, STATE])
            .play()
            .await;
    }
}

#[tokio::test]
async fn a_cut_in_its_place() {
    Scenario::with_socket(vec![Hear("protocol"), Cut])
        .steps([START, STATE])
        .play()
        .await;
}

/// Q-15.
#[tokio::test]
async fn no_answer() {
    Scenario::with_socket(vec![Hear("protocol")])
        .set(|settings| {
            settings.server_timeout = Some(300);
            settings.handshake_timeout = Some(300);
        })
        .steps([START, STATE])
        .differs(
            Part::Application,
            &["start failed: Server timeout elapsed without receiving a message from the server."],
            &["start failed: The server did not answer the handshake in time."],
            "a handshake has a timeout of its own, so that it can be shorter or longer",
        )
        .play()
        .await;
}

/// HUB-33.
#[tokio::test]
async fn a_stop_before_the_answer() {
    Scenario::with_socket(vec![Hear("protocol"), Released])
        .steps([
            BEGIN_START,
            arrived("protocol"),
            BEGIN_STOP,
            told("stop: done"),
            STATE,
            RELEASE,
        ])
        .play()
        .await;
}
