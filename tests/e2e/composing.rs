//! Typing a message: names and emoji are completed, keys do what people know, nothing is lost.

use fantoccini::key::Key;

use crate::harness::{Person, World, eventually};

async fn drafts(person: &Person, expected: &str) {
    eventually(expected, async || {
        (person.draft().await == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_name_is_completed_and_calls_for_who_has_it() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("Bob Builder"));
    bob.say("hi").await;
    alice.sees("Bob Builder", "hi", &["received"]).await;
    alice.type_into("#message-box", "dear @bui").await;
    alice.wait_for("#suggestions [aria-selected=true]").await;
    assert!(
        alice
            .has("#message-box[aria-activedescendant=suggestions-0]")
            .await,
        "a screen reader is told"
    );
    alice.press(&[Key::Escape]).await;
    alice.wait_for("#suggestions[hidden]").await;
    assert_eq!(alice.draft().await, "dear @bui", "nothing else is lost");
    alice.type_into("#message-box", "l").await;
    alice.wait_for("#suggestions [aria-selected=true]").await;
    alice.press(&[Key::Tab]).await;
    drafts(&alice, "dear @Bob Builder ").await;
    assert!(alice.has("#message-box:focus").await);

    bob.click("button.message-sender, [data-conversation=room]")
        .await;
    alice.say("look").await;
    bob.sees("alice", "dear @Bob Builder look", &["received"])
        .await;
    // Elsewhere, the list tells that somebody calls.
    bob.click("button.message-sender").await;
    bob.wait_for("[data-conversation='user:alice'][aria-current=true]")
        .await;
    alice.say("and @Bob Builder again").await;
    alice.say("and again").await;
    eventually("a mention and two messages", async || {
        let badges = bob.text_of("[data-conversation=room] .of-mentions").await;
        let unread = bob
            .text_of("[data-conversation=room] .badge:not(.of-mentions)")
            .await;
        (badges.starts_with("@1") && unread.starts_with('2')).then_some(())
    })
    .await;
    bob.open("room").await;
    bob.wait_for_no("[data-conversation=room] .badge").await;
    assert!(bob.has(".mention.of-me").await);
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn emoji_come_by_their_names() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.type_into("#message-box", "done :tad").await;
    alice.wait_for("#suggestions [role=option]").await;
    alice.press(&[Key::Enter]).await;
    drafts(&alice, "done \u{1f389} ").await;
    alice.type_into("#message-box", ":+1:").await;
    drafts(&alice, "done \u{1f389} \u{1f44d}").await;
    alice.type_into("#message-box", " at 10:30 :D").await;
    assert!(alice.has("#suggestions[hidden]").await);
    alice.say("").await;
    alice
        .sees("alice", "done \u{1f389} \u{1f44d} at 10:30 :D", &["sent"])
        .await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn keys_break_lines_call_back_and_leave() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.type_into("#message-box", "one").await;
    alice.press(&[Key::Shift, Key::Enter]).await;
    alice.say("two").await;
    alice.sees("alice", "one\ntwo", &["sent"]).await;
    alice.press(&[Key::Up]).await;
    drafts(&alice, "one\ntwo").await;
    alice.press(&[Key::Escape]).await;
    drafts(&alice, "").await;
    assert!(alice.has("#message-box:focus").await);
    alice.press(&[Key::Up]).await;
    drafts(&alice, "one\ntwo").await;
    alice.say("!").await;
    alice.sees("alice", "one\ntwo!", &["sent"]).await;
    alice.type_into("#message-box", "half").await;
    alice.press(&[Key::Up]).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for("[role=log]:focus, [role=log] :focus").await;
    assert_eq!(alice.draft().await, "half", "what was typed stays");
    alice.leave(&[]).await;
}

#[tokio::test]
async fn a_field_grows_with_its_text_to_a_limit() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let height = "return String(document.querySelector('#message-box').offsetHeight)";
    let height = async || -> u32 {
        alice
            .text_of_script(height)
            .await
            .parse()
            .expect("a height")
    };
    for knows_the_way in [true, false] {
        if !knows_the_way {
            // As in a browser that does not know field-sizing.
            alice
                .text_of_script(
                    "CSS.supports = () => false;
                    const sheet = new CSSStyleSheet();
                    sheet.replaceSync('textarea { field-sizing: fixed !important }');
                    document.adoptedStyleSheets = [sheet];",
                )
                .await;
        }
        let one_line = height().await;
        alice.paste("a\nb\nc\nd").await;
        eventually("a higher field", async || {
            (height().await > 2 * one_line).then_some(())
        })
        .await;
        alice.paste(&"\nmore".repeat(200)).await;
        eventually("the limit", async || {
            (height().await > 5 * one_line).then_some(())
        })
        .await;
        assert!(
            height().await <= 800 * 2 / 5,
            "it leaves room for the timeline"
        );
        alice.say("").await;
        eventually("one line again", async || {
            (height().await == one_line).then_some(())
        })
        .await;
    }
    alice.leave(&[]).await;
}

#[tokio::test]
async fn a_paste_beyond_the_limit_stays_and_says_what_is_wrong() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.paste(&"x".repeat(60 * 1024)).await;
    assert_eq!(
        alice.text_of(".composer-length:not(:empty)").await,
        "4 kB left"
    );
    alice.paste(&"y".repeat(10 * 1024)).await;
    let problem = alice.text_of(".composer-problem:not(:empty)").await;
    assert!(
        problem.contains("70 kB") && problem.contains("64 kB"),
        "{problem}"
    );
    alice.say("").await;
    assert_eq!(alice.draft().await.len(), 70 * 1024);
    alice
        .text_of_script("document.querySelector('#message-box').setSelectionRange(100, 100000)")
        .await;
    alice.press(&[Key::Delete]).await;
    alice.wait_for(".composer-problem:empty").await;
    alice.say("").await;
    drafts(&alice, "").await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn what_an_input_method_composes_is_not_sent_before_it_is_done() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice
        .text_of_script(
            "window.keys = [];
            document.addEventListener('keydown', key => keys.push([key.isComposing, key.keyCode].join()), true)",
        )
        .await;
    alice.compose("にほ").await;
    drafts(&alice, "にほ").await;
    // Confirms the candidate; the browser says that it belongs to the composition.
    alice.press_while_composing().await;
    alice.compose("日本").await;
    drafts(&alice, "日本").await;
    alice.press_while_composing().await;
    alice.end_composition("日本").await;
    // Safari has ended the composition by then, and tells by the key's code alone.
    alice.press_while_composing().await;
    let keys = alice.text_of_script("return keys.join(' ')").await;
    assert_eq!(keys, "true,229 true,229 false,229");
    drafts(&alice, "日本").await;
    assert!(alice.texts().await.is_empty(), "nothing was sent");

    // No suggestion takes the key either.
    alice.press(&[Key::Enter]).await;
    alice.sees("alice", "日本", &["sent"]).await;
    alice.compose(":tad").await;
    alice.wait_for("#suggestions [role=option]").await;
    alice.press_while_composing().await;
    drafts(&alice, ":tad").await;
    alice.end_composition(":tad").await;
    alice.press(&[Key::Enter]).await;
    drafts(&alice, "\u{1f389} ").await;
    alice.leave(&[]).await;
}
