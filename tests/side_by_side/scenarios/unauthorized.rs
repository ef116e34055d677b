//! Access tokens, and servers that refuse them.

use serde_json::json;

use crate::scenario::steps::{START, STATE, invoke, send, told};
use crate::scenario::{Answer, Scenario, answer, offer, offer_as, shaken};

/// Q-22.
#[tokio::test]
async fn a_token_for_a_socket() {
    Scenario::with_socket(shaken())
        .set(|settings| settings.tokens = vec!["a+b/c="])
        .steps([START, STATE])
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
        .negotiate(answer(401, ""))
        .steps([START, STATE])
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
        .polls([answer(401, "").when("Tell")])
        .steps([START, send("Tell", json!([])), told("closed"), STATE])
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
    .steps([START, told("reconnected"), invoke("Ask", json!([])), STATE])
    .play()
    .await;
}
