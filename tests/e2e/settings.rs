//! What a person chooses holds at once, and on the next page before anything is drawn.

use fantoccini::key::Key;

use crate::harness::{Person, World, eventually};

/// What a script of one expression says.
async fn style(person: &Person, expression: &str) -> String {
    person
        .text_of_script(&format!("return String({expression})"))
        .await
}

async fn becomes(person: &Person, expression: &str, expected: &str) {
    eventually(&format!("{expression}: {expected}"), async || {
        (style(person, expression).await == expected).then_some(())
    })
    .await;
}

/// Opens the settings and chooses a value.
async fn choose(person: &Person, name: &str, value: &str) {
    person.press_with(&[Key::Control], ',').await;
    person
        .click(&format!(
            ".settings label:has([name={name}][value={value}])"
        ))
        .await;
    person.wait_for(&format!("html[data-{name}={value}]")).await;
    person.click(".settings .sheet-foot .close").await;
    person.wait_for_no("dialog[open]").await;
}

/// The colour that a browser paints its own bars in: that of the first element that applies.
const BAR: &str = "[...document.querySelectorAll('[name=theme-color]')].find(one => matchMedia(one.media).matches).content";

const CANVAS: &str = "getComputedStyle(document.body).backgroundColor";

#[tokio::test]
async fn a_theme_holds_at_once_and_before_anything_is_drawn() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let [light, dark] = ["rgb(255, 255, 255)", "rgb(21, 24, 28)"];
    alice.prefer(&[("prefers-color-scheme", "light")]).await;
    assert_eq!(style(&alice, CANVAS).await, light);
    assert_eq!(style(&alice, BAR).await, "#f4f6f7");
    choose(&alice, "theme", "dark").await;
    becomes(&alice, CANVAS, dark).await;
    becomes(&alice, BAR, "#1b1f24").await;

    // The next page is dark before its body is there, and stays so.
    alice
        .before_each_page(
            "new MutationObserver((_, watcher) => {
                if (!document.body) return;
                watcher.disconnect();
                window.first = [getComputedStyle(document.documentElement).colorScheme, document.body.children.length].join();
            }).observe(document, { childList: true, subtree: true })",
        )
        .await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    let first = style(&alice, "window.first").await;
    assert!(first.starts_with("dark,"), "{first}");
    assert_eq!(style(&alice, CANVAS).await, dark);
    assert_eq!(style(&alice, BAR).await, "#1b1f24");
    alice.press_with(&[Key::Control], ',').await;
    alice.wait_for(".settings [value=dark]:checked").await;
    alice.press(&[Key::Escape]).await;

    choose(&alice, "theme", "light").await;
    alice.prefer(&[("prefers-color-scheme", "dark")]).await;
    assert_eq!(style(&alice, CANVAS).await, light);
    assert_eq!(style(&alice, BAR).await, "#f4f6f7");
    choose(&alice, "theme", "system").await;
    becomes(&alice, CANVAS, dark).await;
    becomes(&alice, BAR, "#1b1f24").await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn density_and_movement_are_kept_and_what_means_nothing_is_set_aside() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice
        .prefer(&[("prefers-reduced-motion", "no-preference")])
        .await;
    alice.say("one").await;
    alice.sees("alice", "one", &["sent"]).await;
    let height = "document.querySelector('.message').offsetHeight < 50";
    let moves = "getComputedStyle(document.querySelector('#sign-out')).transitionDuration";
    assert_eq!(style(&alice, height).await, "false");
    assert_eq!(style(&alice, moves).await, "0.12s");
    choose(&alice, "density", "compact").await;
    choose(&alice, "motion", "reduced").await;
    becomes(&alice, height, "true").await;
    becomes(&alice, moves, "0s").await;
    alice.reload().await;
    alice.wait_for(".message").await;
    assert_eq!(style(&alice, height).await, "true");
    assert_eq!(style(&alice, moves).await, "0s");

    // Kept by another build, or by hand.
    alice
        .text_of_script("localStorage['chat.theme'] = 'pink'; localStorage['chat.density'] = ''")
        .await;
    alice.reload().await;
    alice.wait_for(".message").await;
    assert_eq!(style(&alice, height).await, "false");
    alice.press_with(&[Key::Control], ',').await;
    alice
        .wait_for(
            ".settings:has([name=theme][value=system]:checked):has([value=comfortable]:checked)",
        )
        .await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn each_page_of_a_device_follows_and_where_nothing_is_kept_it_holds_for_the_page() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.new_tab(&world.page()).await;
    alice.sign_in("alice").await;
    choose(&alice, "theme", "dark").await;
    alice.look_at_tab(0).await;
    alice.wait_for("html[data-theme=dark]").await;

    let without = Person::new().await;
    without
        .before_each_page(
            "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
        )
        .await;
    without.go_to(&world.page()).await;
    without.sign_in("bob").await;
    choose(&without, "theme", "dark").await;
    without.press_with(&[Key::Control], ',').await;
    without.wait_for(".settings [value=dark]:checked").await;
    alice.leave(&[]).await;
    without.leave(&[]).await;
}

#[tokio::test]
async fn notifications_and_sound_are_switched_here_too() {
    let world = World::new().await;
    let alice = Person::new().await;
    alice
        .before_each_page(
            "window.tones = 0;
            window.AudioContext = class { constructor() { tones++; throw new Error('counted') } };
            window.answer = 'denied';
            window.Notification = class {
                static permission = 'default';
                static requestPermission() { return Promise.resolve(Notification.permission = answer) }
            };",
        )
        .await;
    alice.go_to(&world.page()).await;
    alice.sign_in("alice").await;
    alice.press_with(&[Key::Control], ',').await;
    alice.click("[name=calls]").await;
    eventually("why there are none", async || {
        let hint = alice.text_of(".calls-hint").await;
        hint.contains("blocked").then_some(())
    })
    .await;
    alice.wait_for("[name=calls]:not(:checked)").await;
    alice
        .text_of_script("Notification.permission = 'granted'")
        .await;
    // Off, and on again.
    alice.click("[name=calls]").await;
    eventually("what they are for", async || {
        let hint = alice.text_of(".calls-hint").await;
        hint.contains("elsewhere").then_some(())
    })
    .await;
    alice.text_of_script("answer = 'granted'").await;
    alice.click("[name=calls]:not(:checked)").await;
    alice.wait_for("[name=calls]:checked").await;
    alice.wait_for(".bell[aria-pressed=true]").await;
    assert_eq!(style(&alice, "tones").await, "0");
    alice.click("[name=sound]:not(:checked)").await;
    becomes(&alice, "tones", "1").await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.press_with(&[Key::Control], ',').await;
    alice.wait_for("[name=sound]:checked").await;
    alice.click("[name=sound]").await;
    assert_eq!(
        style(&alice, "localStorage['chat.sound']").await,
        "undefined"
    );
    alice.leave(&[]).await;
}

#[tokio::test]
async fn what_is_kept_goes_when_it_is_switched_off() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("kept").await;
    alice.sees("alice", "kept", &["sent"]).await;
    alice.press_with(&[Key::Control], ',').await;
    alice.click("[name=history]:checked").await;
    let names = "return indexedDB.databases().then(all => all.map(one => one.name).join())";
    eventually("nothing is kept", async || {
        alice.text_of_script(names).await.is_empty().then_some(())
    })
    .await;
    alice.press(&[Key::Escape]).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert!(alice.texts().await.is_empty());
    alice.click(".to-settings").await;
    alice.click("[name=history]:not(:checked)").await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for(".to-settings:focus").await;
    alice.say("kept again").await;
    alice.sees("alice", "kept again", &["sent"]).await;
    alice.reload().await;
    alice.sees("alice", "kept again", &["sent"]).await;
    alice.leave(&[]).await;
}

#[tokio::test]
async fn a_language_holds_at_once_and_on_the_next_page_and_loses_nothing() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.type_into("#message-box", "half a thought").await;
    alice.press_with(&[Key::Control], ',').await;
    alice
        .wait_for("[name=language][value=system]:checked:focus")
        .await;
    alice.press(&[Key::Right]).await;
    alice.press(&[Key::Right]).await;
    alice
        .wait_for("html[lang=nl] .settings [name=language][value=nl]:checked:focus")
        .await;
    assert_eq!(alice.text_of(".settings h2").await, "Instellingen");
    assert_eq!(alice.text_of("#sign-out").await, "Afmelden");
    assert_eq!(alice.draft().await, "half a thought");
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no("dialog[open]").await;
    alice.wait_for("#message-box:focus").await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.text_of("#sign-out").await, "Afmelden");
    alice.press_with(&[Key::Control], ',').await;
    alice.click("[lang=en] [name=language]").await;
    alice
        .wait_for("html[lang=en] .settings [value=en]:checked")
        .await;
    alice.leave(&[]).await;
}
