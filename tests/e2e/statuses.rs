//! Whatever the backend answers, and whoever gave the answer: what to change is said.

use std::time::Duration;

use backend::switches::{Fault, ServiceMode, Step};

use crate::diagnosis::{anonymous, failed_steps, is_told};
use crate::harness::World;

/// Whatever status an answer has, and whoever gave it.
#[tokio::test]
async fn each_status_is_explained_by_what_to_change() {
    for (at, status, words, verdict) in [
        (
            Step::Negotiate,
            500,
            ["negotiate function failed", "AzureSignalRConnectionString"],
            "Negotiate at the function: status 500",
        ),
        (
            Step::ServiceNegotiate,
            401,
            ["SignalR Service did not take the token", "present key"],
            "Negotiate at the service: status 401",
        ),
        (
            Step::ServiceNegotiate,
            429,
            ["too many connections", "Free tier takes 20"],
            "Negotiate at the service: status 429",
        ),
        (
            Step::Connect,
            403,
            ["no connection to it opened", "proxy or firewall"],
            "Open a transport: ",
        ),
    ] {
        let world = anonymous().await;
        world
            .backend()
            .switch(|switches| switches.faults = vec![Fault::status(at, status)]);
        let visitor = world.visitor().await;
        is_told(&visitor, &words).await;
        let steps = failed_steps(&visitor).await;
        assert!(steps[0].starts_with(verdict), "{steps:?}");
        // What was wrong is put right, and nobody has to load the page again.
        world.backend().switch(|switches| switches.faults.clear());
        // It tries by itself, perhaps before the button is pressed.
        visitor
            .text_of_script("document.querySelector('.notice .button')?.click()")
            .await;
        visitor.wait_for_connection("connected").await;
        visitor.wait_for_no(".notice").await;
        let status = status.to_string();
        visitor.leave(&["404", &status, "WebSocket", "ERR_"]).await;
    }
}

#[tokio::test]
async fn a_service_in_the_wrong_mode_is_recognised_by_its_words() {
    let world = World::with(|options| {
        options.anonymous = true;
        options.app_server_timeout = Duration::from_millis(200);
        options.switches.service = ServiceMode::Default;
    })
    .await;
    let visitor = world.visitor().await;
    is_told(&visitor, &["No app server", "mode to Serverless"]).await;
    let steps = failed_steps(&visitor).await;
    assert!(steps[0].contains("No app server"), "{steps:?}");
    visitor.leave(&["404"]).await;
}

/// The service has a CORS list of its own, and only whoever runs the service can see that it lacks a
/// page.
#[tokio::test]
async fn a_service_that_does_not_let_the_page_read_it_is_told_from_one_that_is_silent() {
    let world = anonymous().await;
    world
        .backend()
        .switch(|switches| switches.service_origins = Some(vec!["https://another.example".into()]));
    let visitor = world.visitor().await;
    let origin = world.page().replace("/some/where/", "");
    is_told(
        &visitor,
        &[
            "The SignalR Service answers, but does not let this page read it",
            "to the service's CORS settings",
        ],
    )
    .await;
    assert_eq!(visitor.text_of(".copyable code").await, origin);
    let steps = failed_steps(&visitor).await;
    assert_eq!(steps[0], "Negotiate at the service: no answer");
    world
        .backend()
        .switch(|switches| switches.service_origins = Some(vec![origin]));
    visitor.wait_for_connection("connected").await;
    visitor.wait_for_no(".notice").await;
    visitor.leave(&["404", "405", "CORS", "ERR_FAILED"]).await;
}

/// App Service's rule against forged requests.
#[tokio::test]
async fn a_message_that_is_refused_says_which_lists_the_page_belongs_into() {
    let world = anonymous().await;
    let visitor = world.visitor().await;
    visitor.wait_for_connection("connected").await;
    world
        .backend()
        .switch(|switches| switches.faults = vec![Fault::status(Step::Messages, 403)]);
    visitor.say("let me in").await;
    visitor.sees("Anonymous", "let me in", &["failed"]).await;
    let reason = visitor
        .text_of(".message[data-state=failed] .message-state")
        .await;
    let origin = world.page().replace("/some/where/", "");
    assert!(
        reason.contains(&format!("Add {origin} to the Function App's CORS")),
        "{reason}"
    );
    assert!(
        reason.contains("Allowed external redirect URLs"),
        "{reason}"
    );
    assert_eq!(failed_steps(&visitor).await, ["Send a message: status 403"]);
    visitor.leave(&["404", "403"]).await;
}
