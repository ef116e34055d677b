//! A mistake of the app's own: it is said, and nothing typed is lost by it.

use fantoccini::key::Key;

use crate::harness::{Person, World, eventually};

/// What Chromium writes of a panic.
const EXPECTED: [&str; 4] = ["Uncaught", "src/", "ERR_", "WebSocket"];

/// Takes what `selector` finds out of the markup of a component, which then does not fit its code.
async fn spoil(person: &Person, template: &str, selector: &str) {
    let script = format!(
        "const {{ content }} = document.getElementById('{template}');
        content.querySelector('{selector}').remove()"
    );
    person.text_of_script(&script).await;
}

async fn wait_for_the_end(person: &Person) -> String {
    let text = person.text_of(".welcome-card[role=alert]").await;
    assert!(text.contains("The chat has stopped"), "{text}");
    assert!(text.contains("What you have typed is kept"), "{text}");
    assert!(person.has("main.welcome:only-child .button:focus").await);
    person.text_of("pre").await
}

#[tokio::test]
async fn a_panic_is_said_wherever_it_happens() {
    let world = World::new().await;
    let bob = world.person("bob").await;
    // In a frame, in an effect, in a handler of an event.
    for (template, selector) in [
        ("message", "time"),
        ("person", ".person-note"),
        ("picker", "input"),
    ] {
        let alice = world.person("alice").await;
        bob.say(template).await;
        alice.wait_for_text(template).await;
        spoil(&alice, template, selector).await;
        match template {
            "message" => alice.say("hi").await,
            "person" => alice.click("button.message-sender").await,
            _ => alice.press_with(&[Key::Control], 'k').await,
        }
        let report = wait_for_the_end(&alice).await;
        assert!(
            report.contains("a place of the template (src/ui/part.rs:"),
            "{report}"
        );
        assert!(report.contains("version "), "{report}");
        alice.leave(&EXPECTED).await;
    }
    bob.leave(&[]).await;
}

#[tokio::test]
async fn an_exception_that_nobody_expected_is_said_without_secrets() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("hello").await;
    alice.sees("alice", "hello", &["sent"]).await;
    alice
        .text_of_script(
            "window.real = Element.prototype.getBoundingClientRect;
            Element.prototype.getBoundingClientRect = history.replaceState.bind(
                history, null, '', 'https://a.b/?access_token=s3cret&b=eyJhbGciOi.eyJzdWIi.x_-y');
            const box = document.querySelector('#message-box');
            box.value = 'again';
            box.form.requestSubmit()",
        )
        .await;
    wait_for_the_end(&alice).await;
    let removed = "https://a.b/?access_token[removed]&b[removed]'";
    let report = eventually("the exception in the report", async || {
        let report = alice.text_of("pre").await;
        report.contains(removed).then_some(report)
    })
    .await;
    assert!(
        !report.contains("s3cret") && !report.contains("eyJ"),
        "{report}"
    );
    let token = alice
        .text_of_script("return sessionStorage['chat.token'].split('\\n')[1]")
        .await;
    assert!(!report.contains(&token));
    // The driver needs it to click.
    alice
        .text_of_script("Element.prototype.getBoundingClientRect = real")
        .await;
    alice.click(".button:not(.primary)").await;
    eventually("the report, copied", async || {
        (alice.clipboard().await.trim_end() == report.trim_end()).then_some(())
    })
    .await;
    assert_eq!(alice.text_of("[role=status]:not([hidden])").await, "Copied");
    alice.leave(&EXPECTED).await;
}

/// What fails elsewhere than in the app is not the app's end.
#[tokio::test]
async fn what_others_do_is_no_end() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice
        .text_of_script(
            "Promise.reject(new TypeError('of a promise that nobody waits for'));
            dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop completed' }));
            dispatchEvent(new ErrorEvent('error', { error: new Error('x'), filename: 'chrome-extension://x/y.js' }))",
        )
        .await;
    alice.say("still here").await;
    alice.sees("alice", "still here", &["sent"]).await;
    alice.leave(&["Uncaught (in promise)"]).await;
}

#[tokio::test]
async fn what_was_typed_before_a_panic_is_there_after_it() {
    let mut world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.say("sent before").await;
    alice.sees("alice", "sent before", &["sent"]).await;
    world.stop_backend().await;
    alice.wait_for_connection("reconnecting").await;
    alice.say("waits").await;
    alice.type_into("#message-box", "half a sen").await;
    spoil(&alice, "step", "time").await;
    alice.click(".notice .link").await;
    wait_for_the_end(&alice).await;

    world.start_backend().await;
    alice.click(".button.primary").await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.draft().await, "half a sen");
    alice.sees("alice", "waits", &["sent"]).await;
    assert_eq!(alice.texts().await, ["sent before", "waits"]);
    bob.wait_for_connection("connected").await;
    alice.leave(&EXPECTED).await;
    bob.leave(&["ERR_", "WebSocket"]).await;
}
