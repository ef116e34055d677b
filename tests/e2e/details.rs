//! The steps to a connection, for whoever has to find out why there is none.

use backend::options::Transport;

use crate::diagnosis::{anonymous, failed_steps, is_told};
use crate::harness::{World, eventually};

/// Before there is a chat too, and whatever keeps it from starting.
#[tokio::test]
async fn details_are_there_before_the_chat_is() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    visitor.wait_for("[data-provider]").await;
    assert_eq!(
        failed_steps(&visitor).await,
        [""; 0],
        "nobody signed in is no failure"
    );
    world.set_settings(r#"{"apiBaseUrl":"Endpoint=https://a.b;AccessKey=s3cret;"}"#);
    visitor.reload().await;
    is_told(&visitor, &["apiBaseUrl", "connection string is secret"]).await;
    let steps = failed_steps(&visitor).await;
    assert!(
        steps[0].starts_with("Settings: The setting apiBaseUrl cannot be"),
        "{steps:?}"
    );
    let page = visitor
        .text_of_script("return document.body.textContent")
        .await;
    assert!(
        !page
            .replace(r#""apiBaseUrl":"#, "")
            .contains("AccessKey=s3cret"),
        "{page}"
    );
    visitor.leave(&[]).await;
}

/// What is copied is made to be handed on: all steps are in it, and no token of this session.
#[tokio::test]
async fn the_details_can_be_copied_and_hold_no_token() {
    let mut world = World::with(|options| {
        options.transports = vec![Transport::WebSockets];
    })
    .await;
    let alice = world.person("alice").await;
    alice.say("hello").await;
    alice.sees("alice", "hello", &["sent"]).await;
    world.stop_backend().await;
    alice.wait_for_connection("reconnecting").await;
    is_told(&alice, &["The connection was lost"]).await;
    alice.click("button.connection").await;
    alice.click("dialog[open] .button").await;
    eventually("it says that it copied", async || {
        (alice.text_of("dialog [role=status]").await == "Copied").then_some(())
    })
    .await;
    let text = alice.clipboard().await;
    for line in [
        format!("Page: {}", world.page().replace("/some/where/", "")),
        format!("Function App: {}", world.api()),
        "Sign-in: session token".to_owned(),
        "Transport: WebSockets".to_owned(),
        "Browser: online".to_owned(),
        "Connection: Reconnecting".to_owned(),
        "Settings (index.html): ok".to_owned(),
        format!("Who am I ({}/.auth/me): signed in", world.api()),
        format!(
            "Negotiate at the function ({}/api/negotiate): ok",
            world.api()
        ),
        format!(
            "Negotiate at the service ({}/client/negotiate): ok",
            world.api()
        ),
        "Handshake: ok".to_owned(),
        "Connected: closed".to_owned(),
        format!("Send a message ({}/api/messages): ok", world.api()),
        format!(
            "Negotiate at the function ({}/api/negotiate): no answer",
            world.api()
        ),
    ] {
        assert!(text.contains(&line), "no {line}: {text}");
    }
    let kept = alice
        .text_of_script("return sessionStorage['chat.token']")
        .await;
    let token = kept.rsplit('\n').next().unwrap_or_default();
    assert!(token.len() > 20, "there is a session token");
    let shown = alice
        .text_of_script("return document.documentElement.outerHTML")
        .await;
    for place in [&text, &shown] {
        assert!(!place.contains(token), "the session token");
        assert!(
            !place.contains("access_token") && !place.contains("eyJ"),
            "a token of the hub"
        );
    }
    alice.leave(&["ERR_", "WebSocket"]).await;
}

#[tokio::test]
async fn the_keyboard_alone_opens_copies_and_closes_the_details() {
    use fantoccini::key::Key;

    let world = anonymous().await;
    let visitor = world.visitor().await;
    visitor.wait_for_connection("connected").await;
    visitor
        .press_until(&[Key::Shift, Key::Tab], "button.connection:focus")
        .await;
    visitor.press(&[Key::Enter]).await;
    visitor.wait_for("dialog[open] .button:focus").await;
    visitor.press(&[Key::Enter]).await;
    eventually("it says that it copied", async || {
        (visitor.text_of("dialog [role=status]").await == "Copied").then_some(())
    })
    .await;
    assert!(
        visitor
            .clipboard()
            .await
            .starts_with("Connection details\n")
    );
    visitor.press(&[Key::Escape]).await;
    visitor.wait_for_no("dialog[open]").await;
    visitor.wait_for("button.connection:focus").await;
    visitor.leave(&["404"]).await;
}

/// Where a browser lets no page copy, the text is shown and selected.
#[tokio::test]
async fn what_cannot_be_copied_is_selected() {
    let world = anonymous().await;
    let visitor = world.visitor().await;
    visitor.wait_for_connection("connected").await;
    visitor
        .text_of_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
        .await;
    visitor.click("button.connection").await;
    visitor.click("dialog[open] .button").await;
    visitor.wait_for(".details-text:not([hidden])").await;
    let selected = eventually("a selection", async || {
        let selected = visitor
            .text_of_script("return String(getSelection())")
            .await;
        (!selected.is_empty()).then_some(selected)
    })
    .await;
    assert!(selected.contains("Who am I"), "{selected}");
    let status = visitor.text_of("dialog [role=status]").await;
    assert!(status.contains("Ctrl+C"), "{status}");
    visitor.leave(&["404"]).await;
}
