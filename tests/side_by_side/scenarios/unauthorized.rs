//! Access tokens, and servers that refuse them.

use serde_json::json;

use super::reasons::{ONE_TOKEN, RENEWED};
use crate::scenario::steps::{RELEASE, START, STATE, send, told};
use crate::scenario::{Answer, Scenario, answer, offer, offer_as, shaken};
use crate::transcript::Part;

/// Q-22.
#[tokio::test]
async fn a_token_for_a_socket() {
    Scenario::with_socket(shaken())
        .set(|settings| settings.tokens = vec!["a+b/c="])
        .steps([START, STATE])
        .differs(Part::Application, &["token asked"], &[], ONE_TOKEN)
        .play()
        .await;
}

/// A header of the application's own stays, where there are no tokens.
#[tokio::test]
async fn a_header_of_the_applications_own() {
    Scenario::with_socket(shaken())
        .set(|settings| settings.headers = vec![("Authorization", "Basic x")])
        .steps([START])
        .play()
        .await;
}

/// Q-1.
#[tokio::test]
async fn a_refused_negotiation() {
    Scenario::new()
        .set(|settings| settings.tokens = vec!["old", "new"])
        .negotiate_always(answer(401, ""))
        .steps([START, STATE])
        .differs(Part::Application, &[], &["token asked"], RENEWED)
        .differs(
            Part::Requests,
            &[],
            &["POST a/hub/negotiate?negotiateVersion=1 | authorization: Bearer new | marked "],
            RENEWED,
        )
        .play()
        .await;
}

/// The first poll, and the one that brings the answer to the handshake.
fn polled() -> [Answer; 2] {
    [answer(200, ""), answer(200, "{}\u{1e}").when("protocol")]
}

/// ATC-1, HTC-36 and Q-1.
#[tokio::test]
async fn a_refused_poll() {
    Scenario::new()
        .set(|settings| settings.tokens = vec!["old", "new"])
        .negotiate(offer(&["LongPolling"]))
        .polls(polled())
        .polls([answer(401, "").when_released(), answer(204, "").if_asked()])
        .steps([
            START,
            send("Tell", json!([])),
            RELEASE,
            told("closed:"),
            STATE,
        ])
        .differs(
            Part::Application,
            &["closed: Unauthorized: Status code '401'"],
            &["token asked", "closed: The connection ended."],
            RENEWED,
        )
        .differs(
            Part::Polls,
            &[],
            &["GET a/hub?id=id-token&_=now | authorization: Bearer new | marked"],
            RENEWED,
        )
        .play()
        .await;
}

/// Q-1.
#[tokio::test]
async fn a_refused_post() {
    Scenario::new()
        .set(|settings| settings.tokens = vec!["old", "new"])
        .negotiate(offer(&["LongPolling"]))
        .polls(polled())
        .posts([answer(200, ""), answer(401, "")])
        .steps([START, send("Tell", json!([])), STATE])
        .differs(Part::Application, &["send Tell failed: Unauthorized: Status code '401'"], &["token asked", "send Tell: done"], RENEWED)
.differs(Part::Polls, &["DELETE a/hub?id=id-token | authorization: Bearer old | marked"], &["DELETE a/hub?id=id-token | authorization: Bearer new | marked"], RENEWED)
.differs(Part::Posts, &["POST a/hub?id=id-token | authorization: Bearer old | content-type: text/plain;charset=UTF-8 | marked", r#"{"type":7}"#], &["POST a/hub?id=id-token | authorization: Bearer new | content-type: text/plain;charset=UTF-8 | marked", r#"{"arguments":[],"target":"Tell","type":1}"#], RENEWED)
.play()
        .await;
}

/// Each connection begins with a new token.
#[tokio::test]
async fn a_token_for_each_connection() {
    Scenario::with_socket(vec![
        crate::scenario::Act::Hear("protocol"),
        crate::scenario::say("{}"),
        crate::scenario::Act::Hear(r#"{"type":6}"#),
        crate::scenario::Act::Close(1011, "broken"),
    ])
    .set(|settings| {
        settings.tokens = vec!["one", "two", "three", "four"];
        settings.retry = Some(vec![0]);
    })
    .negotiate(offer_as("second", &["WebSockets"]))
    .socket(shaken())
    .steps([START, told("reconnected"), STATE])
    .differs(Part::Application, &["token asked"], &[], ONE_TOKEN)
    .differs(Part::Application, &["token asked"], &[], ONE_TOKEN)
    .differs(
        Part::Requests,
        &[
            "GET a/hub?id=id-token&access_token=two",
            "POST a/hub/negotiate?negotiateVersion=1 | authorization: Bearer three | marked ",
            "GET a/hub?id=second-token&access_token=four",
        ],
        &[
            "GET a/hub?id=id-token&access_token=one",
            "POST a/hub/negotiate?negotiateVersion=1 | authorization: Bearer two | marked ",
            "GET a/hub?id=second-token&access_token=two",
        ],
        ONE_TOKEN,
    )
    .play()
    .await;
}
