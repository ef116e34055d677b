//! Finding a conversation, and finding what was said.

use fantoccini::key::Key;

use crate::harness::{World, eventually};

#[tokio::test]
async fn the_switcher_leads_to_a_conversation_by_a_few_letters() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("Bob Builder"));
    bob.say("hi").await;
    alice.sees("Bob Builder", "hi", &["received"]).await;
    alice.press_with(&[Key::Control], 'k').await;
    alice.wait_for(".picker input:focus").await;
    alice.type_into(".picker input", "bui").await;
    alice.wait_for(".picker [aria-selected=true]").await;
    assert_eq!(alice.text_of(".picker .choice-name").await, "Bob Builder");
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no(".picker").await;
    assert!(alice.has("#message-box:focus").await, "back where it was");
    assert!(
        alice
            .has("[data-conversation=room][aria-current=true]")
            .await
    );

    alice.press_with(&[Key::Control], 'k').await;
    alice.type_into(".picker input", "bb").await;
    alice.press(&[Key::Enter]).await;
    alice
        .wait_for("[data-conversation='user:Bob Builder'][aria-current=true]")
        .await;
    alice.wait_for("#message-box:focus").await;
    alice.say("found you").await;
    alice.sees("alice", "found you", &["sent"]).await;

    // Something unread comes first, and the arrows go around.
    bob.click("[data-conversation=room]").await;
    bob.say("in the room").await;
    alice.wait_for("[data-conversation=room] .badge").await;
    alice.click(".find").await;
    eventually("the room first", async || {
        (alice.text_of(".picker .choice-name").await == "Everyone").then_some(())
    })
    .await;
    alice.type_into(".picker input", "o").await;
    alice.wait_for(".picker [role=option]:nth-child(2)").await;
    alice.press(&[Key::Down]).await;
    alice
        .wait_for(".picker [role=option]:nth-child(2)[aria-selected=true]")
        .await;
    alice.press(&[Key::Down]).await;
    alice
        .wait_for(".picker [role=option]:nth-child(1)[aria-selected=true]")
        .await;
    alice.type_into(".picker input", "zzz").await;
    eventually("nothing found", async || {
        (alice.text_of(".picker-words").await == "Nothing found").then_some(())
    })
    .await;
    alice.click(".picker .close").await;
    alice.wait_for_no(".picker").await;
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn what_was_said_is_found_in_every_conversation() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    bob.say("The Apple is red").await;
    bob.say("so is the cherry").await;
    alice.sees("bob", "so is the cherry", &["received"]).await;
    alice.click("button.message-sender").await;
    alice.say("an apple for you").await;
    alice.sees("alice", "an apple for you", &["sent"]).await;

    alice.press_with(&[Key::Control, Key::Shift], 'F').await;
    alice.wait_for(".picker input:focus").await;
    alice.type_into(".picker input", "apple").await;
    alice.wait_for(".hit:nth-child(2)").await;
    let hits =
        "return [...document.querySelectorAll('.hit-text')].map(one => one.textContent).join('|')";
    assert_eq!(
        alice.text_of_script(hits).await,
        "an apple for you|The Apple is red",
        "newest first"
    );
    assert_eq!(alice.text_of(".hit mark").await, "apple");
    assert_eq!(alice.text_of(".picker-words").await, "2 found");
    alice.press(&[Key::Down]).await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for_no(".picker").await;
    alice
        .wait_for("[data-conversation=room][aria-current=true]")
        .await;
    alice.wait_for(".message:focus").await;
    let found = alice.text_of(".message:focus .message-text").await;
    assert_eq!(found, "The Apple is red", "it is brought into view");

    // In the conversation that is open, far above what is in the page.
    for number in 0..300 {
        let said = serde_json::json!([{ "sender": "bob", "text": format!("line {number}") }]);
        world.backend().broadcast("newMessage", &said);
    }
    alice.wait_for("[role=log][data-message-count='302']").await;
    alice.press_with(&[Key::Control, Key::Shift], 'F').await;
    alice.type_into(".picker input", "line 7").await;
    alice.wait_for(".hit:nth-child(11)").await;
    // From the newest around to the oldest.
    alice.press(&[Key::Up]).await;
    alice.press(&[Key::Enter]).await;
    eventually("the focus on what was found", async || {
        let has_focus = alice.has(".message:focus").await;
        (has_focus && alice.text_of(".message:focus .message-text").await == "line 7").then_some(())
    })
    .await;
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}
