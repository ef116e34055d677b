//! Each answer of `/.auth/me`.

use backend::options::PROVIDER_TOKENS;
use backend::switches::{Fault, Me, Step, Unauthenticated};
use serde_json::json;

use crate::{cookie, get, header, json, start, status, switched};

#[tokio::test]
async fn it_says_who_is_signed_in_with_all_that_the_provider_said() {
    let backend = start(|_| {}).await;
    let cookie = cookie(&backend, "Alice").await;
    let me = || json(get(&backend, "/.auth/me").header("cookie", &cookie));
    let answer = me().await;
    let alice = &answer[0];
    assert_eq!(alice["provider_name"], "aad");
    assert_eq!(alice["user_id"], "Alice");
    for (name, token) in PROVIDER_TOKENS {
        assert_eq!(alice[name], token);
    }
    let claim = |name: &str| {
        let claims = alice["user_claims"].as_array().unwrap().iter();
        let mut claims = claims.filter(|claim| claim["typ"] == name);
        claims.next().expect("a claim")["val"].clone()
    };
    assert_eq!(claim("name"), "Alice");
    assert_eq!(claim("preferred_username"), "alice@example.com");
    let uri = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
    assert_eq!(claim(&format!("{uri}emailaddress")), "alice@example.com");
    let id = claim(&format!("{uri}nameidentifier"));
    assert!(
        !id.as_str().unwrap().to_lowercase().contains("alice"),
        "{id}"
    );

    backend.switch(|switches| switches.emails = true);
    assert_eq!(me().await[0]["user_id"], "alice@example.com");
    backend.switch(|switches| switches.me = Me::Empty);
    assert_eq!(me().await, json!([]));
    backend.stop().await;
}

#[tokio::test]
async fn signed_out_it_answers_what_the_setting_says() {
    for (action, expected) in [
        (Unauthenticated::Return401, 401),
        (Unauthenticated::Allow, 401),
        (Unauthenticated::Return403, 403),
        (Unauthenticated::Redirect, 302),
    ] {
        let backend = switched(|switches| switches.unauthenticated = action).await;
        assert_eq!(status(get(&backend, "/.auth/me")).await, expected);
        backend.stop().await;
    }
}

#[tokio::test]
async fn the_provider_is_on_another_origin_and_knows_no_cors() {
    let backend = switched(|switches| switches.unauthenticated = Unauthenticated::Redirect).await;
    let origin = "http://localhost:8080";
    let answer = get(&backend, "/.auth/me").header("origin", origin);
    let answer = answer.send().await.unwrap();
    let location = header(&answer, "location");
    let port = backend.addr().port();
    assert!(
        location.starts_with(&format!("http://127.0.0.1:{port}/identity-provider/")),
        "{location}"
    );
    let page = crate::http().get(location).header("origin", "null");
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(!page.headers().contains_key("access-control-allow-origin"));
    let page = page.text().await.unwrap();
    let callback = format!("action=\"{}/.auth/login/aad/callback?", backend.url());
    assert!(page.contains(&callback), "it leads back: {page}");
    backend.stop().await;
}

#[tokio::test]
async fn it_can_be_a_page_or_not_there() {
    let backend = switched(|switches| switches.me = Me::Html).await;
    let answer = get(&backend, "/.auth/me").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(header(&answer, "content-type").starts_with("text/html"));
    for expected in [404, 403] {
        backend.switch(|switches| switches.faults = vec![Fault::status(Step::Me, expected)]);
        assert_eq!(status(get(&backend, "/.auth/me")).await, expected);
    }
    backend.stop().await;

    let backend = start(|options| options.anonymous = true).await;
    assert_eq!(status(get(&backend, "/.auth/me")).await, 404);
    backend.stop().await;
}
