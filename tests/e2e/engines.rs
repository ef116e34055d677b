//! The way through the whole app in the engines that Chromium is not. Whoever talks to them uses
//! Chromium: what one engine sends, another shows.

use crate::harness::engine::Engine;
use crate::harness::{Person, World};

#[tokio::test]
async fn firefox_does_all_that_matters() {
    all_that_matters(Engine::Gecko).await;
}

#[tokio::test]
async fn webkit_does_all_that_matters() {
    all_that_matters(Engine::WebKit).await;
}

async fn all_that_matters(engine: Engine) {
    let mut world = World::new().await;
    let anna = Person::using(engine).await;
    anna.go_to(&world.page()).await;
    let (bob, ()) = tokio::join!(world.person("bob"), anna.sign_in("anna"));

    anna.say("hello, room").await;
    anna.sees("anna", "hello, room", &["sent"]).await;
    bob.sees("anna", "hello, room", &["received"]).await;
    bob.say("`code`, https://example.com and :tada:").await;
    anna.wait_for(".message-text code").await;
    anna.wait_for(".message-text a[href='https://example.com']")
        .await;

    anna.click(".row:last-child button.message-sender").await;
    anna.wait_for("[data-conversation='user:bob'][aria-current=true]")
        .await;
    anna.say("only you").await;
    anna.sees("anna", "only you", &["sent"]).await;
    bob.open("user:anna").await;
    bob.sees("anna", "only you", &["received"]).await;

    anna.type_into("#message-box", "half a sen").await;
    anna.open("room").await;
    world.stop_backend().await;
    anna.wait_for_connection("reconnecting").await;
    anna.wait_for(".notice").await;
    anna.say("typed meanwhile").await;
    anna.sees("anna", "typed meanwhile", &["waiting"]).await;
    world.start_backend().await;
    anna.wait_for_connection("connected").await;
    anna.sees("anna", "typed meanwhile", &["sent"]).await;
    anna.wait_for(".gap").await;
    anna.wait_for_no(".notice").await;

    anna.reload().await;
    anna.wait_for_connection("connected").await;
    anna.sees("anna", "hello, room", &["sent"]).await;
    anna.open("user:bob").await;
    anna.sees("anna", "only you", &["sent"]).await;
    assert_eq!(anna.draft().await, "half a sen");
    let fits = "const page = document.documentElement;
        return String(page.scrollWidth <= page.clientWidth && page.scrollHeight <= page.clientHeight)";
    assert_eq!(anna.text_of_script(fits).await, "true");

    anna.click("#sign-out").await;
    anna.wait_for("main [data-provider=aad]").await;
    anna.close().await;
    bob.leave(&["ERR_CONNECTION_REFUSED", "WebSocket connection to"])
        .await;
}
