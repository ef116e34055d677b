//! Every view that the page has, in the order in which somebody comes to them.

use backend::switches::{Fault, Step};
use fantoccini::key::Key;
use serde_json::json;

use super::{Person, World};

/// What colleagues say to all.
const TALK: [(&str, &str); 8] = [
    ("bob@contoso.com", "Good morning! The build is green again."),
    (
        "bob@contoso.com",
        "I merged the negotiate fix, and the soak test ran all night without a gap.",
    ),
    (
        "Mia Finch",
        "Nice. Does it also come back after the laptop slept?",
    ),
    (
        "bob@contoso.com",
        "It does: it notices that the clock has jumped, and tries at once. The rule is one line in `retry.rs`:\n```\nif slept(now, before) { self.try_now() }\n```\nNo more reloading the page after lunch.",
    ),
    (
        "Omar Haddad",
        "The background is in https://learn.microsoft.com/azure/azure-signalr/ under *Serverless mode*.",
    ),
    (
        "Mia Finch",
        "Will you be on the train this afternoon, @alice?",
    ),
    ("Zoë", "شكرا"),
    ("Mia Finch", "Let us know how it goes in the tunnel :)"),
];

/// What they write to her alone.
const ASIDE: [(&str, &str); 3] = [
    ("Omar Haddad", "Lunch at 12?"),
    (
        "Mia Finch",
        "I have put the slides into the folder of last week.",
    ),
    ("bob@contoso.com", "Do you have the numbers for the review?"),
];

/// The size that views are in before and after they are looked at.
pub(crate) const WIDE: (u32, u32) = (1280, 800);

/// The size of a phone.
pub(crate) const PHONE: (u32, u32) = (390, 844);

/// The languages that a browser asks for, and the one that the page then speaks.
pub(crate) const ENGLISH: (&str, &str) = ("en-US,en", "en");
pub(crate) const DUTCH: (&str, &str) = ("nl-NL,nl", "nl");

/// Calls `look` with the name of each view, and somebody who has it before them.
pub(crate) async fn each_view(
    (languages, spoken): (&'static str, &str),
    mut look: impl AsyncFnMut(&str, &Person),
) {
    let mut world = World::new().await;
    world.languages = languages;
    let slow = Fault::delay(Step::Me, std::time::Duration::from_secs(3600)).times(1);
    world
        .backend()
        .switch(|switches| switches.faults = vec![slow]);
    let visitor = world.visitor().await;
    visitor.wait_for(".welcome .loading-bar").await;
    look("loading", &visitor).await;
    world.backend().switch(|switches| switches.faults.clear());
    visitor.reload().await;
    visitor.wait_for("[data-provider]").await;
    look("welcome", &visitor).await;
    visitor.leave(&[]).await;
    look_at_refusals(&world, &mut look).await;

    let alice = world.person("alice").await;
    look("empty", &alice).await;
    look_at_talk(&world, &alice, &mut look).await;
    look_at_dialogs(&alice, spoken, &mut look).await;
    look_at_failures(&mut world, &alice, &mut look).await;
    // Requests that were to fail have.
    alice
        .leave(&["ERR_", "500", "401", "WebSocket", "Uncaught", "src/"])
        .await;
}

/// A page that must not ask, and one that can keep nothing.
async fn look_at_refusals(world: &World, look: &mut impl AsyncFnMut(&str, &Person)) {
    let elsewhere = |options: &mut backend::Options| {
        options.allow_origins = vec!["http://localhost:1".into()];
    };
    let mut unfriendly = World::with(elsewhere).await;
    unfriendly.languages = world.languages;
    let visitor = unfriendly.visitor().await;
    visitor.wait_for(".copyable").await;
    look("not-allowed", &visitor).await;
    visitor.leave(&["CORS", "ERR_FAILED"]).await;

    let without = Person::who_reads(world.languages).await;
    without
        .before_each_page("delete Window.prototype.indexedDB; delete window.indexedDB;")
        .await;
    without.go_to(&world.page()).await;
    without.sign_in("alice").await;
    without.wait_for(".notice").await;
    look("notice", &without).await;
    without.leave(&[]).await;
}

async fn look_at_talk(world: &World, alice: &Person, look: &mut impl AsyncFnMut(&str, &Person)) {
    let said = |sender: &str, text: &str, private: bool| {
        let message = json!([{ "sender": sender, "text": text, "isPrivate": private }]);
        world.backend().broadcast("newMessage", &message);
    };
    for (index, (sender, text)) in TALK.into_iter().enumerate() {
        said(sender, text, false);
        let count = format!("[role=log][data-message-count='{}']", index + 1);
        alice.wait_for(&count).await;
    }
    alice.say("Thanks, all. I will try it on the train.").await;
    let own = "Thanks, all. I will try it on the train.";
    alice.sees("alice", own, &["sent"]).await;
    for (sender, text) in ASIDE {
        said(sender, text, true);
    }
    alice
        .wait_for("[data-conversation='user:Omar Haddad'] .badge")
        .await;
    alice
        .wait_for("[data-conversation='user:bob@contoso.com'] .badge")
        .await;
    look("room", alice).await;
    alice.text_of_script("look('density', 'compact')").await;
    look("compact", alice).await;
    alice.text_of_script("look('density', 'comfortable')").await;
    alice
        .text_of_script("document.querySelector('.drawer-button').click()")
        .await;
    look("drawer", alice).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no(".drawer-open").await;

    alice.open("user:bob@contoso.com").await;
    alice
        .say("On the train at three: you have them by four.")
        .await;
    let own = "On the train at three: you have them by four.";
    alice.sees("alice", own, &["sent"]).await;
    said("bob@contoso.com", "Perfect, that is early enough.", true);
    alice.wait_for_text("Perfect, that is early enough.").await;
    look("private", alice).await;
    alice.click(".person-button").await;
    alice.wait_for(".person-menu:popover-open").await;
    look("person", alice).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no(".person-menu:popover-open").await;
    alice.open("room").await;
    alice.type_into("#message-box", "@").await;
    alice.wait_for("#suggestions [role=option]").await;
    look("suggestions", alice).await;
    alice.press(&[Key::Escape]).await;
    alice.press(&[Key::Backspace]).await;
}

async fn look_at_dialogs(alice: &Person, spoken: &str, look: &mut impl AsyncFnMut(&str, &Person)) {
    alice.press_with(&[Key::Control], 'k').await;
    alice.wait_for(".picker [role=option]").await;
    look("switcher", alice).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no("dialog[open]").await;
    alice.press_with(&[Key::Control, Key::Shift], 'F').await;
    alice.type_into(".picker input", "train").await;
    alice.wait_for(".hit").await;
    look("search", alice).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no("dialog[open]").await;
    alice.press_with(&[Key::Control], ',').await;
    alice.wait_for(".settings[open]").await;
    look("settings", alice).await;
    alice.click(".settings label[lang=nl]").await;
    alice
        .wait_for("html[lang=nl] .settings [value=nl]:checked")
        .await;
    look("dutch-settings", alice).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no("dialog[open]").await;
    look("dutch", alice).await;
    alice.press_with(&[Key::Control], ',').await;
    alice
        .click(".settings label:has([name=language][value=system])")
        .await;
    let back = [
        "html[lang^=",
        spoken,
        "] .settings [name=language][value=system]:checked",
    ];
    alice.wait_for(&back.concat()).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no("dialog[open]").await;
    alice.press_with(&[Key::Control], '/').await;
    alice.wait_for(".help[open]").await;
    look("help", alice).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no("dialog[open]").await;
    alice.click("button.connection").await;
    alice.wait_for(".details[open]").await;
    look("details", alice).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no("dialog[open]").await;
}

async fn look_at_failures(
    world: &mut World,
    alice: &Person,
    look: &mut impl AsyncFnMut(&str, &Person),
) {
    let broken = Fault::status(Step::Messages, 500).times(1);
    world
        .backend()
        .switch(|switches| switches.faults = vec![broken]);
    alice.say("Is it only me?").await;
    alice.sees("alice", "Is it only me?", &["failed"]).await;
    look("failed", alice).await;

    world.stop_backend().await;
    alice.wait_for_connection("reconnecting").await;
    alice.wait_for(".notice").await;
    alice.say("In the tunnel now.").await;
    alice
        .sees("alice", "In the tunnel now.", &["waiting"])
        .await;
    look("reconnecting", alice).await;
    world.start_backend().await;
    alice.wait_for_connection("connected").await;
    alice.sees("alice", "In the tunnel now.", &["sent"]).await;
    alice.wait_for(".gap").await;
    look("gap", alice).await;

    world.backend().revoke_sessions();
    world.backend().drop_connections();
    alice.wait_for(".notice.failure [data-provider]").await;
    look("signed-out", alice).await;

    alice
        .text_of_script("document.getElementById('picker').content.querySelector('input').remove()")
        .await;
    alice.press_with(&[Key::Control], 'k').await;
    alice.wait_for(".welcome-card[role=alert]").await;
    look("crashed", alice).await;
}
