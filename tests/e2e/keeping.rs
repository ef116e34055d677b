//! What was said is still there after a reload, for as long as the person wants it.

use crate::harness::{Person, World, eventually};

/// The names of the databases that the browser has for the page.
async fn databases(person: &Person) -> String {
    person
        .text_of_script(
            "return indexedDB.databases().then(all => all.map(one => one.name).join('; '))",
        )
        .await
}

/// How many records the browser keeps.
async fn records(person: &Person) -> usize {
    let count = "return indexedDB.databases().then(([first]) => first ? new Promise(done => {
        indexedDB.open(first.name).onsuccess = event => {
            const base = event.target.result;
            const rows = base.transaction('records').objectStore('records').getAllKeys();
            rows.onsuccess = () => {
                base.close();
                done('' + rows.result.filter(key => !key.startsWith('until')).length);
            };
        };
    }) : '0')";
    let count = person.text_of_script(count).await;
    count.parse().expect("a number")
}

async fn wait_for_records(person: &Person, count: usize) {
    eventually(&format!("{count} records"), async || {
        (records(person).await == count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_was_said_is_there_after_a_reload() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.say("from me").await;
    alice.sees("alice", "from me", &["sent"]).await;
    bob.say("from bob").await;
    alice.sees("bob", "from bob", &["received"]).await;
    for _ in 0..2 {
        // Written as the page is left.
        alice.reload().await;
        alice.wait_for_connection("connected").await;
        alice.sees("alice", "from me", &["sent"]).await;
        assert_eq!(alice.texts().await, ["from me", "from bob"], "each once");
        assert!(alice.has(".row:last-child .gap").await, "with a gap behind");
    }
    bob.say("after").await;
    alice.sees("bob", "after", &["received"]).await;
    let order = "return [...document.querySelectorAll('.gap, .message-text')]
        .map(one => one.className === 'gap' ? '--' : one.textContent).join(' ')";
    assert_eq!(
        alice.text_of_script(order).await,
        "from me from bob -- after",
        "two reloads with nothing in between leave one gap"
    );
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn signing_out_forgets_what_was_said() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("mine").await;
    wait_for_records(&alice, 1).await;
    alice.click("#sign-out").await;
    alice.wait_for("[data-provider]").await;
    assert_eq!(databases(&alice).await, "");
    alice.sign_in("alice").await;
    assert!(alice.texts().await.is_empty());
    alice.leave(&[]).await;
}

#[tokio::test]
async fn each_person_has_a_history_of_their_own() {
    let world = World::new().await;
    let person = world.person("alice").await;
    person.say("of alice").await;
    wait_for_records(&person, 1).await;
    // The session is over without a sign-out, and somebody else comes.
    person.text_of_script("sessionStorage.clear()").await;
    person.reload().await;
    person.sign_in("bob").await;
    assert!(person.texts().await.is_empty());
    person.leave(&[]).await;
}

#[tokio::test]
async fn nothing_is_kept_where_it_is_switched_off() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("kept for now").await;
    wait_for_records(&alice, 1).await;
    // Chosen on another page of this person's.
    alice.new_tab(&world.page()).await;
    alice
        .text_of_script("localStorage.setItem('chat.history', 'off')")
        .await;
    eventually("no database", async || {
        databases(&alice).await.is_empty().then_some(())
    })
    .await;
    alice.look_at_tab(0).await;
    alice.say("not kept").await;
    alice.sees("alice", "not kept", &["sent"]).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert!(alice.texts().await.is_empty());
    assert_eq!(databases(&alice).await, "");
    alice.leave(&[]).await;
}

#[tokio::test]
async fn a_browser_that_keeps_nothing_says_so_once() {
    let world = World::new().await;
    for broken in [
        "delete Window.prototype.indexedDB; delete window.indexedDB;",
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };",
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };",
        "IDBFactory.prototype.open = name => {
            const request = {};
            setTimeout(() => request.onerror({ type: 'error' }));
            return request;
        };",
    ] {
        let alice = Person::new().await;
        alice.before_each_page(broken).await;
        alice.go_to(&world.page()).await;
        alice.sign_in("alice").await;
        alice.say("all the same").await;
        alice.sees("alice", "all the same", &["sent"]).await;
        let notice = alice.text_of(".notice").await;
        assert!(notice.contains("not kept on this device"), "{notice}");
        alice.click(".notice .button").await;
        alice.wait_for_no(".notice").await;
        alice.reload().await;
        alice.wait_for_connection("connected").await;
        alice.say("again").await;
        alice.sees("alice", "again", &["sent"]).await;
        assert!(!alice.has(".notice").await, "{broken}");
        alice.leave(&[]).await;
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_set_aside() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("mine").await;
    wait_for_records(&alice, 1).await;
    let spoil = "return indexedDB.databases().then(([first]) => new Promise(done => {
        indexedDB.open(first.name).onsuccess = event => {
            const base = event.target.result;
            const writing = base.transaction('records', 'readwrite');
            const rows = writing.objectStore('records');
            rows.put('{\"v\":99}', '000000000001000000other');
            rows.put({ not: 'a text' }, '000000000002000000other');
            rows.put('{', 'a key of somebody else');
            rows.put('number', 7);
            rows.put('list', ['a', 1]);
            writing.oncomplete = () => { base.close(); done('done'); };
        };
    }))";
    assert_eq!(alice.text_of_script(spoil).await, "done");
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.sees("alice", "mine", &["sent"]).await;
    assert_eq!(alice.texts().await, ["mine"]);
    assert!(!alice.has(".notice").await);
    alice.leave(&[]).await;
}

#[tokio::test]
async fn two_tabs_of_one_person_do_not_disturb_each_other() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.new_tab(&world.page()).await;
    alice.sign_in("alice").await;
    let bob = world.person("bob").await;
    bob.say("ok").await;
    bob.sees("bob", "ok", &["sent"]).await;
    bob.say("ok").await;
    bob.say("done").await;
    for tab in [0, 1] {
        alice.look_at_tab(tab).await;
        alice.wait_for_text("done").await;
        alice.say(&format!("tab {tab}")).await;
        alice.sees("alice", &format!("tab {tab}"), &["sent"]).await;
    }
    let said = ["ok", "ok", "done", "tab 0", "tab 1"];
    for tab in [0, 1] {
        alice.look_at_tab(tab).await;
        alice.wait_for_text("tab 1").await;
        assert_eq!(alice.texts().await, said);
    }
    // Both have kept all of it.
    wait_for_records(&alice, 2 * said.len()).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.wait_for_text("tab 1").await;
    assert_eq!(alice.texts().await, said, "each once, equal texts twice");
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn what_waits_survives_a_reload_and_is_sent() {
    let mut world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    // The page can be loaded and says who is here, while the hub is out of reach.
    let no_hub = "window.WebSocket = class { constructor() { throw new Error('no hub'); } };
        window.EventSource = undefined;
        const real = fetch;
        window.fetch = (input, ...rest) => /negotiate/.test(input.url ?? input)
            && !sessionStorage.hub ? Promise.reject(new TypeError('no hub')) : real(input, ...rest);";
    let no_hub = format!("if (!sessionStorage.hub) {{ {no_hub} }}");
    alice.before_each_page(&no_hub).await;
    alice.reload().await;
    alice.wait_for("#message-box").await;
    alice.say("typed offline").await;
    alice.sees("alice", "typed offline", &["waiting"]).await;
    alice.reload().await;
    alice.sees("alice", "typed offline", &["waiting"]).await;
    // Another tab leaves it where it is.
    alice.new_tab(&world.page()).await;
    alice.sign_in("alice").await;
    assert!(alice.texts().await.is_empty(), "it waits in the other tab");
    alice.close_window().await;
    alice.look_at_tab(0).await;
    alice.text_of_script("sessionStorage.hub = 'there'").await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.sees("alice", "typed offline", &["sent"]).await;
    bob.sees("alice", "typed offline", &["received"]).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.sees("alice", "typed offline", &["sent"]).await;
    assert_eq!(bob.texts().await, ["typed offline"], "once");
    world.stop_backend().await;
    alice.leave(&["no hub", "ERR_"]).await;
    bob.leave(&["ERR_", "WebSocket"]).await;
}

#[tokio::test]
async fn what_failed_survives_a_reload_and_is_not_sent_unasked() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    // It leaves, and no answer ever comes.
    alice
        .text_of_script("window.fetch = () => new Promise(() => {})")
        .await;
    alice.say("on its way").await;
    alice.sees("alice", "on its way", &["sending"]).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.sees("alice", "on its way", &["failed"]).await;
    let reason = alice
        .text_of(".message[data-state=failed] .message-state")
        .await;
    assert!(reason.contains("closed before an answer came"), "{reason}");
    alice.click(".message[data-state=failed] .delete").await;
    alice.wait_for_no(".message").await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert!(alice.texts().await.is_empty());
    alice.leave(&[]).await;
}
