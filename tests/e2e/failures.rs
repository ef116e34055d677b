//! What goes wrong is said, with what to do, and loses nothing.

use backend::options::Transport;

use crate::harness::World;

/// Where no WebSocket gets through, the page connects by what is left.
#[tokio::test]
async fn people_talk_over_every_transport() {
    for transport in [Transport::ServerSentEvents, Transport::LongPolling] {
        let mut world = World::with(|options| options.transports = vec![transport]).await;
        let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
        alice.say("hello, room").await;
        bob.sees("alice", "hello, room", &["received"]).await;
        world.stop_backend().await;
        bob.wait_for_connection("reconnecting").await;
        world.start_backend().await;
        bob.wait_for_connection("connected").await;
        alice.wait_for_connection("connected").await;
        bob.say("back again").await;
        alice.sees("bob", "back again", &["received"]).await;
        alice.leave(&["ERR_", "404"]).await;
        bob.leave(&["ERR_", "404"]).await;
    }
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let world = World::new().await;
    for (settings, key) in [
        (r#"{"apiBaseUrl":"localhost:7071"}"#, "apiBaseUrl"),
        (r#"{"authProvider":7}"#, "authProvider"),
        (r#"{"apiBaseUrl":"http://localhost:7071",}"#, "JSON"),
    ] {
        world.set_settings(settings);
        let visitor = world.visitor().await;
        let notice = visitor.text_of(".notice[role=alert]").await;
        assert!(
            notice.contains(key) && notice.contains("index.html"),
            "{notice}"
        );
        visitor.leave(&[]).await;
    }
}

#[tokio::test]
async fn an_unknown_setting_is_pointed_out() {
    let world = World::with(|options| options.anonymous = true).await;
    world.set_settings(&format!(
        r#"{{"apiBaseUrl":"{}","authprovider":"aad"}}"#,
        world.api()
    ));
    let visitor = world.visitor().await;
    let notice = visitor.text_of(".notice").await;
    assert!(notice.contains("authprovider"), "{notice}");
    visitor.leave(&["404"]).await;
}

#[tokio::test]
async fn a_backend_that_is_not_there_is_said_to_be_so_until_it_is() {
    let mut world = World::new().await;
    world.stop_backend().await;
    let visitor = world.visitor().await;
    let notice = visitor.text_of(".notice[role=alert]").await;
    assert!(
        notice.contains(&world.api()),
        "the step and the address: {notice}"
    );
    assert!(notice.contains("Start the backend"), "what to do: {notice}");
    assert!(
        !visitor.has("[data-provider]").await,
        "no sign-in is offered where nothing answers"
    );
    world.start_backend().await;
    visitor.click("button").await;
    visitor.wait_for_no(".notice").await;
    visitor.wait_for("[data-provider=aad]").await;
    visitor.leave(&["ERR_CONNECTION_REFUSED", "401"]).await;
}

#[tokio::test]
async fn a_sign_in_that_may_not_lead_back_does_not() {
    let world = World::with(|options| options.allow_redirects = Some(Vec::new())).await;
    let visitor = world.visitor().await;
    visitor.click("[data-provider]").await;
    visitor.wait_for("input[name=name]").await;
    visitor.type_into("input[name=name]", "alice").await;
    visitor.click("button").await;
    visitor.wait_for("a[href='/']").await;
    assert!(
        visitor
            .address()
            .await
            .starts_with(&[&world.api(), "/.auth/login/done#token="].concat())
    );
    visitor.leave(&[]).await;
}

#[tokio::test]
async fn a_message_that_fails_keeps_its_text_and_can_be_sent_again() {
    let world = World::new().await;
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    // Bob's network stops taking his requests, while his connection stays.
    bob.text_of_script("window.realFetch = fetch; window.fetch = () => Promise.reject(new TypeError('no network'))")
        .await;
    bob.say("in trouble").await;
    bob.sees("bob", "in trouble", &["failed"]).await;
    let reason = bob
        .text_of(".message[data-state=failed] .message-state")
        .await;
    assert!(reason.contains("may have arrived"), "{reason}");
    bob.text_of_script("window.fetch = window.realFetch").await;
    bob.click(".message[data-state=failed] .link").await;
    bob.sees("bob", "in trouble", &["sent"]).await;
    alice.sees("bob", "in trouble", &["received"]).await;
    assert_eq!(bob.texts().await, ["in trouble"]);
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn a_text_that_is_too_long_stays_in_the_composer() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice
        .text_of_script("document.querySelector('#message-box').value = 'x'.repeat(70000)")
        .await;
    alice.say("!").await;
    let problem = alice.text_of(".composer-problem:not(:empty)").await;
    assert!(problem.contains("64 kB"), "{problem}");
    assert_eq!(alice.draft().await.len(), 70001);
    alice.leave(&[]).await;
}
