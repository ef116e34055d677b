//! Calls of the server that want a result.

use serde_json::json;

use crate::scenario::Act::Hear;
use crate::scenario::steps::{START, STATE, on, on_failing, on_giving};
use crate::scenario::{Act, Scenario, say, shaken_then};

/// Asks for a result, and waits for it.
fn ask() -> Vec<Act> {
    shaken_then([
        say(r#"{"type":1,"invocationId":"s1","target":"ask","arguments":[1]}"#),
        Hear("s1"),
        say(r#"{"type":1,"target":"done","arguments":[]}"#),
    ])
}

const DONE: crate::scenario::Step = crate::scenario::Step::Await {
    text: "called done",
    times: 1,
};

/// HUB-41.
#[tokio::test]
async fn a_result() {
    Scenario::with_socket(ask())
        .steps([
            on_giving("ask", json!({"text": "yes"})),
            on("done"),
            START,
            DONE,
        ])
        .play()
        .await;
}

/// HUB-42.
#[tokio::test]
async fn null_is_a_result() {
    Scenario::with_socket(ask())
        .steps([on_giving("ask", json!(null)), on("done"), START, DONE])
        .play()
        .await;
}

/// HUB-44.
#[tokio::test]
async fn a_failure() {
    Scenario::with_socket(ask())
        .steps([on_failing("ask", "I cannot."), on("done"), START, DONE])
        .play()
        .await;
}

/// HUB-48.
#[tokio::test]
async fn a_handler_without_a_result() {
    Scenario::with_socket(ask())
        .steps([on("ask"), on("done"), START, DONE])
        .play()
        .await;
}

/// HUB-26 and HUB-49.
#[tokio::test]
async fn nobody_to_ask() {
    Scenario::with_socket(ask())
        .steps([on("done"), START, DONE, STATE])
        .play()
        .await;
}

/// HUB-45.
#[tokio::test]
async fn two_results() {
    Scenario::with_socket(ask())
        .steps([
            on_giving("ask", json!(1)),
            on_giving("ask", json!(2)),
            on("done"),
            START,
            DONE,
        ])
        .play()
        .await;
}

/// HUB-46.
#[tokio::test]
async fn a_result_and_then_a_failure() {
    Scenario::with_socket(ask())
        .steps([
            on_giving("ask", json!(1)),
            on_failing("ask", "I cannot."),
            on("done"),
            START,
            DONE,
        ])
        .play()
        .await;
}

/// HUB-47.
#[tokio::test]
async fn a_failure_and_then_a_result() {
    Scenario::with_socket(ask())
        .steps([
            on_failing("ask", "I cannot."),
            on_giving("ask", json!(1)),
            on("done"),
            START,
            DONE,
        ])
        .play()
        .await;
}

/// HUB-50.
#[tokio::test]
async fn a_result_that_nobody_wants() {
    Scenario::with_socket(shaken_then([
        say(r#"{"type":1,"target":"ask","arguments":[]}"#),
        say(r#"{"type":1,"target":"done","arguments":[]}"#),
    ]))
    .steps([on_giving("ask", json!(1)), on("done"), START, DONE])
    .play()
    .await;
}
