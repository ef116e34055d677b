//! How connections end that nobody asked to end.

use std::time::Duration;

use backend::options::Transport::{ServerSentEvents, WebSockets};
use backend::switches::{Chaos, Fault, Handshake, Outcome, ServiceMode, Step};
use backend::{Backend, Options};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::client::Client;
use super::{HANDSHAKE, PATIENCE, connections, negotiate, start};

async fn hear(client: &mut Client) -> Value {
    serde_json::from_str(&client.hear().await.expect("a record")).unwrap()
}

async fn post(backend: &Backend, path: &str, body: &Value) -> u16 {
    let url = format!("{}{path}", backend.url());
    let request = reqwest::Client::new().post(url).json(body);
    request
        .send()
        .await
        .map_or(0, |answer| answer.status().as_u16())
}

#[tokio::test]
async fn every_kind_of_close_is_said() {
    let backend = start(|_| {}).await;
    for transport in backend::options::Transport::ALL {
        for (body, expected) in [
            (json!({}), json!({ "type": 7 })),
            (
                json!({ "error": "Internal server error." }),
                json!({ "type": 7, "error": "Internal server error." }),
            ),
            (
                json!({ "allowReconnect": true }),
                json!({ "type": 7, "allowReconnect": true }),
            ),
            (
                json!({ "error": "Service reloading, please reconnect", "allowReconnect": true }),
                json!({ "type": 7, "error": "Service reloading, please reconnect", "allowReconnect": true }),
            ),
        ] {
            let mut client = Client::anonymous(transport, &backend).await;
            assert_eq!(post(&backend, "/test/connections/close", &body).await, 204);
            assert_eq!(hear(&mut client).await, expected);
            assert_eq!(client.hear().await, None, "nothing after it");
            connections(&backend, 0).await;
        }
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_dropped_socket_ends_without_a_word() {
    let backend = start(|_| {}).await;
    for transport in [WebSockets, ServerSentEvents] {
        let mut client = Client::anonymous(transport, &backend).await;
        assert_eq!(
            post(&backend, "/test/connections/drop", &json!({})).await,
            204
        );
        assert_eq!(client.hear().await, None);
        assert!(!client.was_closed(), "no close frame: {transport:?}");
        connections(&backend, 0).await;
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_half_open_connection_is_silent_until_it_is_forgotten() {
    let backend = start(|options| {
        options.keep_alive = Duration::from_millis(20);
        options.client_timeout = Duration::from_secs(1);
    })
    .await;
    let mut client = Client::anonymous(WebSockets, &backend).await;
    assert_eq!(hear(&mut client).await, json!({ "type": 6 }));
    assert_eq!(
        post(&backend, "/test/connections/silence", &json!({})).await,
        204
    );
    connections(&backend, 0).await;
    backend.broadcast("newMessage", &json!(["unheard"]));
    client.say("{\"type\":6}\u{1e}").await;
    // Pings that were on their way may still come, and then nothing but the end.
    while let Some(record) = client.hear().await {
        assert_eq!(record, "{\"type\":6}");
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_handshake_is_ignored_or_refused() {
    let backend = start(|options| options.client_timeout = Duration::from_millis(50)).await;
    for transport in [WebSockets, ServerSentEvents] {
        backend.switch(|switches| switches.handshake = Handshake::Refuse);
        let mut client = Client::open(transport, negotiate(&backend).await).await;
        client.say(HANDSHAKE).await;
        assert!(hear(&mut client).await["error"].is_string());
        assert_eq!(client.hear().await, None);
        backend.switch(|switches| switches.handshake = Handshake::Ignore);
        let mut client = Client::open(transport, negotiate(&backend).await).await;
        client.say(HANDSHAKE).await;
        assert_eq!(client.hear().await, None, "nothing is ever said");
        assert_eq!(backend.connections(), 0);
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_service_that_waits_for_a_server_lets_its_clients_go() {
    let backend = start(|options| {
        options.switches.service = ServiceMode::Default;
        options.app_server_timeout = Duration::from_millis(50);
    })
    .await;
    let mut client = Client::anonymous(WebSockets, &backend).await;
    let error = "No app server is currently connected to the Azure service.";
    assert_eq!(
        hear(&mut client).await,
        json!({ "type": 7, "error": error })
    );
    assert_eq!(client.hear().await, None);
    backend.stop().await;
}

#[tokio::test]
async fn a_connection_ends_with_its_token_if_that_says_so() {
    let lifetime = |options: &mut Options| {
        options.token_lifetime = Duration::from_secs(3);
        options.keep_alive = Duration::from_secs(4);
    };
    let backend = start(lifetime).await;
    backend.switch(|switches| switches.close_on_expiry = true);
    let mut closed = Client::anonymous(WebSockets, &backend).await;
    backend.switch(|switches| switches.close_on_expiry = false);
    let mut open = Client::anonymous(WebSockets, &backend).await;
    let expected = json!({ "type": 7, "allowReconnect": true });
    assert_eq!(hear(&mut closed).await, expected);
    assert_eq!(closed.hear().await, None);
    assert_eq!(hear(&mut open).await, json!({ "type": 6 }), "it goes on");
    backend.stop().await;
}

#[tokio::test]
async fn no_more_connect_than_the_tier_allows() {
    let backend = start(|options| options.switches.max_connections = Some(1)).await;
    let late = negotiate(&backend).await;
    let _only = Client::anonymous(WebSockets, &backend).await;
    assert_eq!(late.get().await, StatusCode::TOO_MANY_REQUESTS);
    let again = format!("{}/client/negotiate?hub=chat", backend.url());
    let again = reqwest::Client::new().post(again);
    assert_eq!(late.status(again).await, StatusCode::TOO_MANY_REQUESTS);
    backend.switch(|switches| switches.max_connections = None);
    assert_eq!(late.get().await, StatusCode::OK);
    backend.stop().await;
}

#[tokio::test]
async fn connecting_fails_with_every_status() {
    let backend = start(|_| {}).await;
    for status in [400, 401, 403, 404, 409, 413, 429, 500, 502, 503] {
        let fault = Fault::status(Step::Connect, status).times(1);
        backend.switch(|switches| switches.faults = vec![fault]);
        let address = negotiate(&backend).await;
        let url = address.url.replacen("http", "ws", 1);
        let url = format!("{url}&access_token={}", address.token);
        let refused = tokio_tungstenite::connect_async(url).await.unwrap_err();
        let tokio_tungstenite::tungstenite::Error::Http(answer) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(answer.status().as_u16(), status);
        Client::connect(WebSockets, address).await;
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_message_is_sent_or_not_before_its_answer_is_lost() {
    let backend = start(|_| {}).await;
    let mut client = Client::anonymous(WebSockets, &backend).await;
    for (outcome, text) in [
        (Outcome::DropBefore, "lost"),
        (Outcome::DropAfter, "sent"),
        (Outcome::Pass, "answered"),
    ] {
        let fault = Fault::then(Step::Messages, outcome).times(1);
        backend.switch(|switches| switches.faults = vec![fault]);
        let status = post(&backend, "/api/messages", &json!({ "text": text })).await;
        assert_eq!(status, if text == "answered" { 200 } else { 0 }, "{text}");
    }
    for text in ["sent", "answered"] {
        let heard = tokio::time::timeout(PATIENCE, hear(&mut client)).await;
        assert_eq!(heard.unwrap()["arguments"][0]["text"], text);
    }
    backend.stop().await;
}

#[tokio::test]
async fn messages_and_frames_are_limited() {
    let backend = start(|options| options.limits.message = 1000).await;
    for transport in [WebSockets, ServerSentEvents] {
        let ping = format!("{{\"type\":6,\"x\":\"{}\"}}\u{1e}", "x".repeat(800));
        let mut client = Client::anonymous(transport, &backend).await;
        client.say(&ping).await;
        // A record that does not end, in pieces that are each small enough.
        for _ in 0..2 {
            client.say(&"x".repeat(600)).await;
        }
        let closed = hear(&mut client).await;
        assert_eq!(closed["type"], 7);
        assert_eq!(client.hear().await, None);
    }
    let mut client = Client::anonymous(WebSockets, &backend).await;
    client.say(&"x".repeat(2000)).await;
    assert_eq!(client.hear().await, None);
    connections(&backend, 0).await;
    backend.stop().await;
}

#[tokio::test]
async fn chaos_comes_over_connections_too() {
    let backend = start(|options| {
        options.client_timeout = Duration::from_millis(100);
        options.switches.chaos = Some(Chaos {
            seed: 7,
            requests: 0,
            messages: 1000,
        });
    })
    .await;
    let text = "ü".repeat(50);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..30 {
        let mut client = Client::anonymous(ServerSentEvents, &backend).await;
        backend.broadcast("newMessage", &json!([text]));
        let kind = match client.hear_text().await {
            None => "nothing",
            // It was too slow to say that it lives.
            Some(first) if first.contains("timeout") => continue,
            Some(first) => {
                let second = client.hear_text().await.expect("there is more");
                match first == second {
                    true => "twice",
                    false => {
                        let whole = [first, second].concat();
                        assert!(
                            whole.contains(&text) && whole.ends_with('\u{1e}'),
                            "{whole}"
                        );
                        "split"
                    }
                }
            }
        };
        seen.insert(kind);
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    backend.stop().await;
}

#[tokio::test]
async fn it_is_two_sites_by_its_two_names() {
    let backend = start(|_| {}).await;
    for host in ["localhost", "127.0.0.1"] {
        let origin = format!("http://{host}:{}", backend.addr().port());
        let http = reqwest::Client::new();
        let negotiate = http.post(format!("{origin}/api/negotiate"));
        let answer: Value = negotiate.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["url"], format!("{origin}/client/?hub=chat"));
        let token = answer["accessToken"].as_str().unwrap();
        let hub = http.post(format!("{origin}/client/negotiate?hub=chat"));
        let answer = hub.bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }
    backend.stop().await;
}
