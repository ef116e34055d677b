//! People talk: in the room, privately, and through an outage.

use crate::harness::{World, eventually};

#[tokio::test]
async fn two_people_sign_in_and_talk() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.say("hello, room").await;
    alice.sees("alice", "hello, room", &["sent"]).await;
    bob.sees("alice", "hello, room", &["received"]).await;
    bob.say("hello, alice").await;
    alice.sees("bob", "hello, alice", &["received"]).await;
    assert_eq!(
        alice.texts().await,
        ["hello, room", "hello, alice"],
        "each once, in order"
    );
    assert_eq!(bob.texts().await, ["hello, room", "hello, alice"]);
    assert_eq!(
        alice.draft().await,
        "",
        "what was sent is not in the composer any more"
    );
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn a_private_message_reaches_one_person_alone() {
    let world = World::new().await;
    let (alice, bob, carol) = tokio::join!(
        world.person("alice"),
        world.person("bob"),
        world.person("carol")
    );
    bob.say("click my name").await;
    alice.sees("bob", "click my name", &["received"]).await;
    alice.click("button.message-sender").await;
    alice
        .wait_for("[data-conversation='user:bob'][aria-current=true]")
        .await;
    alice.say("only you").await;
    alice.sees("alice", "only you", &["sent"]).await;

    bob.wait_for("[data-conversation='user:alice'] .badge")
        .await;
    assert!(
        !bob.texts().await.contains(&"only you".to_owned()),
        "not in the room"
    );
    bob.open("user:alice").await;
    bob.wait_for_no("[data-conversation='user:alice'] .badge")
        .await;
    bob.sees("alice", "only you", &["received"]).await;
    bob.say("only me").await;
    alice.sees("bob", "only me", &["received"]).await;

    // Whatever Carol is to see comes after what she is not to see.
    alice.open("room").await;
    alice.say("for all").await;
    carol.sees("alice", "for all", &["received"]).await;
    assert_eq!(carol.texts().await, ["click my name", "for all"]);
    assert!(!carol.has("[data-conversation^='user:']").await);
    for person in [alice, bob, carol] {
        person.leave(&[]).await;
    }
}

#[tokio::test]
async fn markup_in_a_message_is_text() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    let text = "<img src=x onerror=\"document.title='owned'\"><b>bold</b> & <script>1</script>";
    alice.say(text).await;
    for (person, state) in [(&alice, "sent"), (&bob, "received")] {
        person.sees("alice", text, &[state]).await;
        assert!(!person.has("[role=log] .message :is(img, b, script)").await);
        assert_eq!(person.text_of_script("return document.title").await, "Chat");
    }
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn both_come_back_when_the_backend_does() {
    let mut world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.say("before").await;
    bob.sees("alice", "before", &["received"]).await;

    world.stop_backend().await;
    alice.wait_for_connection("reconnecting").await;
    bob.wait_for_connection("reconnecting").await;
    alice.wait_for(".notice").await;
    bob.say("typed meanwhile").await;
    bob.sees("bob", "typed meanwhile", &["waiting"]).await;

    world.start_backend().await;
    alice.wait_for_connection("connected").await;
    bob.wait_for_connection("connected").await;
    bob.sees("bob", "typed meanwhile", &["sent"]).await;
    for person in [&alice, &bob] {
        person.wait_for(".gap").await;
        person.wait_for_no(".notice").await;
    }
    alice.say("after").await;
    bob.sees("alice", "after", &["received"]).await;
    // Alice may have been back before or after Bob's waiting message was sent.
    assert_eq!(bob.texts().await, ["before", "typed meanwhile", "after"]);
    eventually("one connection each", async || {
        (world.connections() == 2).then_some(())
    })
    .await;
    let expected = ["ERR_CONNECTION_REFUSED", "WebSocket connection to"];
    alice.leave(&expected).await;
    bob.leave(&expected).await;
}

#[tokio::test]
async fn a_conversation_keeps_its_draft() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    bob.say("hi").await;
    alice.sees("bob", "hi", &["received"]).await;
    alice.type_into("#message-box", "half a sen").await;
    alice.click("button.message-sender").await;
    alice
        .wait_for("[data-conversation='user:bob'][aria-current=true]")
        .await;
    assert_eq!(alice.draft().await, "");
    alice.open("room").await;
    assert_eq!(alice.draft().await, "half a sen");
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert_eq!(
        alice.draft().await,
        "half a sen",
        "a reload loses nothing that was typed"
    );
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn the_end_is_followed_until_somebody_reads_back() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    for number in 0..40 {
        bob.say(&format!("line {number}")).await;
    }
    alice.sees("bob", "line 39", &["received"]).await;
    let from_end = "const log = document.querySelector('[role=log]');
        return String(Math.round(log.scrollHeight - log.scrollTop - log.clientHeight))";
    eventually("the end", async || {
        (alice.text_of_script(from_end).await == "0").then_some(())
    })
    .await;

    alice
        .text_of_script("document.querySelector('[role=log]').scrollTop = 0")
        .await;
    alice.wait_for(".to-latest").await;
    bob.say("one more").await;
    let button = "Jump to latest · 1 new message";
    eventually(button, async || {
        (alice.text_of(".to-latest").await == button).then_some(())
    })
    .await;
    let top = alice
        .text_of_script("return String(document.querySelector('[role=log]').scrollTop)")
        .await;
    assert_eq!(top, "0", "what is being read stays where it is");
    alice.click(".to-latest").await;
    eventually("the end", async || {
        (alice.text_of_script(from_end).await == "0").then_some(())
    })
    .await;
    alice.wait_for_no(".to-latest").await;
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}
