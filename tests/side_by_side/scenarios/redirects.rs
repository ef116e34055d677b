//! Negotiation that leads elsewhere.

use super::reasons::DELETED;
use crate::scenario::steps::{START, STATE, STOP};
use crate::scenario::{Scenario, answer, offer, offer_as, shaken};
use crate::transcript::Part;

const ELSEWHERE: &str = r#"{"url":"{b}/client/?hub=chat"}"#;
const ELSEWHERE_WITH_TOKEN: &str = r#"{"url":"{b}/client/?hub=chat","accessToken":"theirs"}"#;

/// HTC-32 and HTC-44.
#[tokio::test]
async fn to_another_host() {
    Scenario::new()
        .negotiate(answer(200, ELSEWHERE))
        .negotiate(offer(&["WebSockets"]))
        .socket(shaken())
        .steps([START, STATE])
        .play()
        .await;
}

/// HTC-34.
#[tokio::test]
async fn with_a_token_for_it() {
    Scenario::new()
        .set(|settings| settings.tokens = vec!["ours"])
        .negotiate(answer(200, ELSEWHERE_WITH_TOKEN))
        .negotiate(offer(&["WebSockets"]))
        .socket(shaken())
        .steps([START, STATE])
        .play()
        .await;
}

/// HTC-33.
#[tokio::test]
async fn without_an_end() {
    Scenario::new()
        .negotiate_always(answer(200, r#"{"url":"{a}/hub"}"#))
        .steps([START])
        .play()
        .await;
}

/// Q-2.
#[tokio::test]
async fn and_again_after_a_stop() {
    Scenario::new()
        .negotiate(answer(200, ELSEWHERE_WITH_TOKEN))
        .negotiate(offer(&["WebSockets"]))
        .socket(shaken())
        .negotiate(answer(200, ELSEWHERE_WITH_TOKEN))
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken())
        .steps([START, STOP, START, STATE])
        .differs(
            Part::Requests,
            &["POST a/hub/negotiate?negotiateVersion=1 | authorization: Bearer theirs | marked "],
            &["POST a/hub/negotiate?negotiateVersion=1 | marked "],
            "a token is shown to the host that it is for, and to no other",
        )
        .play()
        .await;
}

#[tokio::test]
async fn to_where_nobody_is() {
    Scenario::new()
        .negotiate(answer(200, ELSEWHERE))
        .negotiate(answer(404, ""))
        .steps([START])
        .play()
        .await;
}

/// HTC-34 over long polling.
#[tokio::test]
async fn with_a_token_for_polls() {
    Scenario::new()
        .set(|settings| settings.tokens = vec!["ours"])
        .negotiate(answer(200, ELSEWHERE_WITH_TOKEN))
        .negotiate(offer(&["LongPolling"]))
        .polls([answer(200, ""), answer(200, "{}\u{1e}").when("protocol")])
        .steps([START, STATE])
        .differs(Part::Posts, &["POST b/client/?hub=chat&id=id-token | authorization: Bearer theirs | content-type: text/plain;charset=UTF-8 | marked", r#"{"type":7}"#], &[], DELETED)
.play()
        .await;
}
