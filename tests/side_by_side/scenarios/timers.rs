//! Silence, of either side.

use super::reasons::A_REASON;
use crate::scenario::Act::{Close, Hear, Rest};
use crate::scenario::steps::{START, STATE, on, told};
use crate::scenario::{Scenario, say, shaken, shaken_then};
use crate::transcript::Part;

/// HUB-68.
#[tokio::test]
async fn a_silent_server_is_lost() {
    Scenario::with_socket(shaken())
        .set(|settings| settings.server_timeout = Some(300))
        .steps([START, told("closed:"), STATE])
        .play()
        .await;
}

/// HUB-67 and Q-28.
#[tokio::test]
async fn whatever_a_server_says_shows_that_it_lives() {
    let mut acts = shaken();
    for message in [r#"{"type":6}"#, r#"{"type":99}"#, r#"{"type":6}"#] {
        acts.extend([Rest(250), say(message)]);
    }
    acts.extend([Rest(250), say(r#"{"type":1,"target":"m","arguments":[]}"#)]);
    Scenario::with_socket(acts)
        .set(|settings| settings.server_timeout = Some(500))
        .steps([on("m"), START, told("called m"), STATE])
        .play()
        .await;
}

/// HUB-6, Q-25 and Q-26.
#[tokio::test]
async fn a_client_that_was_silent_pings() {
    Scenario::with_socket(shaken_then([
        Rest(300),
        say(r#"{"type":6}"#),
        Hear(r#"{"type":6}"#),
        Close(1000, ""),
    ]))
    .set(|settings| settings.keep_alive = Some(200))
    .steps([START, told("closed:")])
    .differs(
        Part::Application,
        &["closed:"],
        &["closed: The connection ended."],
        A_REASON,
    )
    .play()
    .await;
}
