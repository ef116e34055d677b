//! Streams that go up with a call.

use serde_json::json;

use crate::scenario::Act::Hear;
use crate::scenario::steps::{START, invoke_with, send_with, stream_with, told, upload};
use crate::scenario::{Scenario, say, shaken_then};

/// HUB-20.
#[tokio::test]
async fn with_a_call_that_wants_a_result() {
    Scenario::with_socket(shaken_then([
        Hear(r#""type":3"#),
        say(r#"{"type":3,"invocationId":"1","result":3}"#),
    ]))
    .steps([
        START,
        invoke_with("Sum", json!(["x"]), vec![upload(json!([1, 2]), None)]),
    ])
    .play()
    .await;
}

/// HUB-21.
#[tokio::test]
async fn with_a_call_that_wants_nothing() {
    Scenario::with_socket(shaken_then([Hear(r#""type":3"#)]))
        .steps([
            START,
            send_with("Take", json!([]), vec![upload(json!(["a", null]), None)]),
            crate::scenario::steps::arrived(r#""type":3"#),
        ])
        .play()
        .await;
}

/// HUB-22.
#[tokio::test]
async fn with_a_call_that_wants_a_stream() {
    Scenario::with_socket(shaken_then([
        Hear(r#""type":3"#),
        say(r#"{"type":2,"invocationId":"1","item":"A"}"#),
        say(r#"{"type":3,"invocationId":"1"}"#),
    ]))
    .steps([
        START,
        stream_with("Shout", json!([]), vec![upload(json!(["a"]), None)]),
        told("end"),
    ])
    .play()
    .await;
}

#[tokio::test]
async fn that_fails() {
    Scenario::with_socket(shaken_then([
        Hear("I cannot."),
        say(r#"{"type":3,"invocationId":"1","error":"Pity."}"#),
    ]))
    .steps([
        START,
        invoke_with(
            "Sum",
            json!([]),
            vec![upload(json!([1]), Some("I cannot."))],
        ),
    ])
    .play()
    .await;
}
