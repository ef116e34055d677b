//! The handshake.

use crate::scenario::Act::{Close, Cut, Hear, Raw, Released};
use crate::scenario::steps::{BEGIN_START, BEGIN_STOP, RELEASE, START, STATE, arrived, on, told};
use crate::scenario::{RS, Scenario, say, say_all};

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
