//! The ends of a connection.

use super::reasons::{A_REASON, GOODBYE};
use crate::scenario::Act::{Close, Cut};
use crate::scenario::steps::{BEGIN_STOP, START, STATE, STOP, on, told, told_times};
use crate::scenario::{Act, Scenario, say, say_all, shaken, shaken_then};
use crate::transcript::Part;

fn ends_with(act: Act) -> Scenario {
    Scenario::with_socket(shaken_then([act])).steps([START, told("closed:"), STATE])
}

/// HUB-34.
#[tokio::test]
async fn a_close_message() {
    ends_with(say(r#"{"type":7}"#))
        .differs(
            Part::Application,
            &["closed:"],
            &["closed: The server closed the connection."],
            A_REASON,
        )
        .differs(Part::Socket(1), &[r#"{"type":7}"#], &[], GOODBYE)
        .play()
        .await;
}

#[tokio::test]
async fn a_close_message_with_an_error() {
    ends_with(say(r#"{"type":7,"error":"Enough."}"#))
        .differs(Part::Socket(1), &[r#"{"type":7}"#], &[], GOODBYE)
        .play()
        .await;
}

/// HUB-35.
#[tokio::test]
async fn an_invitation_to_a_client_that_does_not_come_back() {
    ends_with(say(r#"{"type":7,"error":"Enough.","allowReconnect":true}"#))
        .play()
        .await;
}

/// Q-16.
#[tokio::test]
async fn a_socket_that_closes() {
    for (code, reason) in [
        (1000, ""),
        (1000, "bye"),
        (1001, "bye"),
        (1011, ""),
        (0, ""),
    ] {
        println!("{code} {reason}");
        let mut scenario = ends_with(Close(code, reason));
        if code == 1000 {
            let (official, ours) = ("closed:", "closed: The connection ended.");
            scenario = scenario.differs(Part::Application, &[official], &[ours], A_REASON);
        }
        scenario.play().await;
    }
}

/// Q-16.
#[tokio::test]
async fn a_socket_that_is_cut() {
    ends_with(Cut).play().await;
}

/// Q-10.
#[tokio::test]
async fn what_follows_a_close_message() {
    Scenario::with_socket(shaken_then([say_all(&[
        r#"{"type":7}"#,
        r#"{"type":1,"target":"m","arguments":[]}"#,
    ])]))
    .steps([on("m"), START, told("closed:"), STATE])
    .differs(
        Part::Application,
        &["called m []", "closed:"],
        &["closed: The server closed the connection."],
        "a Close message is the last that counts",
    )
    .differs(Part::Socket(1), &[r#"{"type":7}"#], &[], GOODBYE)
    .play()
    .await;
}

/// Q-32.
#[tokio::test]
async fn two_stops_are_one() {
    Scenario::with_socket(shaken())
        .steps([
            START,
            BEGIN_STOP,
            BEGIN_STOP,
            told_times("stop: done", 2),
            STOP,
            STATE,
        ])
        .play()
        .await;
}
