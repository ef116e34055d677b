//! A browser that keeps nothing, has no room, or brings back what this page never wrote; and two tabs
//! of one person.

use crate::harness::{Person, World};

/// What may be wrong with the storage of a tab and of a device.
const BROKEN: [(&str, &str); 4] = [
    (
        "switched off",
        "for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(window, name, {
            get() { throw new DOMException('switched off', 'SecurityError'); } });",
    ),
    (
        "missing",
        "for (const name of ['sessionStorage', 'localStorage'])
            Object.defineProperty(window, name, { value: null });",
    ),
    (
        "full",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };",
    ),
    (
        "out of order",
        "for (const name of ['getItem', 'setItem', 'removeItem', 'clear'])
            Storage.prototype[name] = () => { throw new DOMException('broken', 'UnknownError'); };",
    ),
];

#[tokio::test]
async fn a_chat_needs_no_storage() {
    let world = World::on_one_origin().await;
    let bob = world.person("bob").await;
    for (what, broken) in BROKEN {
        let alice = Person::new().await;
        alice.before_each_page(broken).await;
        alice.go_to(&world.page()).await;
        // Its session is a cookie, which needs none of it.
        alice.sign_in("alice").await;
        bob.say(what).await;
        alice.sees("bob", what, &["received"]).await;
        alice.type_into("#message-box", "half a sen").await;
        alice.click("button.message-sender").await;
        alice
            .wait_for("[data-conversation='user:bob'][aria-current=true]")
            .await;
        alice.click(".person-button").await;
        alice.click("label[for=mute]").await;
        alice
            .wait_for("[data-conversation='user:bob'] .muted")
            .await;
        alice.open("room").await;
        assert_eq!(alice.draft().await, "half a sen", "{what}");
        alice.say("tence").await;
        alice.sees("alice", "half a sentence", &["sent"]).await;
        bob.sees("alice", "half a sentence", &["received"]).await;
        assert_eq!(alice.draft().await, "");
        alice.leave(&[]).await;
    }
    bob.leave(&[]).await;
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_remembered_says_why() {
    let world = World::new().await;
    for (what, broken) in BROKEN {
        let alice = Person::new().await;
        alice.before_each_page(broken).await;
        alice.go_to(&world.page()).await;
        alice.click("[data-provider]").await;
        alice.wait_for("input[name=name]").await;
        alice.type_into("input[name=name]", "alice").await;
        alice.click("button").await;
        let notice = alice.text_of(".notice").await;
        assert!(
            notice.contains("keeps nothing for this page"),
            "{what}: {notice}"
        );
        assert_eq!(
            alice.address().await,
            world.page(),
            "no token is left in it"
        );
        alice.leave(&[]).await;
    }
}

#[tokio::test]
async fn what_other_versions_have_kept_is_set_aside() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("mine").await;
    alice.sees("alice", "mine", &["sent"]).await;
    let spoil = "
        const ignored = 'chat.ignored:' + JSON.parse(document.getElementById('chat-config').textContent).apiBaseUrl + ' alice';
        localStorage[ignored] = '{\"muted\":7,\"hidden\":[null,{\"x\":[]},\"\\ud800\"';
        localStorage['chat.history'] = '{\"days\":30}';
        localStorage['chat.notifications'] = 'sometimes';
        localStorage['chat.sound'] = '[object Object]';
        localStorage['chat.settings'] = '\\u0000';
        sessionStorage['chat.draft:room'] = 'a draft \\ud800 of old';
        sessionStorage['chat.draft:nowhere:at all'] = 'x'.repeat(100000);";
    alice.text_of_script(spoil).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert!(alice.draft().await.starts_with("a draft "));
    alice.wait_for_text("mine").await;
    alice.say("").await;
    alice.say("goes on").await;
    alice.sees("alice", "goes on", &["sent"]).await;
    // A token that is none.
    for token in [
        "",
        "x",
        "\\n",
        "http://elsewhere.example\\nx",
        "\\ud800\\n\\ud800",
    ] {
        let script = format!("sessionStorage['chat.token'] = '{token}'");
        alice.text_of_script(&script).await;
        alice.reload().await;
        alice.wait_for("main [data-provider=aad]").await;
    }
    alice.leave(&[]).await;
}

#[tokio::test]
async fn a_database_of_another_version_is_left_alone() {
    let world = World::new().await;
    // One that a later version has made, and one in which nothing is where it should be.
    for (version, store) in [(7, "records"), (1, "other")] {
        let alice = world.person("alice").await;
        alice.say("mine").await;
        alice.sees("alice", "mine", &["sent"]).await;
        let name = format!("chat.history {} alice", world.api());
        let script = format!(
            "return new Promise(done => {{
                indexedDB.deleteDatabase('{name}').onsuccess = () => {{
                    const opening = indexedDB.open('{name}', {version});
                    opening.onupgradeneeded = () => opening.result.createObjectStore('{store}');
                    opening.onsuccess = () => {{ opening.result.close(); done('made'); }};
                }};
            }})"
        );
        assert_eq!(alice.text_of_script(&script).await, "made");
        alice.reload().await;
        alice.wait_for_connection("connected").await;
        let notice = alice.text_of(".notice").await;
        assert!(notice.contains("not kept on this device"), "{notice}");
        alice.say("all the same").await;
        alice.sees("alice", "all the same", &["sent"]).await;
        let version_now = format!(
            "return indexedDB.databases().then(all => '' + all.find(one => one.name === '{name}').version)"
        );
        assert_eq!(
            alice.text_of_script(&version_now).await,
            version.to_string()
        );
        alice.leave(&[]).await;
    }
}

#[tokio::test]
async fn two_tabs_have_drafts_of_their_own_and_mute_the_same_people() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.type_into("#message-box", "in the first").await;
    alice.new_tab(&world.page()).await;
    alice.sign_in("alice").await;
    assert_eq!(alice.draft().await, "");
    alice.type_into("#message-box", "in the second").await;
    bob.say("hi").await;
    let carol = world.person("carol").await;
    carol.say("hello").await;
    for (tab, name, draft) in [(0, "bob", "in the first"), (1, "carol", "in the second")] {
        alice.look_at_tab(tab).await;
        alice.wait_for_text("hello").await;
        assert_eq!(alice.draft().await, draft);
        let open = format!(
            "[...document.querySelectorAll('button.message-sender')].find(one => one.textContent === '{name}').click()"
        );
        alice.text_of_script(&open).await;
        alice.click(".person-button").await;
        alice.click("label[for=mute]").await;
        alice.wait_for(".muted").await;
    }
    for (tab, draft) in [(0, "in the first"), (1, "in the second")] {
        alice.look_at_tab(tab).await;
        alice.reload().await;
        alice.wait_for_connection("connected").await;
        assert_eq!(alice.draft().await, draft);
        let kept = alice
            .text_of_script("return Object.values(localStorage).join()")
            .await;
        assert!(kept.contains("bob") && kept.contains("carol"), "{kept}");
    }
    alice.leave(&[]).await;
    bob.leave(&[]).await;
    carol.leave(&[]).await;
}
