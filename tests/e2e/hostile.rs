//! A backend that means it badly, or is broken: huge answers, floods, and messages as long as books. The
//! page stays a page.

use backend::switches::fault::Answer;
use backend::switches::{Fault, Outcome, Step};
use serde_json::json;

use crate::harness::{Person, World, eventually};

/// Ten megabytes of this, as an answer to the requests at a step.
fn huge(at: Step, status: u16, what: &str) -> Fault {
    let answer = Answer {
        status,
        retry_after: None,
        content_type: Some("text/html".to_owned()),
        body: what.repeat(10_000_000 / what.len()),
    };
    Fault::then(at, Outcome::Answer(answer))
}

/// How many elements the page has.
async fn elements(person: &Person) -> usize {
    let count = "return '' + document.querySelectorAll('*').length";
    person
        .text_of_script(count)
        .await
        .parse()
        .expect("a number")
}

#[tokio::test]
async fn huge_answers_change_nothing() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    for body in [
        "<p>",
        "[",
        "{\"url\":\"https://a.b\",\"accessToken\":",
        "\\",
    ] {
        let backend = world.backend();
        // Of a message that was not taken.
        backend.switch(|switches| switches.faults = vec![huge(Step::Messages, 500, body)]);
        let text = format!("met with {}", body.len());
        alice.say(&text).await;
        alice.sees("alice", &text, &["failed"]).await;
        // Of both negotiations.
        for step in [Step::Negotiate, Step::ServiceNegotiate] {
            backend.switch(|switches| switches.faults = vec![huge(step, 200, body)]);
            backend.drop_connections();
            alice.wait_for_connection("reconnecting").await;
            let notice = "return document.querySelector('.notice')?.innerText ?? ''";
            eventually("what is wrong", async || {
                let notice = alice.text_of_script(notice).await;
                assert!(notice.len() < 1000, "{} bytes", notice.len());
                (!notice.is_empty()).then_some(())
            })
            .await;
            backend.switch(|switches| switches.faults.clear());
            eventually("the connection", async || {
                let press = "[...document.querySelectorAll('.notice .button')].find(one => one.textContent === 'Try now')?.click();
                    return document.documentElement.dataset.connection";
                (alice.text_of_script(press).await == "connected").then_some(())
            })
            .await;
        }
        // Of who is here.
        backend.switch(|switches| switches.faults = vec![huge(Step::Me, 200, body)]);
        alice.reload().await;
        alice.wait_for("main [data-provider=aad]").await;
        backend.switch(|switches| switches.faults.clear());
        alice.reload().await;
        alice.wait_for_connection("connected").await;
    }
    alice.leave(&["500", "ERR_", "WebSocket"]).await;
}

#[tokio::test]
async fn a_flood_and_a_book_leave_the_page_at_work() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let said = |text: &str| json!([{ "sender": "mallory", "text": text }]);
    for round in 0..5 {
        let flood: Vec<_> = (0..2_000)
            .map(|number| {
                said(&format!(
                    "{round}: <b>{number}</b> `@alice` https://example.com/"
                ))
            })
            .collect();
        world.backend().broadcast_many("newMessage", &flood);
        alice.say(&format!("in between {round}")).await;
    }
    eventually("all of it", async || {
        let count = "return document.querySelector('[role=log]').dataset.messageCount";
        (alice.text_of_script(count).await == "10005").then_some(())
    })
    .await;
    alice.sees("alice", "in between 4", &["sent"]).await;
    let most = 1_500;
    assert!(elements(&alice).await < most, "{}", elements(&alice).await);

    // As one word, as lines, as letters that nobody sees, and as what turns text around.
    for what in ["x", "line\n", "e\u{301}", "<b>`@alice` "] {
        let book = what.repeat(1_000_000 / what.len());
        world.backend().broadcast("newMessage", &said(&book));
        let text = format!(
            "after {:?}",
            &what[..1.max(what.chars().next().map_or(0, char::len_utf8))]
        );
        alice.say(&text).await;
        sent(&alice, &text).await;
        let cut = "return [...document.querySelectorAll('.message-text')].every(one => one.textContent.length < 70000)";
        assert_eq!(alice.run(cut, json!(null)).await, json!(true));
        assert!(
            elements(&alice).await < 2 * most,
            "{}",
            elements(&alice).await
        );
    }
    // Taken up again as well.
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.say("still here").await;
    sent(&alice, "still here").await;
    alice.leave(&[]).await;
}

/// Waits until the last own message is this one, and sent. No book is asked for along the way.
async fn sent(person: &Person, text: &str) {
    let last = "const own = document.querySelectorAll('.message[data-state=sent] .message-text');
        return own[own.length - 1]?.textContent ?? ''";
    eventually(text, async || {
        (person.text_of_script(last).await == text).then_some(())
    })
    .await;
}
