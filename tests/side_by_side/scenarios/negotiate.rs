//! Negotiation.

use serde_json::json;

use super::reasons::{AT_ONCE, ENGINE};
use crate::scenario::steps::{
    BEGIN_START, BEGIN_STOP, RELEASE, START, STATE, STOP, arrived, told, url,
};
use crate::scenario::{Scenario, answer, cut, offer, offer_as, shaken};
use crate::transcript::Part;

/// HTC-18, HTC-42, HUB-1, HUB-5, HUB-8, HUB-9 and Q-23.
#[tokio::test]
async fn the_usual_way() {
    Scenario::with_socket(shaken())
        .steps([STATE, START, STATE, STOP, STATE])
        .play()
        .await;
}

/// HTC-15, HTC-16 and HTC-19.
#[tokio::test]
async fn the_query_of_the_hub_is_kept() {
    Scenario::with_socket(shaken())
        .url("{a}/hub/?q=myData&r=1")
        .steps([START])
        .play()
        .await;
}

/// HTC-43.
#[tokio::test]
async fn a_version_in_the_query_is_not_added_again() {
    Scenario::with_socket(shaken())
        .url("{a}/hub?negotiateVersion=42")
        .steps([START])
        .play()
        .await;
}

/// HTC-40 and HTC-41.
#[tokio::test]
async fn an_old_server_knows_the_client_by_its_connection_id() {
    for version in ["", r#""negotiateVersion":0,"#] {
        let body = format!(
            r#"{{{version}"connectionId":"id","connectionToken":"token","availableTransports":[{{"transport":"WebSockets","transferFormats":["Text"]}}]}}"#
        );
        Scenario::new()
            .negotiate(answer(200, body))
            .socket(shaken())
            .steps([START, STATE])
            .play()
            .await;
    }
}

/// HTC-46 and HTC-47.
#[tokio::test]
async fn the_applications_headers_come_first() {
    Scenario::with_socket(shaken())
        .set(|settings| {
            settings.headers = vec![("X-Requested-With", "mine"), ("X-Own", "1")];
        })
        .steps([START])
        .play()
        .await;
}

/// HTC-35.
#[tokio::test]
async fn the_servers_refusal_is_told_in_its_words() {
    Scenario::new()
        .negotiate(answer(200, r#"{"error":"Not today."}"#))
        .steps([START, STATE])
        .play()
        .await;
}

/// HTC-3, HTC-19 and Q-21.
#[tokio::test]
async fn statuses_that_are_errors_are_told() {
    for (status, body) in [(404, ""), (500, ""), (500, "It broke."), (403, "No.")] {
        Scenario::new()
            .negotiate(answer(status, body))
            .steps([START])
            .play()
            .await;
    }
}

/// HTC-9.
#[tokio::test]
async fn a_status_that_is_neither_200_nor_an_error_is_told() {
    Scenario::new()
        .negotiate(answer(202, "{}"))
        .steps([START])
        .play()
        .await;
}

#[tokio::test]
async fn an_answer_that_is_not_json() {
    Scenario::new()
        .negotiate(answer(200, "<!doctype html>"))
        .steps([START])
        .differs(Part::Application, &["start failed: Failed to complete negotiation with the server: not JSON"], &["start failed: Failed to complete negotiation with the server: The answer is not what a SignalR server says."], ENGINE)
.play()
        .await;
}

#[tokio::test]
async fn a_request_without_an_answer() {
    Scenario::new().negotiate(cut()).steps([START]).differs(Part::Application, &["start failed: Failed to complete negotiation with the server: Typefetch failed"], &["start failed: Failed to complete negotiation with the server: No answer that this page may read."], ENGINE)
.play().await;
}

/// HTC-55.
#[tokio::test]
async fn a_classic_server() {
    Scenario::new()
        .negotiate(answer(200, r#"{"ProtocolVersion":"1.5"}"#))
        .steps([START])
        .play()
        .await;
}

/// HTC-6 and Q-4.
#[tokio::test]
async fn a_stop_meanwhile() {
    Scenario::new()
        .negotiate(offer(&["WebSockets"]).when_released())
        .steps([
            BEGIN_START,
            arrived("negotiate"),
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

/// HTC-13 and Q-32.
#[tokio::test]
async fn a_stop_before_the_start() {
    Scenario::new().steps([STOP, STATE]).play().await;
}

/// HTC-30.
#[tokio::test]
async fn it_can_be_skipped() {
    Scenario::new()
        .set(|settings| {
            settings.skip_negotiation = true;
            settings.transports = Some(vec!["WebSockets"]);
        })
        .socket(shaken())
        .steps([START, STATE])
        .play()
        .await;
}

/// HTC-31.
#[tokio::test]
async fn it_cannot_be_skipped_but_for_a_socket() {
    Scenario::new()
        .set(|settings| {
            settings.skip_negotiation = true;
            settings.transports = Some(vec!["LongPolling"]);
        })
        .steps([START])
        .play()
        .await;
}

/// HTC-4.
#[tokio::test]
async fn a_second_start_is_refused() {
    Scenario::with_socket(shaken())
        .steps([START, START, STATE])
        .play()
        .await;
}

/// HTC-5, HTC-50 and Q-17.
#[tokio::test]
async fn a_start_after_a_failed_one() {
    Scenario::new()
        .negotiate(answer(503, ""))
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken())
        .set(|settings| settings.retry = Some(vec![0]))
        .steps([START, STATE, START, STATE])
        .play()
        .await;
}

/// HUB-2 and HUB-4.
#[tokio::test]
async fn the_address_can_change_between_connections() {
    Scenario::with_socket(shaken())
        .negotiate(offer_as("second", &["WebSockets"]))
        .socket(shaken())
        .steps([
            START,
            url("{b}/other"),
            STOP,
            url("{b}/other"),
            START,
            STATE,
        ])
        .play()
        .await;
}

/// A function runtime may wrap the answer into a JSON string.
#[tokio::test]
async fn an_answer_within_a_string() {
    let body = r#"{"error":"Not today."}"#;
    Scenario::new()
        .negotiate(answer(200, json!(body).to_string()))
        .steps([START])
        .differs(Part::Application, &[r#"start failed: Failed to complete negotiation with the server: TypeCannot create property 'connectionToken' on string '{"error":"Not today."}'"#], &["start failed: Not today."], "it is read all the same")
        .play()
        .await;
}
