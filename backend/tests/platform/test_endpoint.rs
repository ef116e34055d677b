//! The switches of a backend that runs.

use backend::switches::{Fault, Me, Step, Switches};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::{get, json as ask, post, start, status, token};

const SWITCHES: &str = "/test/switches";

fn request(backend: &backend::Backend, method: Method, path: &str) -> RequestBuilder {
    crate::http().request(method, format!("{}{path}", backend.url()))
}

#[tokio::test]
async fn switches_are_shown_replaced_and_changed() {
    let backend = start(|options| options.switches.me = Me::Empty).await;
    assert_eq!(ask(get(&backend, SWITCHES)).await["me"], "empty");
    let put = request(&backend, Method::PUT, SWITCHES);
    let faults = json!([{ "at": "me", "times": 1, "then": { "answer": { "status": 403 } } }]);
    let put = put.json(&json!({ "faults": faults, "csrf": false }));
    assert_eq!(ask(put).await["me"], "session", "the others as in Azure");
    assert_eq!(
        backend.switches(),
        Switches {
            faults: vec![Fault::status(Step::Me, 403).times(1)],
            csrf: false,
            ..Switches::default()
        }
    );
    let patch = request(&backend, Method::PATCH, SWITCHES);
    let patch = patch.json(&json!({ "me": "html" }));
    assert_eq!(ask(patch).await["csrf"], false, "the others as they were");
    assert_eq!(backend.switches().me, Me::Html);
    for wrong in [
        json!({ "me": "maybe" }),
        json!({ "mee": "html" }),
        json!([]),
    ] {
        for method in [Method::PUT, Method::PATCH] {
            let wrong = request(&backend, method, SWITCHES).json(&wrong);
            assert_eq!(status(wrong).await, 422);
        }
    }
    assert_eq!(backend.switches().me, Me::Html);
    backend.stop().await;
}

#[tokio::test]
async fn sessions_end_by_hand() {
    let backend = start(|_| {}).await;
    let token = token(&backend, "alice").await;
    let with = |path: &'static str| get(&backend, path).header("x-zumo-auth", &token);
    assert_eq!(status(with("/.auth/me")).await, 200);
    assert_eq!(status(post(&backend, "/test/sessions/expire")).await, 204);
    assert_eq!(status(with("/.auth/me")).await, 401);
    assert_eq!(status(with("/.auth/refresh")).await, 200);
    assert_eq!(status(post(&backend, "/test/sessions/revoke")).await, 204);
    assert_eq!(status(with("/.auth/refresh")).await, 401);
    backend.stop().await;
}

#[tokio::test]
async fn nobody_from_elsewhere_gets_at_them() {
    let backend = start(|_| {}).await;
    let origin = "http://localhost:8080";
    for path in [SWITCHES, "/test/connections"] {
        let port = backend.addr().port();
        for (name, value, expected) in [
            ("host", format!("127.0.0.1:{port}"), 200),
            ("host", format!("evil.example:{port}"), 403),
            ("host", "localhost.evil.example".into(), 403),
            ("origin", "https://evil.example".into(), 403),
            ("origin", origin.into(), 403),
            ("origin", backend.url(), 403),
            ("sec-fetch-site", "none".into(), 403),
        ] {
            let answer = get(&backend, path).header(name, &value).send().await;
            let answer = answer.unwrap();
            assert_eq!(answer.status(), expected, "{path} {name} {value}");
            let cors = answer.headers().keys();
            let cors = cors.filter(|name| name.as_str().starts_with("access-control"));
            assert_eq!(cors.count(), 0);
        }
    }
    let preflight = request(&backend, Method::OPTIONS, SWITCHES)
        .header("origin", origin)
        .header("access-control-request-method", "PUT");
    let preflight = preflight.send().await.unwrap();
    assert!(
        !preflight
            .headers()
            .contains_key("access-control-allow-origin")
    );
    assert!(!preflight.status().is_success());
    backend.stop().await;
}
