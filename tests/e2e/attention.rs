//! A person who looks elsewhere is called, and one who looks is left alone.

use crate::harness::{Person, World, eventually};

/// Notifications, as far as a page sees of them; and that the person has switched them on.
const NOTIFICATIONS: &str = "window.shown = [];
    window.Notification = class {
        static permission = 'default';
        static requestPermission() {
            Notification.permission = 'granted';
            return Promise.resolve('granted');
        }
        constructor(title, options) { this.title = title; Object.assign(this, options); shown.push(this); }
        close() {}
    };";

async fn title(person: &Person) -> String {
    person.text_of_script("return document.title").await
}

async fn wait_for_title(person: &Person, title: &str) {
    eventually(title, async || {
        (self::title(person).await == title).then_some(())
    })
    .await;
}

/// The titles and texts of what was shown.
async fn shown(person: &Person) -> String {
    person
        .text_of_script("return shown.map(one => `${one.title}: ${one.body}`).join('; ')")
        .await
}

#[tokio::test]
async fn the_title_counts_what_came_while_nobody_looked() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    bob.say("seen").await;
    alice.sees("bob", "seen", &["received"]).await;
    assert_eq!(title(&alice).await, "Chat");
    let icon = "return document.querySelector('link[rel=icon]').getAttribute('href')";
    let plain = alice.text_of_script(icon).await;
    alice.look_away().await;
    bob.say("one").await;
    wait_for_title(&alice, "(1) Chat").await;
    bob.say("two").await;
    wait_for_title(&alice, "(2) Chat").await;
    let dotted = alice.text_of_script(icon).await;
    assert!(dotted.contains("circle") && !plain.contains("circle"));
    alice.look_back().await;
    wait_for_title(&alice, "Chat").await;
    assert_eq!(alice.text_of_script(icon).await, plain);
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn a_private_message_calls_whoever_wants_it_and_does_not_look() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(Person::new(), world.person("bob"));
    alice.before_each_page(NOTIFICATIONS).await;
    alice.go_to(&world.page()).await;
    alice.sign_in("alice").await;
    alice.say("here").await;
    bob.sees("alice", "here", &["received"]).await;
    bob.click("button.message-sender").await;
    bob.wait_for("[data-conversation='user:alice'][aria-current=true]")
        .await;
    alice.look_away().await;
    bob.say("nobody asked for notifications").await;
    wait_for_title(&alice, "(1) Chat").await;
    assert_eq!(shown(&alice).await, "");

    alice.look_back().await;
    alice.click(".bell[aria-pressed=false]").await;
    alice.wait_for(".bell[aria-pressed=true]").await;
    bob.say("she looks").await;
    alice
        .wait_for("[data-conversation='user:bob'] .badge")
        .await;
    eventually("two unread", async || {
        let badge = alice.text_of("[data-conversation='user:bob'] .badge").await;
        badge.contains('2').then_some(())
    })
    .await;
    assert_eq!(shown(&alice).await, "");

    alice.look_away().await;
    bob.say("psst").await;
    eventually("a notification", async || {
        (shown(&alice).await == "bob: psst").then_some(())
    })
    .await;
    alice.text_of_script("shown[0].onclick()").await;
    alice
        .wait_for("[data-conversation='user:bob'][aria-current=true]")
        .await;
    bob.open("room").await;
    bob.say("for all").await;
    wait_for_title(&alice, "(1) Chat").await;
    assert_eq!(shown(&alice).await, "bob: psst", "the room calls nobody");
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn one_tab_of_several_calls() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(Person::new(), world.person("bob"));
    alice.before_each_page(NOTIFICATIONS).await;
    alice.go_to(&world.page()).await;
    alice.sign_in("alice").await;
    alice.click(".bell").await;
    alice.wait_for(".bell[aria-pressed=true]").await;
    alice.say("here").await;
    alice.new_tab("about:blank").await;
    alice.before_each_page(NOTIFICATIONS).await;
    alice
        .before_each_page("Notification.permission = 'granted'")
        .await;
    alice.go_to(&world.page()).await;
    alice.sign_in("alice").await;
    for tab in [0, 1] {
        alice.look_at_tab(tab).await;
        alice.look_away().await;
    }
    bob.sees("alice", "here", &["received"]).await;
    bob.click("button.message-sender").await;
    bob.wait_for("[data-conversation='user:alice'][aria-current=true]")
        .await;
    bob.say("psst").await;
    let mut all = Vec::new();
    for tab in [0, 1] {
        alice.look_at_tab(tab).await;
        alice
            .wait_for("[data-conversation='user:bob'] .badge")
            .await;
        all.push(shown(&alice).await);
    }
    all.sort();
    assert_eq!(all, ["", "bob: psst"]);
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}
