//! The page without a network, and a new build while the old page is open.

use std::fs;
use std::path::Path;

use crate::dist::{Folder, built_page, edited, sha256};
use crate::harness::{Person, eventually};
use crate::hosts::{backend_for, settings};
use crate::servers::{Kind, Server};

/// Waits until the service worker has a build as a whole: until a cache of its has the page.
async fn kept(person: &Person, text: &str) {
    let script = "window.kept = '';
        caches.keys()
            .then(names => Promise.all(names.map(name => caches.open(name))))
            .then(all => Promise.all(all.map(one => one.match('./'))))
            .then(pages => Promise.all(pages.map(page => page?.text() ?? '')))
            .then(texts => { window.kept = texts.join('') })";
    eventually(&format!("a kept page with {text}"), async || {
        person.text_of_script(script).await;
        let kept = person.text_of_script("return window.kept").await;
        kept.contains(text).then_some(())
    })
    .await;
}

#[tokio::test]
async fn without_a_network_the_page_is_there_and_says_that_the_backend_is_not() {
    let folder = Folder::with_dist("chat");
    let server = Server::start(Kind::Nginx, &folder.path).await;
    let (page, port) = (server.page(), server.port);
    let backend = backend_for(&server).await;
    let index = folder.path.join("chat/index.html");
    fs::write(&index, edited(&built_page(), &settings(&backend))).expect("it can be written");
    let alice = Person::new().await;
    alice.go_to(&page).await;
    alice.wait_for("[data-provider]").await;
    kept(&alice, &backend.url()).await;
    let api = backend.url();

    backend.stop().await;
    drop(server);
    alice.reload().await;
    let notice = alice.text_of(".notice[role=alert]").await;
    assert!(notice.contains(&api), "the step and the address: {notice}");
    // Not the browser's own page, nor an old one that never left: the files came from the cache.
    alice.wait_for("main").await;

    // What somebody edits on the host reaches the page with the network, and stays.
    let settings = r#"{ "apiBaseUrl": "http://localhost:1", "authProvider": "aad" }"#;
    fs::write(&index, edited(&built_page(), settings)).expect("it can be written");
    let server = Server::again(Kind::Nginx, &folder.path, port).await;
    alice.reload().await;
    kept(&alice, "http://localhost:1").await;
    drop(server);
    alice.reload().await;
    let notice = alice.text_of(".notice[role=alert]").await;
    assert!(notice.contains("http://localhost:1"), "{notice}");
    alice
        .leave(&["ERR_", "unknown error occurred when fetching the script"])
        .await;
}

/// Whoever reads Dutch has it without a network too; nobody else keeps a byte of it.
#[tokio::test]
async fn without_a_network_the_page_speaks_the_same_language() {
    let folder = Folder::with_dist("chat");
    let server = Server::start(Kind::Nginx, &folder.path).await;
    let backend = backend_for(&server).await;
    let index = folder.path.join("chat/index.html");
    fs::write(&index, edited(&built_page(), &settings(&backend))).expect("it can be written");
    let (anna, alice) = (Person::who_reads("nl").await, Person::new().await);
    for person in [&anna, &alice] {
        person.go_to(&server.page()).await;
        person.wait_for("[data-provider]").await;
        kept(person, &backend.url()).await;
    }
    assert!(kept_names(&anna).await.contains(".nl.txt"));
    let names = kept_names(&alice).await;
    assert!(
        names.contains(".wasm") && !names.contains(".txt"),
        "{names}"
    );

    // Somebody who chooses it has it from then on.
    alice
        .text_of_script("localStorage.setItem('chat.language', 'nl')")
        .await;
    alice.reload().await;
    alice.wait_for("html[lang=nl] [data-provider]").await;
    eventually("texts that are kept", async || {
        kept_names(&alice).await.contains(".nl.txt").then_some(())
    })
    .await;

    backend.stop().await;
    drop(server);
    for person in [anna, alice] {
        person.reload().await;
        let notice = person.text_of(".notice[role=alert]").await;
        assert!(notice.contains("antwoordt niets"), "{notice}");
        person
            .leave(&["ERR_", "unknown error occurred when fetching the script"])
            .await;
    }
}

/// The addresses of everything that is kept.
async fn kept_names(person: &Person) -> String {
    let script = "window.names = '';
        caches.keys().then(names => Promise.all(names.map(name => caches.open(name))))
            .then(all => Promise.all(all.map(one => one.keys())))
            .then(keys => { window.names = keys.flat().map(one => one.url).join(' ') + ' end' })";
    person.text_of_script(script).await;
    eventually("the names of what is kept", async || {
        let names = person.text_of_script("return window.names").await;
        names.ends_with(" end").then_some(names)
    })
    .await
}

#[tokio::test]
async fn a_new_build_leaves_the_open_page_alone_and_is_there_at_the_next_load() {
    let folder = Folder::with_dist("chat");
    let server = Server::start(Kind::Nginx, &folder.path).await;
    let (page, port) = (server.page(), server.port);
    let backend = backend_for(&server).await;
    let chat = folder.path.join("chat");
    let index = chat.join("index.html");
    fs::write(&index, edited(&built_page(), &settings(&backend))).expect("it can be written");
    let alice = Person::new().await;
    alice.go_to(&page).await;
    alice.sign_in("alice").await;
    kept(&alice, "<title>Chat</title>").await;
    alice.type_into("#message-box", "half a thought").await;

    let old = publish_the_next(&chat);
    // As the browser does by itself now and then.
    alice
        .text_of_script("navigator.serviceWorker.ready.then(one => one.update())")
        .await;
    // Fetched as a whole, beside the old one, and under nobody's hands.
    kept(&alice, "<title>Next</title>").await;
    kept(&alice, "<title>Chat</title>").await;
    assert_eq!(alice.draft().await, "half a thought");
    assert_eq!(alice.text_of_script("return document.title").await, "Chat");

    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.text_of_script("return document.title").await, "Next");
    let loaded = "return performance.getEntriesByType('resource').map(one => one.name).join(' ')";
    let loaded = alice.text_of_script(loaded).await;
    assert!(
        !loaded.contains(&old),
        "{old} is of the old build: {loaded}"
    );
    // The old build goes when a page of the new one is there.
    eventually("one build in the cache", async || {
        alice
            .text_of_script("caches.keys().then(all => { window.builds = String(all.length) })")
            .await;
        (alice.text_of_script("return window.builds").await == "1").then_some(())
    })
    .await;

    // And it is whole.
    drop(server);
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.text_of_script("return document.title").await, "Next");
    let server = Server::again(Kind::Nginx, &folder.path, port).await;
    alice
        .leave(&["ERR_", "unknown error occurred when fetching the script"])
        .await;
    drop(server);
}

/// While a host has only half of a new build, the old one stays, and is not mixed with it.
#[tokio::test]
async fn half_a_build_is_not_kept() {
    let folder = Folder::with_dist("chat");
    let server = Server::start(Kind::Nginx, &folder.path).await;
    let page = server.page();
    let backend = backend_for(&server).await;
    let chat = folder.path.join("chat");
    fs::write(
        chat.join("index.html"),
        edited(&built_page(), &settings(&backend)),
    )
    .expect("it can be written");
    let alice = Person::new().await;
    alice.go_to(&page).await;
    alice.wait_for("[data-provider]").await;
    kept(&alice, "<title>Chat</title>").await;

    // Everything of it has come but the JS.
    let old = publish_the_next(&chat);
    let new = script_name(&fs::read_to_string(chat.join("index.html")).expect("a page"));
    for suffix in ["", ".br", ".gz"] {
        fs::rename(
            chat.join([&new, suffix].concat()),
            chat.join(["held", suffix].concat()),
        )
        .expect("it can be held back");
    }
    let update = "navigator.serviceWorker.ready.then(one => one.update()).then(
            one => { const next = one.installing; if (!next) { window.next = 'none' } else {
                window.next = next.state;
                next.onstatechange = () => { window.next = next.state } } },
            () => { window.next = 'refused' })";
    alice.text_of_script(update).await;
    eventually("an install that fails", async || {
        (alice.text_of_script("return String(window.next)").await == "redundant").then_some(())
    })
    .await;
    let names = kept_names(&alice).await;
    assert!(names.contains(&old) && !names.contains(&new), "{names}");
    // A page whose files are not there says so.
    alice.reload().await;
    alice.wait_for("#unloaded:not([hidden])").await;
    let words = alice.text_of("#unloaded").await;
    assert!(words.contains("Load the page again"), "{words}");
    alice
        .leave(&["404", "Failed to fetch dynamically imported module"])
        .await;
    backend.stop().await;
}

fn script_name(page: &str) -> String {
    let (_, rest) = page.split_once("import(\"./").expect("it is loaded");
    rest.split_once('"').expect("it ends").0.to_owned()
}

/// Puts another build in place of the one in `chat`: another title, and another name for the JS.
/// Returns the old name, whose file is gone.
fn publish_the_next(chat: &Path) -> String {
    let index = chat.join("index.html");
    let page = fs::read_to_string(&index).expect("a page");
    let old = script_name(&page);
    let new = "serverless-chat-0123456789abcdef.js";
    for suffix in ["", ".br", ".gz"] {
        fs::rename(
            chat.join([&old, suffix].concat()),
            chat.join([new, suffix].concat()),
        )
        .expect("it can be renamed");
    }
    let start = |page: &str| {
        let (_, rest) = page.split_once("<script>").expect("a script");
        sha256(rest.split_once("</script>").expect("it ends").0.as_bytes())
    };
    let next = page
        .replace(&old, new)
        .replace("<title>Chat</title>", "<title>Next</title>");
    let next = next.replace(&start(&page), &start(&next));
    fs::write(&index, next).expect("it can be written");
    let worker = chat.join("service-worker.js");
    let text = fs::read_to_string(&worker).expect("a worker");
    let build = "const BUILD = \"";
    let next = text
        .replace(&old, new)
        .replace(build, &[build, "next-"].concat());
    fs::write(&worker, next).expect("it can be written");
    old
}
