//! People read: a lot that was said, further up, by keyboard, and by ear.

use fantoccini::key::Key;
use serde_json::json;

use crate::harness::{Person, World, eventually};

const LOG: &str = "const log = document.querySelector('[role=log]');";

/// Somebody who is not here says something to all, with a number in front.
fn say(world: &World, numbers: std::ops::Range<usize>) {
    for number in numbers {
        // Rows of many heights.
        let text = format!("{number}: {}", "and so on ".repeat(number * 7 % 40));
        let message = json!([{ "sender": "bob", "text": text }]);
        world.backend().broadcast("newMessage", &message);
    }
}

async fn has_messages(person: &Person, count: usize) {
    person
        .wait_for(&format!("[role=log][data-message-count='{count}']"))
        .await;
}

/// Waits until a script says `true`.
async fn becomes(person: &Person, what: &str, script: &str) {
    let script = format!("{LOG} return String({script})");
    eventually(what, async || {
        (person.text_of_script(&script).await == "true").then_some(())
    })
    .await;
}

async fn is_at_end(person: &Person) {
    let distance = "Math.abs(log.scrollHeight - log.scrollTop - log.clientHeight) < 1";
    becomes(person, "the end", distance).await;
}

/// The number of the first message in sight, and where on the screen it is.
async fn first_in_sight(person: &Person) -> String {
    let script = "const top = log.getBoundingClientRect().top;
        const place = one => one.getBoundingClientRect();
        const first = [...log.querySelectorAll('.message')].find(one => place(one).bottom > top);
        return [parseInt(first.querySelector('.message-text').textContent), place(first).top].join(' at ')";
    person.text_of_script(&format!("{LOG} {script}")).await
}

async fn scroll_by(person: &Person, pixels: i32) {
    person
        .text_of_script(&format!("{LOG} log.scrollBy(0, {pixels})"))
        .await;
    person.wait_for(".to-latest").await;
}

/// The number at the beginning of the message that has the focus.
async fn focused(person: &Person, number: usize) {
    let is_it = format!(
        "parseInt(document.activeElement.querySelector('.message-text')?.textContent) === {number}"
    );
    becomes(person, &format!("the focus on {number}"), &is_it).await;
    let in_sight = "(() => {
        const [one, all] = [document.activeElement, log].map(one => one.getBoundingClientRect());
        return one.bottom > all.top && one.top < all.bottom;
    })()";
    becomes(person, "it is in sight", in_sight).await;
}

#[tokio::test]
async fn twenty_thousand_messages_are_a_few_rows_of_the_page() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    // No more at once than may wait for one client.
    for end in (1..=5).map(|part| part * 4_000) {
        say(&world, end - 4_000..end);
        has_messages(&alice, end).await;
    }
    is_at_end(&alice).await;
    let last = "log.querySelector('.row:last-child .message').ariaPosInSet";
    becomes(&alice, "the last", &format!("{last} === '20000'")).await;
    let nodes = "document.querySelectorAll('*').length < 1000";
    becomes(&alice, "a page of a bounded size", nodes).await;

    alice
        .press_until(&[Key::Shift, Key::Tab], "[role=log]:focus")
        .await;
    alice.press(&[Key::Home]).await;
    focused(&alice, 0).await;
    assert!(
        alice
            .has(":focus[aria-posinset='1'][aria-setsize='20000']")
            .await
    );
    becomes(&alice, "a page of a bounded size", nodes).await;
    alice.press(&[Key::End]).await;
    focused(&alice, 19_999).await;
    is_at_end(&alice).await;
    alice.wait_for_no(".to-latest").await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn what_is_read_stays_where_it_is() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    say(&world, 0..300);
    has_messages(&alice, 300).await;
    is_at_end(&alice).await;
    for _ in 0..6 {
        scroll_by(&alice, -500).await;
    }
    let read = first_in_sight(&alice).await;
    say(&world, 300..600);
    has_messages(&alice, 600).await;
    assert_eq!(first_in_sight(&alice).await, read, "messages came below");
    let missed = "log.parentElement.querySelector('.to-latest').textContent.includes('300')";
    becomes(&alice, "what is missed is counted", missed).await;

    // Another width, and another height for each row; and back again.
    let number = read.split(" at ").next().map(str::to_owned);
    alice.picture(390, 844, false).await;
    let narrow = first_in_sight(&alice).await;
    assert_eq!(narrow.split(" at ").next().map(str::to_owned), number);

    alice.click(".to-latest").await;
    is_at_end(&alice).await;
    alice.wait_for_no(".to-latest").await;
    say(&world, 600..650);
    has_messages(&alice, 650).await;
    is_at_end(&alice).await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn a_line_stands_where_the_person_left() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    say(&world, 0..100);
    has_messages(&alice, 100).await;
    is_at_end(&alice).await;
    assert!(!alice.has(".new").await, "nothing was missed");
    scroll_by(&alice, -300).await;
    say(&world, 100..103);
    has_messages(&alice, 103).await;
    alice.click(".to-latest").await;
    let below = "parseInt(log.querySelector('.row:has(.new) .message-text').textContent) === 100";
    becomes(&alice, "the line above the first", below).await;
    alice.say("I am back").await;
    alice.wait_for_text("I am back").await;
    alice.wait_for_no(".new").await;

    say(&world, 103..104);
    // More than can be seen at once came while another conversation was open.
    alice.click("button.message-sender").await;
    alice
        .wait_for("[data-conversation='user:bob'][aria-current=true]")
        .await;
    say(&world, 104..204);
    alice.wait_for("[data-conversation=room] .badge").await;
    let all = "document.querySelector('[data-conversation=room] .badge .aloud').textContent.startsWith('100')";
    becomes(&alice, "all that was missed", all).await;
    alice.open("room").await;
    let at_top = "Math.abs(log.querySelector('.new')?.closest('.row').getBoundingClientRect().top
        - log.getBoundingClientRect().top) < 2";
    becomes(&alice, "the line at the upper edge", at_top).await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn keys_go_through_messages() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    say(&world, 0..300);
    has_messages(&alice, 300).await;
    is_at_end(&alice).await;

    // From the composer, without a click first.
    assert!(alice.has("#message-box:focus").await);
    alice.press(&[Key::PageUp]).await;
    alice.wait_for(".to-latest").await;
    alice
        .press_until(&[Key::PageDown], ".timeline-frame:not(:has(.to-latest))")
        .await;
    assert!(alice.has("#message-box:focus").await, "the focus stays");

    alice
        .press_until(&[Key::Shift, Key::Tab], "[role=log]:focus")
        .await;
    alice.press(&[Key::Up]).await;
    focused(&alice, 299).await;
    for _ in 0..3 {
        alice.press(&[Key::Up]).await;
    }
    focused(&alice, 296).await;
    alice.press(&[Key::Down]).await;
    focused(&alice, 297).await;
    say(&world, 300..400);
    has_messages(&alice, 400).await;
    focused(&alice, 297).await;
    alice.press(&[Key::PageUp]).await;
    let further_up =
        "parseInt(document.activeElement.querySelector('.message-text')?.textContent) < 295";
    becomes(&alice, "a page further up", further_up).await;

    alice.press(&[Key::Home]).await;
    focused(&alice, 0).await;
    assert!(!alice.has(".edge.earlier").await, "nothing is earlier");
    // The way on, for a screen reader that sees no more than is in the page.
    let shown = "return String(document.querySelectorAll('[role=log] .message').length)";
    let shown: usize = alice.text_of_script(shown).await.parse().expect("a number");
    alice.press_until(&[Key::Tab], ".edge.later:focus").await;
    alice.press(&[Key::Enter]).await;
    focused(&alice, shown).await;
    alice.wait_for(".edge.earlier").await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn what_comes_is_said_once_and_a_burst_is_summed_up() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.wait_for("[role=log][aria-live=off]").await;
    let is_said = async |what: &str, words: &str| {
        let said = format!("document.querySelector('#announcer').textContent === '{words}'");
        becomes(&alice, what, &said).await;
    };
    alice.say("hello").await;
    alice.sees("alice", "hello", &["sent"]).await;
    is_said("nothing of one's own", "").await;
    bob.say("good morning").await;
    is_said("one message", "bob: good morning").await;
    bob.click("button.message-sender").await;
    bob.say("only you").await;
    is_said("a private one, elsewhere", "bob says privately: only you").await;
    say(&world, 0..500);
    let summed_up =
        "/^[0-9]+ new messages$/.test(document.querySelector('#announcer').textContent)";
    becomes(&alice, "a burst", summed_up).await;
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}
