//! Calls in both directions, without results of the application's.

use serde_json::json;

use crate::scenario::Act::{Close, Hear};
use crate::scenario::steps::{
    START, STATE, STOP, arrived, begin_invoke, invoke, off, on, send, told, told_times,
};
use crate::scenario::{Scenario, say, say_all, shaken, shaken_then};
use crate::transcript::Part;

/// HUB-10 to HUB-12, HUB-19.
#[tokio::test]
async fn calls_and_their_results() {
    Scenario::with_socket(shaken_then([
        Hear("Ask"),
        say(r#"{"type":3,"invocationId":"0","result":{"answer":42}}"#),
        Hear("Void"),
        say(r#"{"type":3,"invocationId":"1"}"#),
        Hear("Null"),
        say(r#"{"type":3,"invocationId":"2","result":null}"#),
    ]))
    .steps([
        START,
        send("Tell", json!(["hi", null, 1.5, {"k": [true]}])),
        send("Bare", json!([])),
        invoke("Ask", json!(["what"])),
        invoke("Void", json!([])),
        invoke("Null", json!([null])),
    ])
    .play()
    .await;
}

/// HUB-18.
#[tokio::test]
async fn a_failed_call_is_told_in_the_servers_words() {
    Scenario::with_socket(shaken_then([
        Hear("Fail"),
        say(r#"{"type":3,"invocationId":"0","error":"It broke."}"#),
    ]))
    .steps([START, invoke("Fail", json!([])), STATE])
    .play()
    .await;
}

/// Q-8 and Q-9: a result that is falsy in JavaScript may stand beside an error, and an empty error is
/// none.
#[tokio::test]
async fn half_an_error() {
    Scenario::with_socket(shaken_then([
        Hear("Zero"),
        say(r#"{"type":3,"invocationId":"0","result":0,"error":"x"}"#),
        Hear("Empty"),
        say(r#"{"type":3,"invocationId":"1","error":""}"#),
        Hear("Both"),
        say(r#"{"type":3,"invocationId":"2","result":1,"error":""}"#),
    ]))
    .steps([
        START,
        invoke("Zero", json!([])),
        invoke("Empty", json!([])),
        invoke("Both", json!([])),
    ])
    .play()
    .await;
}

/// Q-7.
#[tokio::test]
async fn answers_come_in_any_order_and_strange_ones_are_passed_over() {
    Scenario::with_socket(shaken_then([
        Hear("Two"),
        say_all(&[
            r#"{"type":3,"invocationId":"77","result":0}"#,
            r#"{"type":3,"invocationId":"1","result":"two"}"#,
            r#"{"type":2,"invocationId":"78","item":0}"#,
            r#"{"type":3,"invocationId":"0","result":"one"}"#,
            r#"{"type":3,"invocationId":"0","result":"again"}"#,
        ]),
    ]))
    .steps([
        START,
        begin_invoke("One", json!([])),
        begin_invoke("Two", json!([])),
        told_times("invoke", 2),
        STATE,
    ])
    .play()
    .await;
}

/// HTC-7.
#[tokio::test]
async fn calls_need_a_connection() {
    Scenario::new()
        .steps([send("Tell", json!([])), invoke("Ask", json!([]))])
        .play()
        .await;
}

/// HUB-23.
#[tokio::test]
async fn a_stop_ends_the_calls_that_wait() {
    Scenario::with_socket(shaken_then([Hear("Ask")]))
        .steps([
            START,
            begin_invoke("Ask", json!([])),
            arrived("Ask"),
            STOP,
            told("invoke"),
        ])
        .play()
        .await;
}

/// HUB-24.
#[tokio::test]
async fn a_loss_ends_the_calls_that_wait() {
    Scenario::with_socket(shaken_then([Hear("Ask"), Close(1011, "broken")]))
        .steps([
            START,
            begin_invoke("Ask", json!([])),
            told("invoke"),
            told("closed:"),
        ])
        .play()
        .await;
}

/// HUB-25, HUB-27, HUB-30 and HUB-36.
#[tokio::test]
async fn handlers_are_found_whatever_their_case() {
    let calls = say_all(&[
        r#"{"type":1,"target":"newMESSAGE","arguments":["one"]}"#,
        r#"{"type":1,"target":"unknown","arguments":[]}"#,
        r#"{"type":1,"target":"gone","arguments":[]}"#,
        r#"{"type":1,"target":"NewMessage","arguments":["two"]}"#,
    ]);
    Scenario::with_socket(shaken_then([calls]))
        .steps([
            on("newMessage"),
            on("gone"),
            off("GONE"),
            START,
            told("two"),
        ])
        .play()
        .await;
}

/// FT-7.
#[tokio::test]
async fn every_handler_of_a_target_is_called() {
    let calls = say_all(&[
        r#"{"type":1,"target":"m","arguments":[1]}"#,
        r#"{"type":1,"target":"m","arguments":[2]}"#,
    ]);
    Scenario::with_socket(shaken_then([calls]))
        .steps([on("m"), on("M"), START, told_times("called", 4)])
        .differs(
            Part::Application,
            &["called m [2]"],
            &[],
            "all handlers of a message run before those of the next",
        )
        .differs(
            Part::Application,
            &[],
            &["called m [2]"],
            "all handlers of a message run before those of the next",
        )
        .play()
        .await;
}

/// Q-3.
#[tokio::test]
async fn a_target_may_have_any_name() {
    Scenario::with_socket(shaken_then([
        say(r#"{"type":1,"target":"constructor","arguments":[1]}"#),
        say(r#"{"type":1,"invocationId":"s1","target":"__proto__","arguments":[1]}"#),
        say(r#"{"type":1,"target":"m","arguments":[1]}"#),
    ]))
    .steps([on("m"), START, told("called m")])
    .differs(
        Part::Application,
        &[],
        &[
            "warning: No client method with the name 'constructor' found.",
            "warning: No client method with the name '__proto__' found.",
        ],
        "a name is a name, also where JavaScript's objects have a property of it",
    )
    .differs(
        Part::Socket(1),
        &[],
        &[r#"{"error":"Client didn't provide a result.","invocationId":"s1","type":3}"#],
        "a server that waits for a result is told that there is none",
    )
    .play()
    .await;
}

/// HTC-50 and Q-30.
#[tokio::test]
async fn handlers_outlive_a_connection() {
    let call = r#"{"type":1,"target":"m","arguments":[1]}"#;
    Scenario::with_socket(shaken_then([say(call)]))
        .negotiate(crate::scenario::offer_as("second", &["WebSockets"]))
        .socket(shaken_then([Hear("Tell"), say(call)]))
        .steps([
            on("m"),
            START,
            told("called"),
            STOP,
            START,
            STATE,
            send("Tell", json!([])),
            told_times("called", 2),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn sends_keep_their_order() {
    Scenario::with_socket(shaken())
        .steps([START])
        .steps((0..5).map(|number| send("Count", json!([number]))))
        .play()
        .await;
}
