//! Streams from the server.

use serde_json::json;

use super::reasons::A_TASK;
use crate::scenario::Act::{Close, Hear};
use crate::scenario::steps::{START, STATE, STOP, dispose, send, stream, told, told_times};
use crate::scenario::{Scenario, say, say_all, shaken_then};
use crate::transcript::Part;

/// HUB-51 and HUB-56.
#[tokio::test]
async fn items_and_an_end() {
    Scenario::with_socket(shaken_then([
        Hear("Count"),
        say_all(&[
            r#"{"type":2,"invocationId":"0","item":1}"#,
            r#"{"type":2,"invocationId":"0","item":null}"#,
        ]),
        say(r#"{"type":2,"invocationId":"0","item":{"k":3}}"#),
        say(r#"{"type":3,"invocationId":"0"}"#),
    ]))
    .steps([START, stream("Count", json!([3])), told("end")])
    .play()
    .await;
}

/// HUB-52 and HUB-53.
#[tokio::test]
async fn an_error_and_an_empty_stream() {
    Scenario::with_socket(shaken_then([
        Hear("Fail"),
        say(r#"{"type":2,"invocationId":"0","item":1}"#),
        say(r#"{"type":3,"invocationId":"0","error":"It broke."}"#),
        Hear("Nothing"),
        say(r#"{"type":3,"invocationId":"1"}"#),
    ]))
    .steps([
        START,
        stream("Fail", json!([])),
        told("failed"),
        stream("Nothing", json!([])),
        told("end"),
        STATE,
    ])
    .play()
    .await;
}

/// HUB-59.
#[tokio::test]
async fn a_stream_that_nobody_wants_any_more() {
    Scenario::with_socket(shaken_then([
        Hear("Count"),
        say(r#"{"type":2,"invocationId":"0","item":1}"#),
        Hear(r#""type":5"#),
        say(r#"{"type":2,"invocationId":"0","item":2}"#),
        say(r#"{"type":3,"invocationId":"0"}"#),
        Hear("Other"),
        say(r#"{"type":2,"invocationId":"1","item":1}"#),
    ]))
    .steps([
        START,
        stream("Count", json!([])),
        told("item"),
        dispose("Count"),
        stream("Other", json!([])),
        told_times("item", 2),
    ])
    .differs(Part::Application, &["stream Other failed: Invocation canceled due to the underlying connection being closed."], &[], A_TASK)
.differs(Part::Application, &[], &["stream Other failed: Invocation canceled due to the underlying connection being closed."], A_TASK)
.play()
    .await;
}

/// HUB-54.
#[tokio::test]
async fn a_stop_ends_it() {
    Scenario::with_socket(shaken_then([
        Hear("Count"),
        say(r#"{"type":2,"invocationId":"0","item":1}"#),
    ]))
    .steps([
        START,
        stream("Count", json!([])),
        told("item"),
        STOP,
        told("stream Count failed"),
    ])
    .differs(Part::Application, &["stream Count failed: Invocation canceled due to the underlying connection being closed."], &[], A_TASK)
.differs(Part::Application, &[], &["stream Count failed: Invocation canceled due to the underlying connection being closed."], A_TASK)
.play()
    .await;
}

/// HUB-55.
#[tokio::test]
async fn a_loss_ends_it() {
    Scenario::with_socket(shaken_then([Hear("Count"), Close(1011, "broken")]))
        .steps([
            START,
            stream("Count", json!([])),
            told("stream Count failed"),
            told("closed:"),
        ])
        .differs(
            Part::Application,
            &["stream Count failed: WebSocket closed with status code: 1011 (broken)."],
            &[],
            A_TASK,
        )
        .differs(
            Part::Application,
            &[],
            &["stream Count failed: WebSocket closed with status code: 1011 (broken)."],
            A_TASK,
        )
        .play()
        .await;
}

#[tokio::test]
async fn two_at_once() {
    Scenario::with_socket(shaken_then([
        Hear("Go"),
        say_all(&[
            r#"{"type":2,"invocationId":"1","item":"b"}"#,
            r#"{"type":2,"invocationId":"0","item":"a"}"#,
        ]),
        say(r#"{"type":3,"invocationId":"1"}"#),
        say(r#"{"type":3,"invocationId":"0"}"#),
    ]))
    .steps([
        START,
        stream("A", json!([])),
        stream("B", json!([])),
        send("Go", json!([])),
        told_times("end", 2),
    ])
    .differs(Part::Application, &[r#"stream A item: "a""#], &[], A_TASK)
    .differs(Part::Application, &[], &[r#"stream A item: "a""#], A_TASK)
    .play()
    .await;
}
