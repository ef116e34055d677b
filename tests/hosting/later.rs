//! The second part of the app: that it is checked, that the page does without it, and that nothing
//! is lost when it comes at last.

use std::fs;

use fantoccini::key::Key;

use crate::dist::{Folder, built_page, edited};
use crate::harness::Person;
use crate::hosts::{backend_for, settings};
use crate::servers::{Kind, Server};

#[tokio::test]
async fn a_second_part_that_does_not_come_is_asked_for_again_and_nothing_is_lost() {
    let folder = Folder::with_dist("chat");
    let server = Server::start(Kind::Nginx, &folder.path).await;
    let backend = backend_for(&server).await;
    let chat = folder.path.join("chat");
    let page = edited(&built_page(), &settings(&backend));
    fs::write(chat.join("index.html"), page).expect("it can be written");
    let files = fs::read_dir(&chat).expect("it is there");
    let files = files.map(|file| file.expect("it can be read").path());
    let later: Vec<_> = files
        .filter(|file| file.to_string_lossy().contains("serverless-chat-later-"))
        .collect();
    assert_eq!(later.len(), 3, "as it is, and compressed twice: {later:?}");
    let contents: Vec<_> = later
        .iter()
        .map(|file| fs::read(file).expect("it can be read"))
        .collect();
    for file in &later {
        // Somebody has put something else in its place.
        match file.extension().is_some_and(|one| one == "wasm") {
            true => fs::write(file, b"\0asm\x01\0\0\0").expect("it can be written"),
            false => fs::remove_file(file).expect("it can be removed"),
        }
    }

    let alice = Person::new().await;
    alice.go_to(&server.page()).await;
    alice.sign_in("alice").await;
    alice.wait_for(".not-all-here[role=alert]").await;
    alice.say("said without it").await;
    alice.sees("alice", "said without it", &["sent"]).await;
    alice.type_into("#message-box", "half a thought").await;
    alice.press_with(&[Key::Control], 'k').await;
    let plain = later
        .iter()
        .find(|file| file.extension().is_some_and(|one| one == "wasm"));
    fs::remove_file(plain.expect("one is as it is")).expect("it can be removed");
    alice.click(".not-all-here button").await;
    alice.wait_for(".not-all-here").await;
    assert!(!alice.has(".picker").await);
    assert_eq!(alice.draft().await, "half a thought");

    for (file, content) in later.iter().zip(contents) {
        fs::write(file, content).expect("it can be written");
    }
    alice.click(".not-all-here button").await;
    // What was asked for before it was there.
    alice.wait_for(".picker input:focus").await;
    alice.wait_for_no(".not-all-here").await;
    alice.press(&[Key::Escape]).await;
    alice.wait_for_no(".picker").await;
    assert_eq!(alice.draft().await, "half a thought");
    alice.sees("alice", "said without it", &["sent"]).await;
    alice
        .leave(&["404", "Fetch API cannot load", "integrity"])
        .await;
    backend.stop().await;
}
