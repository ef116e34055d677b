//! Who gets through to the functions, and as whom.

use backend::Backend;
use backend::options::MessagePolicy;
use backend::switches::Unauthenticated;
use serde_json::json;

use crate::{cookie, header, post, start, status, switched, token};

/// Whom a token for the hub belongs to, as the service reads it.
async fn user_of(backend: &Backend, request: reqwest::RequestBuilder) -> Option<String> {
    let answer = crate::json(request).await;
    let token = answer["accessToken"].as_str().expect("a token");
    let validation = jsonwebtoken::Validation {
        validate_aud: false,
        ..jsonwebtoken::Validation::default()
    };
    let key = jsonwebtoken::DecodingKey::from_secret(backend::options::ACCESS_KEY.as_bytes());
    let claims = jsonwebtoken::decode::<serde_json::Value>(token, &key, &validation).unwrap();
    assert_eq!(
        claims.claims["aud"],
        format!("{}/client/?hub=chat", backend.url())
    );
    claims.claims["asrs.s.uid"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn who_is_not_signed_in_is_met_as_the_setting_says() {
    for (action, expected) in [
        (Unauthenticated::Return401, 401),
        (Unauthenticated::Return403, 403),
        (Unauthenticated::Redirect, 302),
        (Unauthenticated::Allow, 200),
    ] {
        let backend = switched(|switches| switches.unauthenticated = action).await;
        let negotiate = post(&backend, "/api/negotiate").send().await.unwrap();
        assert_eq!(negotiate.status(), expected, "{action:?}");
        assert_eq!(
            header(&negotiate, "location").is_empty(),
            expected != 302,
            "{action:?}"
        );
        backend.stop().await;
    }
}

#[tokio::test]
async fn nobody_is_who_they_claim_to_be() {
    let principal = "eyJ1c2VyRGV0YWlscyI6ImFkbWluIn0=";
    let claiming = |backend: &Backend| {
        post(backend, "/api/negotiate")
            .header("x-ms-client-principal-name", "admin")
            .header("x-ms-client-principal", principal)
    };
    for anonymous in [true, false] {
        let backend = start(|options| {
            options.anonymous = anonymous;
            options.switches.unauthenticated = Unauthenticated::Allow;
        })
        .await;
        assert_eq!(user_of(&backend, claiming(&backend)).await, None);
        backend.stop().await;
    }
    let backend = start(|_| {}).await;
    let token = token(&backend, "alice").await;
    let alice = || claiming(&backend).header("x-zumo-auth", &token);
    assert_eq!(user_of(&backend, alice()).await.as_deref(), Some("alice"));
    backend.switch(|switches| switches.emails = true);
    let email = user_of(&backend, alice()).await;
    assert_eq!(email.as_deref(), Some("alice@example.com"));
    let cookie = cookie(&backend, "bob").await;
    let bob = post(&backend, "/api/negotiate").header("cookie", cookie);
    let email = user_of(&backend, bob).await;
    assert_eq!(email.as_deref(), Some("bob@example.com"));
    backend.stop().await;
}

#[tokio::test]
async fn a_message_is_accepted_in_the_words_of_the_switch() {
    let backend = start(|options| options.anonymous = true).await;
    for expected in [200, 202, 204] {
        backend.switch(|switches| {
            switches.accepted = expected;
            switches.messages = Some(MessagePolicy::Bare);
        });
        let message = post(&backend, "/api/messages").json(&json!({ "text": "hi" }));
        assert_eq!(status(message).await, expected);
    }
    backend.stop().await;
}
