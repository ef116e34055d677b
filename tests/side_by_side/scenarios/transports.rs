//! Transports: which of them is taken, and the two that are no sockets.

use serde_json::json;

use super::reasons::{A_REASON, AT_ONCE, DELETED, ENGINE, GOODBYE};
use crate::scenario::Act::{Cut, Hear, Released, Segments};
use crate::scenario::steps::{
    BEGIN_STOP, RELEASE, START, STATE, STOP, arrived, invoke, on, send, told,
};
use crate::scenario::{
    Act, Answer, Scenario, answer, cut, offer, offer_as, say, say_all, shaken, shaken_then,
};
use crate::transcript::Part;

const PING: &str = r#"{"type":6}"#;

/// HTC-14 and HTC-29.
#[tokio::test]
async fn none_is_offered() {
    Scenario::new()
        .negotiate(offer(&[]))
        .steps([START])
        .play()
        .await;
}

/// HTC-20 to HTC-25.
#[tokio::test]
async fn none_that_is_offered_is_allowed() {
    for (offered, allowed) in [
        (["ServerSentEvents", "LongPolling"], "WebSockets"),
        (["WebSockets", "LongPolling"], "ServerSentEvents"),
        (["WebSockets", "ServerSentEvents"], "LongPolling"),
    ] {
        Scenario::new()
            .negotiate(offer(&offered))
            .set(|settings| settings.transports = Some(vec![allowed]))
            .steps([START])
            .play()
            .await;
    }
}

/// HTC-10.
#[tokio::test]
async fn none_that_is_offered_is_known_or_carries_text() {
    let body = r#"{"negotiateVersion":1,"connectionId":"id","connectionToken":"token","availableTransports":[{"transport":"Pigeon","transferFormats":["Text"]},{"transport":"WebSockets","transferFormats":["Binary"]}]}"#;
    Scenario::new()
        .negotiate(answer(200, body))
        .steps([START])
        .play()
        .await;
}

/// HTC-11 and HTC-45.
#[tokio::test]
async fn the_next_one_is_tried_after_a_new_negotiation() {
    Scenario::new()
        .negotiate(offer(&["WebSockets", "ServerSentEvents"]))
        .socket_refused(answer(503, ""))
        .negotiate(offer_as("second", &["WebSockets", "ServerSentEvents"]))
        .stream(shaken())
        .steps([START, STATE, arrived(PING)])
        .play()
        .await;
}

/// HTC-11.
#[tokio::test]
async fn all_fail() {
    Scenario::new()
        .negotiate(offer(&["WebSockets", "ServerSentEvents", "LongPolling"]))
        .socket_refused(answer(503, ""))
        .negotiate(offer_as("second", &["LongPolling"]))
        .stream_refused(answer(503, ""))
        .negotiate(offer_as("third", &["LongPolling"]))
        .polls([answer(404, "")])
        .steps([START, STATE])
        .play()
        .await;
}

/// HTC-12.
#[tokio::test]
async fn the_second_negotiation_fails() {
    Scenario::new()
        .negotiate(offer(&["WebSockets", "ServerSentEvents"]))
        .socket_refused(answer(503, ""))
        .negotiate(answer(500, "It broke."))
        .steps([START, STATE])
        .play()
        .await;
}

fn with_stream(acts: impl IntoIterator<Item = Act>) -> Scenario {
    Scenario::new()
        .negotiate(offer(&["ServerSentEvents"]))
        .stream(shaken_then(acts))
}

/// SSE-2, SSE-3 and SSE-8.
#[tokio::test]
async fn an_event_stream() {
    with_stream([
        say_all(&[
            r#"{"type":1,"target":"m","arguments":[1]}"#,
            r#"{"type":1,"target":"m","arguments":["é"]}"#,
        ]),
        Hear("Ask"),
        say(r#"{"type":3,"invocationId":"0","result":1}"#),
    ])
    .steps([
        on("m"),
        START,
        told("é"),
        send("Tell", json!(["hi"])),
        invoke("Ask", json!([])),
        STATE,
        STOP,
    ])
    .play()
    .await;
}

/// SSE-4 and SSE-5.
#[tokio::test]
async fn an_event_stream_with_a_token() {
    with_stream([])
        .set(|settings| settings.tokens = vec!["a+b/c="])
        .steps([START, send("Tell", json!([])), STOP])
        .play()
        .await;
}

#[tokio::test]
async fn an_event_stream_in_pieces() {
    let pieces = [
        "data: {\"type\":1,\"tar",
        "get\":\"m\",\"arguments\":[]}\u{1e}",
        "\n",
        "\n: a comment\n\n",
    ];
    with_stream([Segments(pieces.map(str::to_owned).into())])
        .steps([on("m"), START, told("called m")])
        .play()
        .await;
}

/// SSE-9.
#[tokio::test]
async fn an_event_stream_that_ends() {
    with_stream([Released, Cut])
        .steps([
            START,
            send("Tell", json!([])),
            RELEASE,
            told("closed:"),
            STATE,
        ])
        .differs(
            Part::Application,
            &["closed:"],
            &["closed: The connection ended."],
            A_REASON,
        )
        .play()
        .await;
}

/// A failed POST fails its call alone.
#[tokio::test]
async fn a_call_that_cannot_be_posted() {
    with_stream([])
        .posts([
            answer(200, ""),
            answer(200, ""),
            answer(500, "It broke."),
            answer(500, "It broke."),
        ])
        .steps([
            START,
            send("Tell", json!([1])),
            invoke("Ask", json!([2])),
            send("Tell", json!([3])),
            STATE,
        ])
        .play()
        .await;
}

/// The first poll, and the one that brings the answer to the handshake.
fn polled() -> [Answer; 2] {
    [answer(200, ""), answer(200, "{}\u{1e}").when("protocol")]
}

fn with_polls(answers: impl IntoIterator<Item = Answer>) -> Scenario {
    Scenario::new()
        .negotiate(offer(&["LongPolling"]))
        .polls(polled())
        .polls(answers)
}

/// HTC-37, HUB-7, LPT-1 to LPT-3.
#[tokio::test]
async fn long_polling() {
    with_polls([
        answer(200, ""),
        answer(
            200,
            "{\"type\":1,\"target\":\"m\",\"arguments\":[1]}\u{1e}{\"type\":6}\u{1e}",
        ),
        answer(
            200,
            "{\"type\":3,\"invocationId\":\"0\",\"result\":1}\u{1e}",
        )
        .when("Ask"),
    ])
    .deletes([answer(202, "")])
    .steps([
        on("m"),
        START,
        told("called m"),
        send("Tell", json!(["hi"])),
        invoke("Ask", json!([])),
        STATE,
        STOP,
    ])
    .differs(
        Part::Posts,
        &[
            "POST a/hub?id=id-token | content-type: text/plain;charset=UTF-8 | marked",
            r#"{"type":7}"#,
        ],
        &[],
        DELETED,
    )
    .play()
    .await;
}

#[tokio::test]
async fn long_polling_that_the_server_ends() {
    with_polls([answer(204, "").when_released()])
        .steps([
            START,
            send("Tell", json!([])),
            RELEASE,
            told("closed:"),
            STATE,
        ])
        .differs(
            Part::Application,
            &["closed:"],
            &["closed: The connection ended."],
            A_REASON,
        )
        .play()
        .await;
}

#[tokio::test]
async fn long_polling_that_fails() {
    with_polls([answer(500, "It broke.").when_released()])
        .steps([
            START,
            send("Tell", json!([])),
            RELEASE,
            told("closed:"),
            STATE,
        ])
        .play()
        .await;
}

#[tokio::test]
async fn long_polling_without_an_answer() {
    with_polls([cut().when_released()])
        .steps([
            START,
            send("Tell", json!([])),
            RELEASE,
            told("closed:"),
            STATE,
        ])
        .differs(
            Part::Application,
            &["closed: fetch failed"],
            &["closed: No answer that this page may read."],
            ENGINE,
        )
        .play()
        .await;
}

#[tokio::test]
async fn long_polling_that_ends_with_a_close_message() {
    with_polls([answer(200, "{\"type\":7,\"error\":\"Enough.\"}\u{1e}").when_released()])
        .steps([
            START,
            send("Tell", json!([])),
            RELEASE,
            told("closed:"),
            STATE,
        ])
        .differs(
            Part::Posts,
            &[
                "POST a/hub?id=id-token | content-type: text/plain;charset=UTF-8 | marked",
                r#"{"type":7}"#,
            ],
            &[],
            GOODBYE,
        )
        .play()
        .await;
}

/// The server may have forgotten the connection already.
#[tokio::test]
async fn long_polling_whose_end_is_not_found() {
    with_polls([])
        .deletes([answer(404, "")])
        .steps([START, STOP, STATE])
        .differs(
            Part::Posts,
            &[
                "POST a/hub?id=id-token | content-type: text/plain;charset=UTF-8 | marked",
                r#"{"type":7}"#,
            ],
            &[],
            DELETED,
        )
        .play()
        .await;
}

#[tokio::test]
async fn a_stop_while_the_first_poll_waits() {
    Scenario::new()
        .negotiate(offer(&["LongPolling"]))
        .polls([answer(200, "").when_released()])
        .steps([
            crate::scenario::steps::BEGIN_START,
            arrived("GET"),
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
