//! The page in the language that its reader's browser asks for, or that they have set.

use crate::harness::{Person, World, eventually};

/// Somebody in Dutch, at the sign-in.
async fn dutch(world: &World) -> Person {
    let person = Person::who_reads("nl-NL,nl,en").await;
    person.go_to(&world.page()).await;
    person.wait_for("[data-provider]").await;
    person
}

/// Sets a language as another tab of the same browser does.
async fn set(person: &Person, language: &str) {
    let script = format!(
        "localStorage.setItem('chat.language', '{language}');
        dispatchEvent(new StorageEvent('storage'))"
    );
    person.text_of_script(&script).await;
    person.wait_for(&format!("html[lang={language}]")).await;
}

/// All that the page shows, and all that is said of it by names and titles.
async fn everything(person: &Person) -> String {
    let script = "return [document.body.innerText,
        ...[...document.querySelectorAll('body :not(template)')].flatMap(one =>
            ['aria-label', 'title', 'placeholder'].map(name => one.getAttribute(name) ?? ''))].join('\\n')";
    person.text_of_script(script).await
}

#[tokio::test]
async fn a_browser_that_asks_for_dutch_gets_dutch() {
    let world = World::new().await;
    let anna = dutch(&world).await;
    let page = "return document.documentElement.lang + ' ' + document.documentElement.dir";
    assert_eq!(anna.text_of_script(page).await, "nl ltr");
    assert_eq!(anna.text_of("h1").await, "Meld je aan om te chatten");
    assert_eq!(
        anna.text_of("[data-provider]").await,
        "Aanmelden met Microsoft"
    );

    anna.sign_in("anna").await;
    anna.say("hallo").await;
    anna.sees("anna", "hallo", &["sent"]).await;
    let shown = everything(&anna).await;
    for words in [
        "Iedereen",
        "Iedereen die hier is leest dit.",
        "Verbonden",
        "Ga naar een gesprek",
        "Privé",
        "Afmelden",
        "Versturen",
        "Bericht aan Iedereen",
        "jij",
        "Verstuurd",
        "Berichten zoeken",
        "Meldingen van privéberichten en vermeldingen",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    for words in [
        "Everyone",
        "Send",
        "Connected",
        "Search",
        "Sign",
        "message",
        "you\n",
    ] {
        assert!(!shown.contains(words), "{words}: {shown}");
    }
    // The day as Dutch has it, and the time as it is written there.
    let day = anna.text_of(".day").await;
    let expected = "return new Intl.DateTimeFormat('nl-NL',
        { weekday: 'long', day: 'numeric', month: 'long' }).format()";
    assert_eq!(day, anna.text_of_script(expected).await);
    assert!(day.contains("dag "), "{day}");
    anna.leave(&[]).await;
}

#[tokio::test]
async fn a_browser_that_asks_for_neither_gets_english_and_loads_nothing_else() {
    let world = World::new().await;
    let klara = Person::who_reads("de-DE,de").await;
    klara.go_to(&world.page()).await;
    klara.wait_for("[data-provider]").await;
    assert_eq!(klara.text_of("h1").await, "Sign in to chat");
    let page = "return document.documentElement.lang";
    assert_eq!(klara.text_of_script(page).await, "en");
    let loaded = "return performance.getEntriesByType('resource').map(one => one.name).join(' ')";
    let loaded = klara.text_of_script(loaded).await;
    assert!(!loaded.contains(".txt"), "{loaded}");
    klara.leave(&[]).await;
}

#[tokio::test]
async fn a_language_that_cannot_be_had_is_english() {
    let world = World::new().await;
    let anna = Person::who_reads("nl").await;
    anna.cannot_load("*.txt").await;
    anna.go_to(&world.page()).await;
    assert_eq!(anna.text_of("h1").await, "Sign in to chat");
    let page = "return document.documentElement.lang";
    assert_eq!(anna.text_of_script(page).await, "en");
    anna.leave(&["ERR_BLOCKED_BY_CLIENT"]).await;
}

#[tokio::test]
async fn a_language_that_is_set_is_spoken_at_once_and_takes_nothing_away() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("hello").await;
    alice.sees("alice", "hello", &["sent"]).await;
    alice.type_into("#message-box", "half a thought").await;
    alice.text_of_script("window.same = 'page'").await;

    set(&alice, "nl").await;
    eventually("Dutch", async || {
        let label = "return document.querySelector('#message-box')?.placeholder ?? ''";
        (alice.text_of_script(label).await == "Bericht aan Iedereen").then_some(())
    })
    .await;
    assert_eq!(alice.text_of(".connection").await, "Verbonden");
    assert_eq!(alice.draft().await, "half a thought");
    alice.sees("alice", "hello", &["sent"]).await;
    assert_eq!(alice.text_of_script("return window.same").await, "page");
    assert_eq!(world.connections(), 1, "the connection went on");
    // What opens over the page is drawn anew as well.
    alice.click("button.connection").await;
    alice.wait_for("dialog[open]").await;
    let details = alice.text_of("dialog[open]").await;
    assert!(details.contains("Stappen, de laatste eerst"), "{details}");
    assert!(
        details.contains("Onderhandelen met de functie"),
        "{details}"
    );
    alice.click(".details .close").await;

    // It is kept, whatever the browser asks for.
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.text_of(".connection").await, "Verbonden");
    assert_eq!(alice.draft().await, "half a thought");
    set(&alice, "en").await;
    eventually("English", async || {
        (alice.text_of(".connection").await == "Connected").then_some(())
    })
    .await;
    assert_eq!(alice.text_of(".composer [type=submit]").await, "Send");
    alice.leave(&[]).await;
}

#[tokio::test]
async fn what_is_wrong_is_said_in_dutch() {
    let elsewhere = |options: &mut backend::Options| {
        options.allow_origins = vec!["http://localhost:1".into()];
    };
    let world = World::with(elsewhere).await;
    let anna = Person::who_reads("nl").await;
    anna.go_to(&world.page()).await;
    let notice = anna.text_of(".notice[role=alert]").await;
    assert!(notice.contains("mag het antwoord niet lezen"), "{notice}");
    assert!(
        notice.contains("Zet Host.CORS in local.settings.json op"),
        "{notice}"
    );
    // The origin is there to be copied, in the middle of a Dutch sentence.
    assert_eq!(anna.text_of(".copyable button").await, "Kopiëren");
    world.set_settings("{\"apiBaseUrl\":7}");
    anna.reload().await;
    let notice = anna.text_of(".notice[role=alert]").await;
    assert!(
        notice.contains("De instelling apiBaseUrl kan niet 7 zijn."),
        "{notice}"
    );
    assert!(
        notice.contains("De instellingen staan in index.html."),
        "{notice}"
    );
    anna.leave(&["CORS", "ERR_FAILED"]).await;
}

/// The forms of a text for one and for more are those that browsers know of these languages.
#[tokio::test]
async fn one_and_more_are_told_apart_as_browsers_do() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let script = "const others = [];
        for (const language of ['en', 'nl']) {
            const rules = new Intl.PluralRules(language);
            for (let count = 0; count < 2000; count++) {
                if (rules.select(count) !== (count === 1 ? 'one' : 'other')) others.push(language + count);
            }
        }
        return others.join(' ')";
    assert_eq!(visitor.text_of_script(script).await, "");
    visitor.leave(&[]).await;
}

/// The page written from right to left, as in Arabic or Hebrew: no language of the page needs it yet.
#[tokio::test]
async fn the_layout_is_mirrored_from_right_to_left() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("first").await;
    alice.sees("alice", "first", &["sent"]).await;
    let order = "const left = one => document.querySelector(one).getBoundingClientRect().left;
        return String([
            left('.sidebar') < left('.conversation'),
            left('#message-box') < left('.composer [type=submit]'),
            left('.message .avatar') < left('.message-text'),
            left('.conversation-title') < left('.connection'),
            left('.account .avatar') < left('#sign-out'),
        ])";
    assert_eq!(
        alice.text_of_script(order).await,
        "true,true,true,true,true"
    );
    alice
        .text_of_script("document.documentElement.dir = 'rtl'")
        .await;
    assert_eq!(
        alice.text_of_script(order).await,
        "false,false,false,false,false"
    );
    // Nothing sticks out, on a phone neither; and the list is drawn in from where reading begins.
    alice.picture(390, 844, false).await;
    let inside = "return String(document.documentElement.scrollWidth <= innerWidth)";
    assert_eq!(alice.text_of_script(inside).await, "true");
    alice.click(".drawer-button").await;
    let drawn = "const list = document.querySelector('.sidebar').getBoundingClientRect();
        return String(Math.round(list.right) === innerWidth && list.left > 0)";
    eventually("the list at the right edge", async || {
        (alice.text_of_script(drawn).await == "true").then_some(())
    })
    .await;
    alice.leave(&[]).await;
}
