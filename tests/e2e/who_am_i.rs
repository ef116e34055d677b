//! Whatever answers at `/.auth`, the page knows who is here, or says why it does not.

use backend::switches::{Fault, Host, Me, Outcome, Step, Unauthenticated};

use crate::harness::World;

#[tokio::test]
async fn static_web_apps_say_it_in_their_own_words() {
    let world = World::on_one_origin().await;
    world
        .backend()
        .switch(|switches| switches.host = Host::StaticWebApps);
    let alice = world.visitor().await;
    alice.wait_for("[data-provider=aad]").await;
    assert!(!alice.has(".notice").await, "there is nothing to explain");
    alice.sign_in("alice").await;
    assert_eq!(alice.text_of("#me").await, "alice");
    alice.say("from a static page").await;
    alice.sees("alice", "from a static page", &["sent"]).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.click("#sign-out").await;
    alice.wait_for("main [data-provider=aad]").await;
    alice.leave(&[]).await;
}

/// App Service that leads everybody to the sign-in page who is not signed in.
#[tokio::test]
async fn on_one_origin_a_redirect_means_signed_out() {
    let world = World::on_one_origin().await;
    world
        .backend()
        .switch(|switches| switches.unauthenticated = Unauthenticated::Redirect);
    let alice = world.visitor().await;
    alice.sign_in("alice").await;
    alice.say("before").await;
    alice.sees("alice", "before", &["sent"]).await;
    world.backend().revoke_sessions();
    alice.say("after").await;
    alice.sees("alice", "after", &["failed"]).await;
    let notice = alice.text_of(".notice").await;
    assert!(notice.contains("You are signed out."), "{notice}");
    alice.leave(&["401"]).await;
}

/// The same across origins: a browser shows that redirect to a script only if CORS lets it.
#[tokio::test]
async fn across_origins_a_redirect_leaves_both_ways_open() {
    let world = World::new().await;
    world
        .backend()
        .switch(|switches| switches.unauthenticated = Unauthenticated::Redirect);
    let alice = world.visitor().await;
    alice.wait_for("[data-provider=aad]").await;
    assert!(!alice.has(".notice").await, "CORS let it");
    // App Service leads away before its CORS settings count, which is as good as no answer.
    let silence = Fault::then(Step::Me, Outcome::DropBefore);
    world
        .backend()
        .switch(|switches| switches.faults = vec![silence]);
    alice.reload().await;
    let notice = alice.text_of(".notice").await;
    assert!(notice.contains("Asking who you are"), "{notice}");
    let hint = alice.text_of(".welcome-card > p").await;
    assert!(hint.contains("signing in is what helps"), "{hint}");
    world.backend().switch(|switches| switches.faults.clear());
    alice.sign_in("alice").await;
    alice.say("here I am").await;
    alice.sees("alice", "here I am", &["sent"]).await;
    alice.leave(&["ERR_"]).await;
}

#[tokio::test]
async fn why_nobody_seems_to_be_signed_in_is_said_where_it_helps() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    for (me, words) in [
        (Me::Empty, "has forgotten who you are"),
        (Me::Html, "/.auth/me does not say who you are"),
    ] {
        world.backend().switch(|switches| switches.me = me);
        alice.reload().await;
        let notice = alice.text_of(".welcome .notice").await;
        assert!(notice.contains(words), "{notice}");
        alice.wait_for("[data-provider=aad]").await;
    }
    alice.leave(&[]).await;
}

#[tokio::test]
async fn an_answer_that_does_not_come_may_mean_that_the_session_is_over() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let silence = |silent: bool| {
        let fault = silent.then(|| Fault::then(Step::Messages, Outcome::DropBefore));
        world
            .backend()
            .switch(|switches| switches.faults = fault.into_iter().collect());
    };
    silence(true);
    alice.say("into the void").await;
    alice.sees("alice", "into the void", &["failed"]).await;
    silence(false);
    alice.say("heard").await;
    alice.sees("alice", "heard", &["sent"]).await;
    assert!(!alice.has(".notice").await, "the session is good");
    silence(true);
    world.backend().revoke_sessions();
    alice.say("into the void again").await;
    let notice = alice.text_of(".notice").await;
    assert!(notice.contains("You are signed out."), "{notice}");
    alice.leave(&["401", "ERR_"]).await;
}

#[tokio::test]
async fn a_refresh_that_was_refused_is_not_asked_for_again() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    world.backend().expire_sessions();
    // The second would work.
    world.backend().switch(|switches| {
        switches.faults = vec![Fault::status(Step::Refresh, 403).times(1)];
    });
    for text in ["one", "two"] {
        alice.say(text).await;
        alice.sees("alice", text, &["failed"]).await;
    }
    alice.click(".notice [data-provider=aad]").await;
    alice.sign_in_beside("alice").await;
    alice.wait_for_no(".notice").await;
    world.backend().expire_sessions();
    alice.say("three").await;
    alice.sees("alice", "three", &["sent"]).await;
    alice.leave(&["401", "403"]).await;
}
