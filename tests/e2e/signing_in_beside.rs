//! Signing in again in the middle of a chat: in a window of its own, so that the chat stays.

use backend::switches::Completion;

use crate::harness::{Person, World};

/// Somebody whose session has ended for good in the middle of a chat.
async fn signed_out(world: &World) -> Person {
    let alice = world.person("alice").await;
    alice.say("before").await;
    alice.sees("alice", "before", &["sent"]).await;
    world.backend().revoke_sessions();
    alice.say("after").await;
    alice.sees("alice", "after", &["failed"]).await;
    alice.type_into("#message-box", "half a sen").await;
    alice
}

/// The button of the notice that the session is over.
const AGAIN: &str = ".notice [data-provider=aad]";

/// What failed meanwhile can be sent, and what was typed is still there.
async fn goes_on(alice: &Person) {
    alice.wait_for_no(".notice").await;
    assert_eq!(alice.texts().await, ["before", "after"], "nothing is lost");
    assert_eq!(alice.draft().await, "half a sen");
    alice.click(".message[data-state=failed] .link").await;
    alice.sees("alice", "after", &["sent"]).await;
}

#[tokio::test]
async fn the_chat_goes_on_after_signing_in_beside_it() {
    let world = World::new().await;
    let alice = signed_out(&world).await;
    alice.click(AGAIN).await;
    let notice = alice.text_of(".notice").await;
    assert!(notice.contains("window that has opened"), "{notice}");
    alice.sign_in_beside("alice").await;
    goes_on(&alice).await;
    assert_eq!(alice.address().await, world.page());
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.leave(&["401"]).await;
}

#[tokio::test]
async fn a_connection_that_was_lost_with_the_session_comes_back() {
    let mut world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("before").await;
    alice.sees("alice", "before", &["sent"]).await;
    world.stop_backend().await;
    alice.wait_for_connection("reconnecting").await;
    alice.say("meanwhile").await;
    world.start_backend().await;
    world.backend().revoke_sessions();
    alice.wait_for_connection("disconnected").await;
    alice.click(AGAIN).await;
    alice.sign_in_beside("alice").await;
    alice.wait_for_connection("connected").await;
    alice.sees("alice", "meanwhile", &["sent"]).await;
    assert_eq!(alice.texts().await, ["before", "meanwhile"]);
    alice.leave(&["401", "ERR_", "404"]).await;
}

#[tokio::test]
async fn somebody_else_gets_a_chat_of_their_own() {
    let world = World::new().await;
    let person = signed_out(&world).await;
    person.click(AGAIN).await;
    person.sign_in_beside("bob").await;
    person.wait_for("html[data-connection=connected]").await;
    crate::harness::eventually("bob", async || {
        (person.text_of("#me").await == "bob").then_some(())
    })
    .await;
    assert!(person.texts().await.is_empty(), "what alice read is gone");
    assert_eq!(person.draft().await, "", "and what she typed");
    person.say("hello").await;
    person.sees("bob", "hello", &["sent"]).await;
    assert_eq!(world.connections(), 1);
    person.leave(&["401"]).await;
}

#[tokio::test]
async fn a_window_that_is_closed_leaves_another_way() {
    let world = World::new().await;
    let alice = signed_out(&world).await;
    alice.click(AGAIN).await;
    alice.wait_for_windows(2).await;
    alice.look_at_tab(1).await;
    alice.wait_for("input[name=name]").await;
    alice.close_window().await;
    alice.look_at_tab(0).await;
    alice.wait_for("#sign-in-here").await;
    let notice = alice.text_of(".notice").await;
    assert!(notice.contains("was closed"), "{notice}");
    assert_eq!(alice.texts().await, ["before", "after"]);
    alice.click("#sign-in-here").await;
    alice.wait_for("input[name=name]").await;
    alice.type_into("input[name=name]", "alice").await;
    alice.click("button").await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.draft().await, "half a sen");
    alice.leave(&["401"]).await;
}

#[tokio::test]
async fn where_no_window_opens_the_page_itself_goes() {
    let world = World::new().await;
    let alice = signed_out(&world).await;
    alice.text_of_script("window.open = () => null").await;
    alice.click(AGAIN).await;
    alice.wait_for("input[name=name]").await;
    alice.type_into("input[name=name]", "alice").await;
    alice.click("button").await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.draft().await, "half a sen");
    alice.leave(&["401"]).await;
}

#[tokio::test]
async fn a_refusal_is_told_and_can_be_thought_over() {
    let world = World::new().await;
    // Some modules write the message as text.
    world
        .backend()
        .switch(|switches| switches.completion = Completion::Text);
    let alice = signed_out(&world).await;
    alice.click(AGAIN).await;
    alice.wait_for_windows(2).await;
    alice.look_at_tab(1).await;
    alice.wait_for("button[name=cancel]").await;
    alice
        .text_of_script("setTimeout(() => document.querySelector('[name=cancel]').click())")
        .await;
    alice.look_at_tab(0).await;
    alice.wait_for_windows(1).await;
    alice.wait_for("#sign-in-here").await;
    let notice = alice.text_of(".notice").await;
    assert!(
        notice.contains("Signing in failed: access_denied"),
        "{notice}"
    );
    alice.click(AGAIN).await;
    alice.sign_in_beside("alice").await;
    goes_on(&alice).await;
    alice.leave(&["401"]).await;
}

/// A backend that knows nothing of windows leads this one back to the page, which hands over what
/// it came with.
#[tokio::test]
async fn a_window_that_comes_back_to_the_page_reports_and_closes() {
    let world = World::new().await;
    let alice = signed_out(&world).await;
    alice.click(AGAIN).await;
    alice.wait_for_windows(2).await;
    alice.look_at_tab(1).await;
    alice.wait_for("input[name=name]").await;
    alice
        .text_of_script(
            "setTimeout(() => location = location.href.replace('completion_type', 'not_known'))",
        )
        .await;
    alice
        .wait_for("form[action*=not_known] input[name=name]")
        .await;
    alice.sign_in_beside("alice").await;
    goes_on(&alice).await;
    alice.leave(&["401"]).await;
}

#[tokio::test]
async fn a_cookie_can_be_had_beside_the_chat_too() {
    let world = World::on_one_origin().await;
    let alice = signed_out(&world).await;
    alice.click(AGAIN).await;
    alice.sign_in_beside("alice").await;
    goes_on(&alice).await;
    alice.leave(&["401"]).await;
}
