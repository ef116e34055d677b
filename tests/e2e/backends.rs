//! Backends that differ from the tutorial's.

use backend::options::{ACCESS_KEY, Functions, MessagePolicy};
use backend::{Backend, Options};

use crate::harness::{World, eventually};

/// The samples before the tutorial call their negotiate function `SignalRInfo`; and a Function App
/// may have its functions below any prefix.
#[tokio::test]
async fn functions_have_other_names() {
    let world = World::with(|options| {
        options.functions = Functions {
            route_prefix: "v1/chat".into(),
            negotiate: vec!["SignalRInfo".into()],
            messages: "say".into(),
            target: "said".into(),
            ..Functions::default()
        };
    })
    .await;
    world.set_settings(&format!(
        r#"{{"apiBaseUrl":"{}","authProvider":"aad","routePrefix":"v1/chat","messageRoute":"say","target":"said"}}"#,
        world.api()
    ));
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.say("does it work?").await;
    alice.sees("alice", "does it work?", &["sent"]).await;
    bob.sees("alice", "does it work?", &["received"]).await;
    // The first name that was tried.
    alice.leave(&["404"]).await;
    bob.leave(&["404"]).await;
}

/// Microsoft's bidirectional samples take messages over the hub.
#[tokio::test]
async fn messages_go_over_the_hub() {
    let world = World::with(|options| options.functions.bidirectional = true).await;
    world.set_settings(&format!(
        r#"{{"apiBaseUrl":"{}","authProvider":"aad","sending":"invoke"}}"#,
        world.api()
    ));
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    bob.say("to all").await;
    bob.sees("bob", "to all", &["sent"]).await;
    alice.sees("bob", "to all", &["received"]).await;
    alice.click("button.message-sender").await;
    alice
        .wait_for("[data-conversation='user:bob'][aria-current=true]")
        .await;
    alice.say("to bob").await;
    alice.sees("alice", "to bob", &["sent"]).await;
    // These samples do not say that a message is private.
    bob.sees("alice", "to bob", &["received"]).await;
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

/// The functions in one process and the service in another, which they know by a connection string
/// alone.
#[tokio::test]
async fn a_connection_string_leads_to_another_service() {
    let service = Backend::start(Options {
        port: 0,
        ..Options::default()
    })
    .await
    .expect("a free port");
    let port = service.addr().port();
    let string =
        format!("Endpoint=http://localhost;Port={port};AccessKey={ACCESS_KEY};Version=1.0;");
    let string = string.parse().expect("it is a connection string");
    let world = World::with(|options| options.service = Some(string)).await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.say("to all").await;
    alice.sees("alice", "to all", &["sent"]).await;
    bob.sees("alice", "to all", &["received"]).await;
    bob.click("button.message-sender").await;
    bob.wait_for("[data-conversation='user:alice'][aria-current=true]")
        .await;
    bob.say("to alice").await;
    bob.sees("bob", "to alice", &["sent"]).await;
    alice
        .wait_for("[data-conversation='user:bob'] .badge")
        .await;
    assert_eq!((world.connections(), service.connections()), (0, 2));
    alice.leave(&[]).await;
    bob.leave(&[]).await;
    service.stop().await;
}

/// A backend that knows no recipient shows private messages to everybody: it is said at once, and no
/// other one is sent so.
#[tokio::test]
async fn a_private_message_that_everybody_sees_is_the_last() {
    let world = World::with(|options| options.functions.policy = MessagePolicy::Echo).await;
    let alice = world.person("alice").await;
    let somebody = serde_json::json!([{ "sender": "bob", "text": "click my name" }]);
    world.backend().broadcast("newMessage", &somebody);
    alice.sees("bob", "click my name", &["received"]).await;
    alice.click("button.message-sender").await;
    alice.say("only you").await;
    alice.wait_for(".notice").await;
    let notice = eventually("the notice", async || {
        let notice = alice.text_of(".notice").await;
        notice.contains("to everyone").then_some(notice)
    })
    .await;
    assert!(notice.contains("switched off"), "{notice}");
    alice.wait_for("#message-box:disabled").await;
    alice.leave(&[]).await;
}
