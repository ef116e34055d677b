//! Each answer of the negotiate function, and each refusal of the service's.

use std::time::Duration;

use backend::switches::{Fault, Negotiate, Outcome, Step, fault::Answer};
use backend::{Backend, Options};
use serde_json::{Value, json};

use crate::{header, post, start, status};

async fn anonymous(change: impl FnOnce(&mut Options)) -> Backend {
    start(|options| {
        options.anonymous = true;
        change(options);
    })
    .await
}

/// An access token for the hub.
async fn access(backend: &Backend) -> String {
    let answer = crate::json(post(backend, "/api/negotiate")).await;
    answer["accessToken"].as_str().unwrap().to_owned()
}

/// The status with which the service negotiates.
async fn at_service(backend: &Backend, query: &str, token: &str) -> u16 {
    status(post(backend, &format!("/client/negotiate?{query}")).bearer_auth(token)).await
}

#[tokio::test]
async fn the_function_answers_in_every_shape() {
    let backend = anonymous(|_| {}).await;
    let ask = async |shape: Negotiate| {
        backend.switch(|switches| switches.negotiate = shape);
        let answer = post(&backend, "/api/negotiate").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let kind = header(&answer, "content-type");
        let text = answer.text().await.unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let mut names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        names.sort();
        (kind, names.join(" "), json)
    };
    let (kind, names, answer) = ask(Negotiate::Current).await;
    assert!(kind.starts_with("application/json"), "{kind}");
    assert_eq!(names, "accessToken url");
    let url = answer["url"].clone();
    let (kind, names, _) = ask(Negotiate::Text).await;
    assert!(kind.starts_with("text/plain"), "{kind}");
    assert_eq!(names, "accessToken url");
    let (_, names, answer) = ask(Negotiate::Old).await;
    assert_eq!(names, "accessKey endpoint");
    assert_eq!(answer["endpoint"], url);
    let (_, _, answer) = ask(Negotiate::Extended).await;
    assert_eq!(answer["url"], url);
    assert_eq!(answer["tokenLifetimeSeconds"], 3600);
    assert_eq!(answer["availableTransports"], json!([]));
    let (_, names, _) = ask(Negotiate::Error).await;
    assert_eq!(names, "error");
    backend.stop().await;
}

#[tokio::test]
async fn both_negotiations_fail_with_every_status() {
    let backend = anonymous(|_| {}).await;
    let token = access(&backend).await;
    for expected in [400, 401, 403, 404, 409, 413, 429, 500, 502, 503] {
        for step in [Step::Negotiate, Step::ServiceNegotiate] {
            let fault = Fault::status(step, expected).times(1);
            backend.switch(|switches| switches.faults = vec![fault]);
            let mut met = Vec::new();
            for _ in 0..2 {
                met.push(match step {
                    Step::Negotiate => status(post(&backend, "/api/negotiate")).await,
                    _ => at_service(&backend, "hub=chat", &token).await,
                });
            }
            assert_eq!(met, [expected, 200], "{step:?}");
        }
    }
    backend.switch(|switches| {
        let answer = Answer {
            status: 429,
            retry_after: Some(7),
            content_type: Some("application/problem+json".into()),
            body: "{".into(),
        };
        switches.faults = vec![Fault::then(Step::Negotiate, Outcome::Answer(answer))];
    });
    let answer = post(&backend, "/api/negotiate")
        .header("origin", crate::PAGE)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(header(&answer, "retry-after"), "7");
    assert_eq!(header(&answer, "content-type"), "application/problem+json");
    assert_eq!(
        header(&answer, "access-control-allow-origin"),
        crate::PAGE,
        "the page may read the status"
    );
    assert_eq!(answer.text().await.unwrap(), "{");
    backend.stop().await;
}

#[tokio::test]
async fn the_service_refuses_what_is_asked_wrongly() {
    let backend = anonymous(|_| {}).await;
    let token = access(&backend).await;
    for (query, expected) in [
        ("hub=chat&hub=chat", 400),
        ("hub=chat", 200),
        ("hub=other", 404),
        ("", 400),
    ] {
        assert_eq!(
            at_service(&backend, query, &token).await,
            expected,
            "{query}"
        );
    }
    let connect = |id: &str, token: &str| {
        let path = format!("/client/?hub=chat&id={id}");
        status(crate::get(&backend, &path).bearer_auth(token))
    };
    let negotiate = post(&backend, "/client/negotiate?hub=chat&negotiateVersion=1");
    let ids = crate::json(negotiate.bearer_auth(&token)).await;
    let id = ids["connectionToken"].as_str().unwrap();
    assert_ne!(ids["connectionId"], ids["connectionToken"]);
    // Signed in the same second for the same person, two tokens are the same.
    let another = loop {
        let another = access(&backend).await;
        if another != token {
            break another;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(
        connect(id, &another).await,
        404,
        "not the token it negotiated with"
    );
    assert_eq!(connect("unknown", &token).await, 404);
    assert_eq!(connect(id, &token).await, 200);
    backend.stop().await;
}

#[tokio::test]
async fn tokens_and_places_end() {
    let backend = anonymous(|options| options.token_lifetime = Duration::ZERO).await;
    let token = access(&backend).await;
    assert_eq!(at_service(&backend, "hub=chat", &token).await, 401);
    let connect = crate::get(&backend, "/client/?hub=chat&id=any").bearer_auth(&token);
    assert_eq!(status(connect).await, 401);
    backend.stop().await;

    let backend = anonymous(|options| options.connect_window = Duration::ZERO).await;
    let token = access(&backend).await;
    let negotiate = post(&backend, "/client/negotiate?hub=chat&negotiateVersion=1");
    let ids = crate::json(negotiate.bearer_auth(&token)).await;
    let id = ids["connectionToken"].as_str().unwrap();
    let path = format!("/client/?hub=chat&id={id}");
    let connect = crate::get(&backend, &path).bearer_auth(&token);
    assert_eq!(status(connect).await, 404);
    backend.stop().await;
}

#[tokio::test]
async fn no_more_negotiate_than_there_is_room_for() {
    let backend = anonymous(|options| options.limits.pending = 2).await;
    let token = access(&backend).await;
    for expected in [200, 200, 429] {
        assert_eq!(at_service(&backend, "hub=chat", &token).await, expected);
    }
    backend.stop().await;
}
