//! What messages and names look like: links, code, mentions, and what would rather not be seen.

use crate::harness::{World, eventually};

#[tokio::test]
async fn links_code_and_mentions_stand_out() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    bob.say(
        "See https://example.com/a?b#c, @alice: run `cargo test` (or ask mailto:me@example.com).",
    )
    .await;
    let text =
        "See https://example.com/a?b#c, @alice: run cargo test (or ask mailto:me@example.com).";
    alice.sees("bob", text, &["received"]).await;
    let link = "const [web, mail] = document.querySelectorAll('.message-text a');
        return [web.href, web.target, web.rel, web.title, mail.href].join(' ')";
    assert_eq!(
        alice.text_of_script(link).await,
        "https://example.com/a?b#c _blank noopener noreferrer Leads to example.com mailto:me@example.com"
    );
    assert_eq!(alice.text_of(".message-text code").await, "cargo test");
    assert_eq!(alice.text_of(".mention.of-me").await, "@alice");
    assert!(alice.has(".message[data-mention]").await);
    assert!(!bob.has(".message[data-mention]").await);

    bob.paste("```rust\nfn main() {\n    todo();\n}\n```\nlike so")
        .await;
    bob.say("").await;
    eventually("a block of code", async || {
        let code = alice.text_of(".message-text pre").await;
        (code == "fn main() {\n    todo();\n}").then_some(())
    })
    .await;
    for text in [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
    ] {
        bob.say(text).await;
        alice.sees("bob", text, &["received"]).await;
    }
    assert!(!alice.has("a[href^=javascript], a[href^=data]").await);
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn a_link_that_leads_elsewhere_than_it_looks_says_so() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("https://example.com@evil.example/login").await;
    assert_eq!(
        alice.text_of(".link-host").await,
        "Leads to evil.example",
        "what stands before the @ is no host"
    );
    alice.say("https://ex\u{430}mple.org/").await;
    eventually("the host's real name", async || {
        let hosts = "return [...document.querySelectorAll('.link-host')].map(one => one.textContent).join()";
        alice.text_of_script(hosts).await.contains("Leads to xn--").then_some(())
    })
    .await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn a_name_that_lies_is_seen_through() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let said = |sender: &str, text: &str| serde_json::json!([{ "sender": sender, "text": text }]);
    let say =
        |sender: &str, text: &str| world.backend().broadcast("newMessage", &said(sender, text));
    say("bob\u{202e}ecila", "who am I?");
    alice
        .sees("bob[U+202E]ecila", "who am I?", &["received"])
        .await;
    say("аlice", "I am she");
    alice.sees("аlice", "I am she", &["received"]).await;
    let notes =
        "return [...document.querySelectorAll('.looks-like')].map(one => one.textContent).join()";
    assert_eq!(
        alice.text_of_script(notes).await,
        ",Looks like alice, and is somebody else"
    );
    // What would turn the rest of the text around is gone.
    say("bob", "a\u{202e}b\u{2067}c");
    alice.sees("bob", "abc", &["received"]).await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn somebody_can_be_muted_and_hidden_until_that_is_taken_back() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    bob.say("first").await;
    alice.sees("bob", "first", &["received"]).await;
    alice.click("button.message-sender").await;
    alice.click(".person-button").await;
    alice.click("label[for=mute]").await;
    alice
        .wait_for("[data-conversation='user:bob'] .muted")
        .await;

    // What comes after shows that what came before it did not count.
    alice.open("room").await;
    bob.click("[data-conversation=room]").await;
    alice.say("write to me").await;
    bob.sees("alice", "write to me", &["received"]).await;
    bob.click("button.message-sender").await;
    bob.say("are you there?").await;
    eventually("the message, in the list", async || {
        let last = alice
            .text_of("[data-conversation='user:bob'] .conversation-last")
            .await;
        (last == "are you there?").then_some(())
    })
    .await;
    assert!(!alice.has("[data-conversation='user:bob'] .badge").await);

    alice.open("user:bob").await;
    alice.click(".person-button").await;
    alice.click("label[for=hide]").await;
    alice.wait_for(".hidden-message").await;
    assert!(
        !alice
            .texts()
            .await
            .iter()
            .any(|text| text.contains("there?"))
    );
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    bob.say("still hidden?").await;
    alice.open("user:bob").await;
    // What was kept from before is hidden as well, above what came now.
    eventually("the message, asked for", async || {
        let shown = alice
            .text_of_script(
                "const last = [...document.querySelectorAll('.hidden-message')].at(-1);
                const text = () => last.querySelector('.hidden-text')?.innerText ?? '';
                if (text() === '') last.querySelector('button').click();
                return text()",
            )
            .await;
        (shown == "still hidden?").then_some(())
    })
    .await;
    alice.click(".person-button").await;
    alice.click("label[for=hide]").await;
    alice.sees("bob", "still hidden?", &["received"]).await;
    assert!(alice.has("[data-conversation='user:bob'] .muted").await);
    alice.click("#sign-out").await;
    alice.wait_for("[data-provider]").await;
    assert_eq!(
        alice
            .text_of_script("return String(localStorage.length)")
            .await,
        "0",
        "nothing of it stays on the device"
    );
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}
