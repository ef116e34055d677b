//! People without a pointer: every part of the page by keyboard alone, and a help sheet that is true.

use fantoccini::key::Key;
use serde_json::json;

use crate::harness::{Person, World, eventually};

/// Somebody signed in, by keyboard, in a room where Bob has said `count` things.
async fn listener(world: &World, count: usize) -> Person {
    let alice = world.visitor().await;
    alice.wait_for("[data-provider]").await;
    alice
        .press_until(&[Key::Tab], "[data-provider]:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for("input[name=name]").await;
    alice
        .press_until(&[Key::Tab], "input[name=name]:focus")
        .await;
    alice.write("alice").await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for_connection("connected").await;
    for number in 0..count {
        let message = json!([{ "sender": "bob", "text": format!("line {number}") }]);
        world.backend().broadcast("newMessage", &message);
    }
    alice
        .wait_for(&format!("[role=log][data-message-count='{count}']"))
        .await;
    alice.wait_for("#message-box:focus").await;
    alice
}

/// Closes the dialog, and expects the focus back where it was.
async fn leave_dialog(alice: &Person, focus: &str) {
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no("dialog[open]").await;
    alice.wait_for(&format!("{focus}:focus")).await;
}

#[tokio::test]
async fn the_keyboard_is_enough() {
    let world = World::new().await;
    let alice = listener(&world, 3).await;
    alice.write("hello").await;
    alice.press(&[Key::Enter]).await;
    alice.sees("alice", "hello", &["sent"]).await;

    // To one person, by the name of what they said; about them; and back by the list.
    alice
        .press_until(&[Key::Shift, Key::Tab], "button.message-sender:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice
        .wait_for("[data-conversation='user:bob'][aria-current=true]")
        .await;
    alice.wait_for("#message-box:focus").await;
    alice.write("by keyboard").await;
    alice.press(&[Key::Enter]).await;
    alice.sees("alice", "by keyboard", &["sent"]).await;
    alice
        .press_until(&[Key::Shift, Key::Tab], ".person-button:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for(".person-menu:popover-open").await;
    alice.press_until(&[Key::Tab], "#mute:focus").await;
    alice.write(" ").await;
    alice.wait_for("#mute:checked").await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no(".person-menu:popover-open").await;
    alice.wait_for(".person-button:focus").await;
    alice
        .press_until(&[Key::Shift, Key::Tab], "[data-conversation=room]:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice
        .wait_for("[data-conversation=room][aria-current=true]")
        .await;
    alice.wait_for("#message-box:focus").await;

    // The switcher and the search.
    alice
        .press_until(&[Key::Shift, Key::Tab], ".find:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for(".picker input:focus").await;
    leave_dialog(&alice, ".find").await;
    alice.press_with(&[Key::Control], 'k').await;
    alice.wait_for(".picker input:focus").await;
    alice.write("bo").await;
    alice.press(&[Key::Enter]).await;
    alice
        .wait_for("[data-conversation='user:bob'][aria-current=true]")
        .await;
    alice
        .press_until(&[Key::Shift, Key::Tab], ".search:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for(".picker input:focus").await;
    alice.write("line 1").await;
    alice.wait_for(".hit").await;
    alice.press(&[Key::Enter]).await;
    alice
        .wait_for("[data-conversation=room][aria-current=true]")
        .await;
    alice.wait_for(".message:focus").await;

    // The settings, and the help from there.
    alice
        .press_until(&[Key::Shift, Key::Tab], ".to-settings:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for("[name=language][value=system]:focus").await;
    alice.press(&[Key::Tab]).await;
    alice.wait_for("[name=theme][value=system]:focus").await;
    alice.press(&[Key::Left]).await;
    alice.wait_for("html[data-theme=dark]").await;
    alice.press_until(&[Key::Tab], "[name=density]:focus").await;
    alice.press(&[Key::Right]).await;
    alice.wait_for("html[data-density=compact]").await;
    alice.press_until(&[Key::Tab], "[name=sound]:focus").await;
    alice.write(" ").await;
    alice.wait_for("[name=sound]:checked").await;
    alice.press_until(&[Key::Tab], ".to-help:focus").await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for(".help[open] .close:focus").await;
    alice.wait_for_no(".settings").await;
    leave_dialog(&alice, ".to-settings").await;

    // The details, and out.
    alice
        .press_until(&[Key::Tab], "button.connection:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice.wait_for(".details[open] .button:focus").await;
    leave_dialog(&alice, "button.connection").await;
    alice
        .press_until(&[Key::Shift, Key::Tab], "#sign-out:focus")
        .await;
    alice.press(&[Key::Enter]).await;
    alice
        .press_until(&[Key::Tab], "[data-provider]:focus")
        .await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn the_focus_goes_through_the_page_as_one_reads_it() {
    let world = World::new().await;
    let alice = listener(&world, 1).await;
    alice
        .press_until(&[Key::Shift, Key::Tab], ".search:focus")
        .await;
    let mut order = Vec::new();
    for _ in 0..11 {
        let name = "const one = document.activeElement;
            return one.dataset.conversation ?? (one.id || one.getAttribute('role') || one.classList[one.classList.length - 1])";
        order.push(alice.text_of_script(name).await);
        alice.press(&[Key::Tab]).await;
    }
    assert_eq!(
        order,
        [
            "search",
            "find",
            "room",
            "sign-out",
            "bell",
            "to-settings",
            "connected",
            "log",
            "message-sender",
            "message-box",
            "primary"
        ]
    );
    alice.leave(&[]).await;
}

/// The lines of the help sheet that no proof has been given for.
struct Lines(Vec<String>);

impl Lines {
    /// What comes next shows that this line is true.
    fn prove(&mut self, line: &str) {
        let known = self.0.iter().position(|one| one == line);
        let known = known.unwrap_or_else(|| panic!("{line} is not promised: {:#?}", self.0));
        self.0.remove(known);
    }
}

#[tokio::test]
async fn the_help_sheet_promises_what_the_keys_do() {
    let world = World::new().await;
    let alice = listener(&world, 60).await;
    alice.write("?").await;
    eventually("it is typed", async || {
        (alice.draft().await == "?").then_some(())
    })
    .await;
    assert!(!alice.has("dialog[open]").await);
    alice.press(&[Key::Backspace]).await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for("[role=log]:focus").await;
    alice.write("?").await;
    alice.wait_for(".help[open]").await;
    let lines = "return [...document.querySelectorAll('.keys div')].map(one => {
            const heading = one.closest('section').querySelector('h3');
            return [heading, one.querySelector('dt')].map(one => one.textContent).join(': ');
        })";
    let mut lines = Lines(alice.list_of_script(lines).await);
    leave_dialog(&alice, "[role=log]").await;

    prove_what_holds_everywhere(&alice, &mut lines).await;
    prove_what_holds_for_messages(&alice, &mut lines).await;
    prove_what_holds_for_writing(&alice, &mut lines).await;
    assert_eq!(lines.0, [""; 0], "promised, and not proved");
    alice.leave(&[]).await;
}

async fn prove_what_holds_everywhere(alice: &Person, lines: &mut Lines) {
    lines.prove("Everywhere: Ctrl K");
    lines.prove("Everywhere: Ctrl Shift F");
    lines.prove("Everywhere: Ctrl ,");
    lines.prove("Everywhere: Ctrl /");
    lines.prove("Everywhere: Esc");
    let all: [(&[Key], char, &str); 4] = [
        (&[Key::Control], 'k', ".picker[aria-label^='Go to']"),
        (
            &[Key::Control, Key::Shift],
            'F',
            ".picker[aria-label^=Search]",
        ),
        (&[Key::Control], ',', ".settings"),
        (&[Key::Control], '/', ".help"),
    ];
    for focus in ["[role=log]", "#message-box"] {
        for (keys, letter, dialog) in &all {
            alice.press_with(keys, *letter).await;
            alice.wait_for(&format!("{dialog}[open]")).await;
            leave_dialog(alice, focus).await;
        }
        alice.press_until(&[Key::Tab], "#message-box:focus").await;
    }
    lines.prove("Everywhere: Page Up Page Down");
    // On its way the focus may have passed a button far above.
    alice.press(&[Key::Escape]).await;
    alice.wait_for("[role=log]:focus").await;
    alice.press(&[Key::End]).await;
    focused(alice, "line 59").await;
    alice.press_until(&[Key::Tab], "#message-box:focus").await;
    wait_for_end(alice, true).await;
    alice.press(&[Key::PageUp]).await;
    wait_for_end(alice, false).await;
    alice.press(&[Key::PageDown]).await;
    wait_for_end(alice, true).await;
    alice.wait_for("#message-box:focus").await;
}

/// Waits until the end of what was said is in sight, or is not.
async fn wait_for_end(alice: &Person, in_sight: bool) {
    let script = "const log = document.querySelector('[role=log]');
        return String(log.scrollHeight - log.scrollTop - log.clientHeight < 2)";
    eventually(&format!("the end in sight: {in_sight}"), async || {
        (alice.text_of_script(script).await == in_sight.to_string()).then_some(())
    })
    .await;
}

/// Waits until the message with this text has the focus.
async fn focused(alice: &Person, text: &str) {
    eventually(&format!("the focus on {text}"), async || {
        let script =
            "return document.activeElement.querySelector('.message-text')?.textContent ?? ''";
        (alice.text_of_script(script).await == text).then_some(())
    })
    .await;
}

async fn prove_what_holds_for_messages(alice: &Person, lines: &mut Lines) {
    alice.press(&[Key::Escape]).await;
    alice.wait_for("[role=log]:focus").await;
    lines.prove("Messages: ↑ ↓");
    // On from the message that had the focus last.
    alice.press(&[Key::Up]).await;
    focused(alice, "line 58").await;
    alice.press(&[Key::Up]).await;
    focused(alice, "line 57").await;
    alice.press(&[Key::Down]).await;
    focused(alice, "line 58").await;
    lines.prove("Messages: Home End");
    alice.press(&[Key::Home]).await;
    focused(alice, "line 0").await;
    lines.prove("Messages: Page Up Page Down");
    alice.press(&[Key::PageDown]).await;
    let number = eventually("a page further", async || {
        let text = alice.text_of(":focus .message-text").await;
        let number: usize = text.strip_prefix("line ")?.parse().ok()?;
        (number > 5).then_some(number)
    })
    .await;
    assert!(number < 59, "a page, not all of it");
    alice.press(&[Key::PageUp]).await;
    focused(alice, "line 0").await;
    alice.press(&[Key::End]).await;
    focused(alice, "line 59").await;
}

async fn prove_what_holds_for_writing(alice: &Person, lines: &mut Lines) {
    alice.press_until(&[Key::Tab], "#message-box:focus").await;
    let drafts = async |expected: &str| {
        eventually(expected, async || {
            (alice.draft().await == expected).then_some(())
        })
        .await;
    };
    lines.prove("Writing: Shift Enter");
    lines.prove("Writing: Enter");
    alice.write("one").await;
    alice.press(&[Key::Shift, Key::Enter]).await;
    alice.write("two").await;
    drafts("one\ntwo").await;
    alice.press(&[Key::Enter]).await;
    alice.sees("alice", "one\ntwo", &["sent"]).await;
    lines.prove("Writing: ↑");
    alice.press(&[Key::Up]).await;
    drafts("one\ntwo").await;
    lines.prove("Writing: Esc");
    alice.press(&[Key::Escape]).await;
    drafts("").await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for("[role=log]:focus").await;
    alice.press_until(&[Key::Tab], "#message-box:focus").await;

    lines.prove("Writing: @ or :");
    lines.prove("Suggestions and lists: ↑ ↓");
    lines.prove("Suggestions and lists: Enter");
    lines.prove("Suggestions and lists: Tab");
    lines.prove("Suggestions and lists: Esc");
    alice.write(":thu").await;
    let second = "#suggestions [role=option]:nth-child(2)";
    alice.wait_for(second).await;
    let emoji = alice.text_of(&[second, " .emoji"].concat()).await;
    alice.press(&[Key::Down]).await;
    alice
        .wait_for(&[second, "[aria-selected=true]"].concat())
        .await;
    alice.press(&[Key::Enter]).await;
    drafts(&[&emoji, " "].concat()).await;
    alice.write("@b").await;
    alice.wait_for("#suggestions [aria-selected=true]").await;
    alice.press(&[Key::Tab]).await;
    drafts(&[&emoji, " @bob "].concat()).await;
    alice.write("@b").await;
    alice.wait_for("#suggestions [aria-selected=true]").await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for("#suggestions[hidden]").await;
    alice.wait_for("#message-box:focus").await;
}
