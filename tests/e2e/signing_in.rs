//! Signing in and out, on another origin than the backend's.

use crate::harness::{World, eventually};

#[tokio::test]
async fn signed_out_means_a_way_to_sign_in() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    visitor.wait_for("[data-provider=aad]").await;
    assert!(!visitor.has("#message-box").await);
    visitor.sign_in("alice").await;
    assert_eq!(visitor.text_of("#me").await, "alice");
    assert_eq!(
        visitor.address().await,
        world.page(),
        "the token is not in the address"
    );
    visitor.text_of_script("history.back()").await;
    eventually(
        "the sign-in's page, and no token on the way to it",
        async || visitor.has("input[name=name]").await.then_some(()),
    )
    .await;
    visitor.leave(&[]).await;
}

#[tokio::test]
async fn a_reload_keeps_the_session_and_signing_out_ends_it() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.text_of("#me").await, "alice");
    alice.click("#sign-out").await;
    alice.wait_for("[data-provider=aad]").await;
    assert_eq!(alice.address().await, world.page());
    assert_eq!(
        alice
            .text_of_script("return String(sessionStorage.length)")
            .await,
        "0"
    );
    eventually("no connection", async || {
        (world.connections() == 0).then_some(())
    })
    .await;
    alice.reload().await;
    alice.wait_for("[data-provider=aad]").await;
    alice.leave(&["401"]).await;
}

#[tokio::test]
async fn two_tabs_are_two_people() {
    let world = World::new().await;
    let both = world.person("alice").await;
    both.new_tab(&world.page()).await;
    both.sign_in("bob").await;
    both.say("from the second tab").await;
    both.sees("bob", "from the second tab", &["sent"]).await;
    both.look_at_tab(0).await;
    both.sees("bob", "from the second tab", &["received"]).await;
    assert_eq!(both.text_of("#me").await, "alice");
    both.leave(&[]).await;
}

#[tokio::test]
async fn a_token_in_a_link_signs_nobody_in() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    let planted = "#token=%7B%22authenticationToken%22%3A%22planted%22%7D";
    visitor.go_to("about:blank").await;
    visitor
        .go_to(&[world.page().as_str(), planted].concat())
        .await;
    visitor.wait_for("[data-provider=aad]").await;
    assert_eq!(
        visitor.address().await,
        world.page(),
        "taken out of the address"
    );
    assert_eq!(
        visitor
            .text_of_script("return String(sessionStorage.length)")
            .await,
        "0"
    );
    visitor.leave(&[]).await;
}

#[tokio::test]
async fn a_failed_sign_in_says_so() {
    let world = World::new().await;
    let visitor = world.visitor().await;
    visitor.go_to("about:blank").await;
    visitor
        .go_to(&[world.page().as_str(), "#error=Access%20denied"].concat())
        .await;
    let notice = visitor.text_of(".notice").await;
    assert!(
        notice.contains("Signing in failed: Access denied"),
        "{notice}"
    );
    visitor.wait_for("[data-provider=aad]").await;
    visitor.leave(&[]).await;
}

#[tokio::test]
async fn a_session_that_ends_is_renewed_where_it_can_be() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    world.backend().expire_sessions();
    alice.say("still me").await;
    alice.sees("alice", "still me", &["sent"]).await;
    world.backend().expire_sessions();
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    assert_eq!(alice.text_of("#me").await, "alice", "the next morning, too");
    alice.leave(&["401"]).await;
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_leaves_everything_on_the_page() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    alice.say("before").await;
    alice.sees("alice", "before", &["sent"]).await;
    world.backend().revoke_sessions();
    alice.say("after").await;
    alice.sees("alice", "after", &["failed"]).await;
    let reason = alice
        .text_of(".message[data-state=failed] .message-state")
        .await;
    assert!(reason.contains("You are signed out."), "{reason}");
    assert_eq!(alice.texts().await, ["before", "after"], "nothing is lost");
    alice.wait_for(".notice [data-provider=aad]").await;
    alice.leave(&["401"]).await;
}

#[tokio::test]
async fn on_one_origin_the_session_is_a_cookie() {
    let world = World::on_one_origin().await;
    let alice = world.visitor().await;
    alice.sign_in("alice").await;
    assert_eq!(alice.address().await, world.page());
    assert_eq!(
        alice
            .text_of_script("return String(sessionStorage.length)")
            .await,
        "0",
        "no token that a script could read"
    );
    alice.say("by cookie").await;
    alice.sees("alice", "by cookie", &["sent"]).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.click("#sign-out").await;
    alice.wait_for("[data-provider=aad]").await;
    alice.leave(&[]).await;
}

/// The page on one site, the backend on another: what Azure's own addresses are to each other.
#[tokio::test]
async fn across_sites_the_session_is_a_token() {
    let world = World::new().await;
    let api = world.api().replace("localhost", "127.0.0.1");
    world.set_settings(&format!(r#"{{"apiBaseUrl":"{api}","authProvider":"aad"}}"#));
    let (alice, bob) = tokio::join!(world.person("alice"), world.person("bob"));
    alice.say("from afar").await;
    alice.sees("alice", "from afar", &["sent"]).await;
    bob.sees("alice", "from afar", &["received"]).await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.leave(&[]).await;
    bob.leave(&[]).await;
}

#[tokio::test]
async fn a_cookie_across_sites_is_warned_about() {
    let world = World::new().await;
    let api = world.api().replace("localhost", "127.0.0.1");
    world.set_settings(&format!(
        r#"{{"apiBaseUrl":"{api}","authProvider":"aad","authMode":"cookie"}}"#
    ));
    let visitor = world.visitor().await;
    visitor.click("[data-provider]").await;
    visitor.wait_for("input[name=name]").await;
    visitor.type_into("input[name=name]", "alice").await;
    visitor.click("button").await;
    let notice = visitor.text_of(".welcome .notice").await;
    assert!(
        notice.contains(&["Browsers block the cookie of ", &api].concat()),
        "signed in, and nobody knows: {notice}"
    );
    visitor.leave(&[]).await;
}

#[tokio::test]
async fn each_provider_has_its_button() {
    let world = World::new().await;
    world.set_settings(&format!(
        r#"{{"apiBaseUrl":"{}","authProvider":["aad","microsoftaccount","google","facebook","twitter","github","apple","my-own_1"]}}"#,
        world.api()
    ));
    let visitor = world.visitor().await;
    visitor.wait_for("[data-provider]").await;
    let labels = visitor
        .text_of_script(
            "return [...document.querySelectorAll('[data-provider]')].map(one => one.textContent).join()",
        )
        .await;
    assert_eq!(
        labels,
        "Sign in with Microsoft,Sign in with a Microsoft account,Sign in with Google,\
         Sign in with Facebook,Sign in with X,Sign in with GitHub,Sign in with Apple,\
         Sign in with my-own_1"
    );
    visitor.click("[data-provider=my-own_1]").await;
    visitor.wait_for("input[name=name]").await;
    assert!(visitor.address().await.contains("/.auth/login/my-own_1?"));
    visitor.type_into("input[name=name]", "alice").await;
    visitor.click("button").await;
    visitor.wait_for_connection("connected").await;
    visitor.leave(&[]).await;
}

/// Signing out is reported to leave the cookie in place, now and then.
#[tokio::test]
async fn a_session_that_outlives_signing_out_is_told() {
    let world = World::on_one_origin().await;
    let alice = world.person("alice").await;
    // As it is when the page comes back from a sign-out that ended nothing.
    alice
        .text_of_script("sessionStorage['chat.signing-out'] = '1'")
        .await;
    alice.reload().await;
    let notice = alice.text_of(".welcome .notice").await;
    assert!(
        notice.contains("has not ended the session of alice"),
        "{notice}"
    );
    alice.wait_for("[data-provider=aad]").await;
    alice.reload().await;
    alice.wait_for_connection("connected").await;
    alice.leave(&[]).await;
}
