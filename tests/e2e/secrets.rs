//! Nothing that is a token appears where somebody could find it.

use backend::options::PROVIDER_TOKENS;

use crate::harness::{Person, World};

/// What a script of the page could read, somebody who looks over a shoulder, or whoever gets the
/// console's text or the history.
async fn everything_visible(person: &Person, console: &mut String) -> String {
    for entry in person.console().await {
        console.push_str(&entry.to_string());
    }
    let page = person
        .text_of_script(
            "return document.documentElement.outerHTML + document.title + document.cookie \
             + location.href + window.name + JSON.stringify(history.state) \
             + JSON.stringify({ ...localStorage })",
        )
        .await;
    let history = person.history().await.join("\n");
    [page.as_str(), console, &history].concat()
}

/// The first thing in `text` that looks like a token: three parts in Base64, of which the first is
/// an object.
fn token_in(text: &str) -> Option<&str> {
    let word = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
    text.split(word)
        .find(|word| word.contains("eyJ") && word.split('.').count() >= 3)
}

#[tokio::test]
async fn no_token_can_be_found_anywhere_but_in_its_place() {
    let world = World::new().await;
    let alice = world.visitor().await;
    let mut console = String::new();
    let mut sessions = Vec::new();
    let mut look = async |alice: &Person, when: &str| {
        let seen = everything_visible(alice, &mut console).await;
        assert_eq!(token_in(&seen), None, "{when}");
        let all_kept = alice
            .text_of_script("return JSON.stringify({ ...sessionStorage })")
            .await;
        for (name, token) in PROVIDER_TOKENS {
            assert!(
                !seen.contains(token) && !all_kept.contains(token),
                "{name}, {when}"
            );
        }
        let kept = alice
            .text_of_script("return sessionStorage['chat.token'] ?? ''")
            .await;
        if let Some((_, token)) = kept.split_once('\n') {
            assert_eq!(token_in(token), Some(token), "tokens are recognised");
            sessions.push(token.to_owned());
        }
        for token in &sessions {
            assert!(!seen.contains(token.as_str()), "{when}");
        }
        let rest =
            "const { 'chat.token': _, ...rest } = sessionStorage; return JSON.stringify(rest)";
        assert_eq!(token_in(&alice.text_of_script(rest).await), None, "{when}");
        kept
    };
    look(&alice, "before signing in").await;
    alice.sign_in("alice").await;
    assert_ne!(look(&alice, "signed in").await, "");
    alice.say("hello").await;
    alice.sees("alice", "hello", &["sent"]).await;
    look(&alice, "after talking").await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    look(&alice, "after a reload").await;
    world.backend().expire_sessions();
    alice.say("still me").await;
    alice.sees("alice", "still me", &["sent"]).await;
    look(&alice, "after a refresh").await;
    world.backend().revoke_sessions();
    alice.say("and now?").await;
    alice.sees("alice", "and now?", &["failed"]).await;
    look(&alice, "after the session's end").await;
    alice.click(".notice [data-provider=aad]").await;
    alice.sign_in_beside("alice").await;
    alice.wait_for_no(".notice").await;
    look(&alice, "after signing in beside the page").await;
    alice.click("#sign-out").await;
    alice.wait_for("main [data-provider=aad]").await;
    assert_eq!(look(&alice, "after signing out").await, "");
    assert!(sessions.len() >= 3, "{}", sessions.len());
    alice.leave(&[]).await;
}
