//! Hub messages, and how they are cut into pieces.

use super::reasons::ENGINE;
use crate::scenario::Act::{Fragments, Raw, Segments};
use crate::scenario::steps::{START, STATE, on, told, told_times};
use crate::scenario::{Act, Scenario, say, say_all, shaken_then};
use crate::transcript::Part;

const CALL: &str = r#"{"type":1,"target":"m","arguments":[1]}"#;

fn pieces(pieces: &[&str]) -> Vec<String> {
    pieces.iter().map(|piece| (*piece).to_owned()).collect()
}

/// Q-6.
#[tokio::test]
async fn a_hub_message_in_two_socket_messages() {
    Scenario::with_socket(shaken_then([
        Raw(r#"{"type":1,"target":"m","#.to_owned()),
        Raw("\"arguments\":[1]}\u{1e}".to_owned()),
    ]))
    .steps([on("m"), START, told("m")])
    .differs(
        Part::Application,
        &["closed: Message is incomplete."],
        &["called m [1]", "closed:"],
        "a hub message may come in pieces",
    )
    .differs(
        Part::Socket(1),
        &[],
        &[r#"{"type":7}"#],
        "the connection goes on until it is stopped",
    )
    .play()
    .await;
}

#[tokio::test]
async fn a_socket_message_in_many_frames_and_segments() {
    Scenario::with_socket(shaken_then([
        Fragments(pieces(&[
            r#"{"type":1,"#,
            r#""target":"m","#,
            "\"arguments\":[\"é\"]}",
            "\u{1e}",
        ])),
        Segments(pieces(&[
            r#"{"type":1,"tar"#,
            r#"get":"m","arg"#,
            "uments\":[2]}\u{1e}",
        ])),
    ]))
    .steps([on("m"), START, told_times("called m", 2)])
    .play()
    .await;
}

/// HUB-66 and Q-5.
#[tokio::test]
async fn many_messages_in_one() {
    Scenario::with_socket(shaken_then([say_all(&[
        CALL,
        r#"{"type":6}"#,
        r#"{"type":99}"#,
        r#"{"type":4,"invocationId":"1","target":"m","arguments":[]}"#,
        r#"{"type":5,"invocationId":"1"}"#,
        r#"{"type":8,"sequenceId":1}"#,
        r#"{"type":9,"sequenceId":1}"#,
        CALL,
    ])]))
    .steps([on("m"), START, told_times("called m", 2), STATE])
    .play()
    .await;
}

#[tokio::test]
async fn arguments_come_as_they_are() {
    Scenario::with_socket(shaken_then([say(
        r#"{"type":1,"target":"m","arguments":[null,true,-1.5,1514805840000,"\"\\ \u00e9 \ud83d\ude00",[1,[2]],{"k":{"l":null}}]}"#,
    )]))
    .steps([on("m"), START, told("called m")])
    .play()
    .await;
}

#[tokio::test]
async fn too_few_and_no_arguments() {
    Scenario::with_socket(shaken_then([
        say(r#"{"type":1,"target":"m","arguments":[]}"#),
        say(r#"{"type":1,"target":"m","arguments":[1,2,3,4,5,6,7]}"#),
    ]))
    .steps([on("m"), START, told_times("called m", 2)])
    .play()
    .await;
}

async fn ends_the_connection(act: Act) -> Scenario {
    Scenario::with_socket(shaken_then([act])).steps([on("m"), START, told("closed:"), STATE])
}

#[tokio::test]
async fn what_is_not_json_ends_the_connection() {
    ends_the_connection(say("hello"))
        .await
        .differs(
            Part::Application,
            &["closed: not JSON"],
            &["closed: Invalid payload."],
            ENGINE,
        )
        .play()
        .await;
}

/// JHP-13.
#[tokio::test]
async fn a_message_without_a_type_ends_the_connection() {
    ends_the_connection(say("{}")).await.play().await;
}

/// JHP-14 to JHP-22, and 26 to 27.
#[tokio::test]
async fn a_message_that_lacks_what_its_type_needs_ends_the_connection() {
    for message in [
        r#"{"type":1,"invocationId":1,"target":"m","arguments":[]}"#,
        r#"{"type":1,"invocationId":"","target":"m","arguments":[]}"#,
        r#"{"type":1,"target":7,"arguments":[]}"#,
        r#"{"type":2,"item":1}"#,
        r#"{"type":2,"invocationId":1,"item":1}"#,
        r#"{"type":3,"result":1}"#,
        r#"{"type":3,"invocationId":1}"#,
        r#"{"type":3,"invocationId":"1","result":1,"error":"x"}"#,
        r#"{"type":3,"invocationId":"1","error":21}"#,
        r#"{"type":8}"#,
        r#"{"type":9,"sequenceId":"1"}"#,
    ] {
        println!("{message}");
        ends_the_connection(say(message)).await.play().await;
    }
}
