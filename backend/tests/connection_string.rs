//! One process as the Function App and another as the SignalR Service; they know each other by a
//! connection string alone.

use std::time::Duration;

use backend::connection_string::ConnectionString;
use backend::options::ACCESS_KEY;
use backend::{Backend, Options};
use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);

async fn start(service: Option<ConnectionString>) -> Backend {
    let options = Options {
        port: 0,
        anonymous: true,
        service,
        ..Options::default()
    };
    Backend::start(options).await.unwrap()
}

fn connection_string(service: &Backend, key: &str) -> ConnectionString {
    let port = service.addr().port();
    let text = format!("Endpoint=http://localhost;Port={port};AccessKey={key};Version=1.0;");
    text.parse().unwrap()
}

/// A function and the service that it uses.
async fn pair() -> (Backend, Backend) {
    let service = start(None).await;
    let function = start(Some(connection_string(&service, ACCESS_KEY))).await;
    (function, service)
}

struct Listener {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    connection_id: String,
}

impl Listener {
    /// Asks the function where the service is, and connects there.
    async fn new(function: &Backend) -> Listener {
        let http = reqwest::Client::new();
        let negotiate = http.post(format!("{}/api/negotiate", function.url()));
        let answer: Value = negotiate.send().await.unwrap().json().await.unwrap();
        let (url, token) = (answer["url"].as_str().unwrap(), &answer["accessToken"]);
        let token = token.as_str().unwrap();
        let negotiate = url.replace("/client/?", "/client/negotiate?negotiateVersion=1&");
        let negotiate = http.post(negotiate).bearer_auth(token);
        let answer: Value = negotiate.send().await.unwrap().json().await.unwrap();
        let id = answer["connectionToken"].as_str().unwrap();
        let socket = url.replace("http://", "ws://");
        let socket = format!("{socket}&id={id}&access_token={token}");
        let (mut socket, _) = connect_async(socket).await.unwrap();
        let handshake = "{\"protocol\":\"json\",\"version\":1}\u{1e}";
        socket.send(Message::text(handshake)).await.unwrap();
        let mut listener = Listener {
            socket,
            connection_id: answer["connectionId"].as_str().unwrap().to_owned(),
        };
        assert_eq!(listener.next().await, json!({}));
        listener
    }

    /// The next record that is no ping.
    async fn next(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            let text = message.unwrap().unwrap().unwrap().into_text().unwrap();
            let record = serde_json::from_str(text.trim_end_matches('\u{1e}')).unwrap();
            if record != json!({ "type": 6 }) {
                return record;
            }
        }
    }
}

async fn post(function: &Backend, message: &Value) -> (StatusCode, String) {
    let url = format!("{}/api/messages", function.url());
    let answer = reqwest::Client::new().post(url).json(message).send().await;
    let answer = answer.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn what_is_posted_to_the_function_comes_from_the_service() {
    let (function, service) = pair().await;
    let mut listener = Listener::new(&function).await;
    assert_eq!((function.connections(), service.connections()), (0, 1));
    let (status, _) = post(&function, &json!({ "text": "hello" })).await;
    assert_eq!(status, StatusCode::OK);
    let heard = listener.next().await;
    assert_eq!(heard["target"], "newMessage");
    assert_eq!(heard["arguments"][0]["text"], "hello");
    // To somebody else, and then to everybody: only the second is heard.
    let private = json!({ "text": "psst", "recipient": "bob/../x?y" });
    assert_eq!(post(&function, &private).await.0, StatusCode::OK);
    post(&function, &json!({ "text": "all" })).await;
    assert_eq!(listener.next().await["arguments"][0]["text"], "all");
    function.stop().await;
    service.stop().await;
}

#[tokio::test]
async fn a_wrong_key_is_named() {
    let service = start(None).await;
    let function = start(Some(connection_string(&service, "another-key"))).await;
    let (status, words) = post(&function, &json!({ "text": "hello" })).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        words.contains("401") && words.contains("AzureSignalRConnectionString"),
        "{words}"
    );
    service.stop().await;
    let (status, words) = post(&function, &json!({ "text": "hello" })).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(words.contains("does not answer"), "{words}");
    function.stop().await;
}

/// A function signs what a client shows; here the tests sign for themselves.
fn token(audience: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let claims = json!({ "aud": audience, "iat": 0, "nbf": 0, "exp": now.unwrap().as_secs() + 60 });
    let key = jsonwebtoken::EncodingKey::from_secret(ACCESS_KEY.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

#[tokio::test]
async fn both_versions_of_the_rest_api_are_there() {
    let service = start(None).await;
    let mut listener = Listener::new(&service).await;
    let id = listener.connection_id.clone();
    let http = reqwest::Client::new();
    let ask = async |method: Method, path: &str| {
        let url = format!("{}{path}", service.url());
        let request = http.request(method.clone(), &url).bearer_auth(token(&url));
        let body = json!({ "target": "newMessage", "arguments": [path] });
        let request = if method == Method::POST {
            request.json(&body)
        } else {
            request
        };
        request.send().await.unwrap().status().as_u16()
    };
    let version = "api-version=2022-06-01";
    for (path, is_heard) in [
        ("/api/v1/hubs/chat".to_owned(), true),
        (format!("/api/hubs/CHAT/:send?{version}"), true),
        (format!("/api/v1/hubs/chat/connections/{id}"), true),
        (
            format!("/api/hubs/chat/connections/{id}/:send?{version}"),
            true,
        ),
        ("/api/v1/hubs/chat/users/nobody".to_owned(), false),
        (
            format!("/api/hubs/chat/users/nobody/:send?{version}"),
            false,
        ),
        ("/api/v1/hubs/other".to_owned(), false),
    ] {
        assert_eq!(
            ask(Method::POST, &path).await,
            202,
            "{path}: there are no receipts"
        );
        if is_heard {
            assert_eq!(listener.next().await["arguments"][0], path);
        }
    }
    let connection = format!("/api/v1/hubs/chat/connections/{id}");
    assert_eq!(ask(Method::HEAD, &connection).await, 200);
    assert_eq!(ask(Method::GET, "/api/hubs/chat/users/nobody").await, 404);
    assert_eq!(
        ask(Method::DELETE, &format!("{connection}?reason=Enough.")).await,
        200
    );
    let closed = json!({ "type": 7, "error": "Enough.", "allowReconnect": true });
    assert_eq!(listener.next().await, closed);
    assert_eq!(ask(Method::HEAD, &connection).await, 404);
    service.stop().await;
}

/// Asks the REST API, with a token for the address with its query or without.
async fn ask(service: &Backend, method: Method, path: &str, query_in_token: bool) -> u16 {
    let url = format!("{}{path}", service.url());
    let audience = match query_in_token {
        true => url.as_str(),
        false => url.split('?').next().unwrap(),
    };
    let http = reqwest::Client::new();
    let request = http.request(method.clone(), &url);
    let request = request.bearer_auth(token(audience));
    let request = match method == Method::POST {
        true => request.json(&json!({ "target": "newMessage", "arguments": [path] })),
        false => request,
    };
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn groups_hear_what_is_sent_to_them() {
    let service = start(None).await;
    let mut listener = Listener::new(&service).await;
    let id = listener.connection_id.clone();
    let version = "?api-version=2022-06-01";
    for (group, member, send) in [
        (
            "/api/v1/hubs/chat/groups/g%2F1",
            format!("/api/v1/hubs/chat/groups/g%2F1/connections/{id}"),
            "/api/v1/hubs/chat/groups/g%2F1".to_owned(),
        ),
        (
            "/api/hubs/chat/groups/g2",
            format!("/api/hubs/chat/groups/g2/connections/{id}{version}"),
            format!("/api/hubs/chat/groups/g2/:send{version}"),
        ),
    ] {
        let ask = async |method, path: &str| {
            let query_in_token = group.contains("v1");
            ask(&service, method, path, query_in_token).await
        };
        assert_eq!(ask(Method::HEAD, group).await, 404);
        assert_eq!(ask(Method::PUT, &member).await, 200);
        assert_eq!(ask(Method::HEAD, group).await, 200);
        assert_eq!(ask(Method::POST, &send).await, 202);
        assert_eq!(listener.next().await["arguments"][0], send);
        assert_eq!(ask(Method::DELETE, &member).await, 200);
        assert_eq!(ask(Method::HEAD, group).await, 404);
    }
    let nobody = "/api/hubs/chat/groups/g/connections/nobody";
    assert_eq!(ask(&service, Method::PUT, nobody, true).await, 404);
    // Users stay in their groups, connected or not.
    for user in [
        "/api/v1/hubs/chat/groups/g/users/alice",
        "/api/hubs/chat/users/alice/groups/g?api-version=2022-06-01",
    ] {
        for method in [Method::PUT, Method::DELETE] {
            assert_eq!(ask(&service, method, user, true).await, 200);
        }
    }
    service.stop().await;
}

#[tokio::test]
async fn many_connections_are_closed_at_once() {
    let service = start(None).await;
    for path in [
        "/api/hubs/chat/:closeConnections?reason=Enough.",
        "/api/hubs/chat/groups/g/:closeConnections?reason=Enough.",
    ] {
        let mut listener = Listener::new(&service).await;
        let member = format!(
            "/api/hubs/chat/groups/g/connections/{}",
            listener.connection_id
        );
        assert_eq!(ask(&service, Method::PUT, &member, false).await, 200);
        let nobody = "/api/hubs/chat/users/nobody/:closeConnections";
        assert_eq!(ask(&service, Method::POST, nobody, false).await, 204);
        assert_eq!(service.connections(), 1);
        assert_eq!(ask(&service, Method::POST, path, false).await, 204);
        let closed = json!({ "type": 7, "error": "Enough.", "allowReconnect": true });
        assert_eq!(listener.next().await, closed);
    }
    service.stop().await;
}

#[tokio::test]
async fn only_who_has_the_key_may_send() {
    let service = start(None).await;
    let http = reqwest::Client::new();
    let url = format!("{}/api/v1/hubs/chat", service.url());
    let body = json!({ "target": "newMessage", "arguments": [] });
    let send = || http.post(&url).json(&body);
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status();
    assert_eq!(status(send()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        status(send().bearer_auth("x")).await,
        StatusCode::UNAUTHORIZED
    );
    let elsewhere = token(&format!("{}/client/?hub=chat", service.url()));
    assert_eq!(
        status(send().bearer_auth(elsewhere)).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        status(send().bearer_auth(token(&url))).await,
        StatusCode::ACCEPTED
    );
    let health = http.get(format!("{}/api/v1/health", service.url()));
    assert_eq!(status(health).await, StatusCode::OK);
    service.stop().await;
}
