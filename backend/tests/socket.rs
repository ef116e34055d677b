//! A client's WebSocket, from the upgrade to the end.

use std::time::Duration;

use backend::{Backend, Options};
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const HANDSHAKE: &str = "{\"protocol\":\"json\",\"version\":1}\u{1e}";

async fn start(change: impl FnOnce(&mut Options)) -> Backend {
    let mut options = Options {
        port: 0,
        anonymous: true,
        ..Options::default()
    };
    change(&mut options);
    Backend::start(options).await.unwrap()
}

/// An address to connect at, as negotiation gives it.
async fn negotiate(backend: &Backend) -> String {
    let http = reqwest::Client::new();
    let function = http
        .post(format!("{}/api/negotiate", backend.url()))
        .send()
        .await
        .unwrap();
    let function: Value = function.json().await.unwrap();
    let token = function["accessToken"].as_str().unwrap();
    let hub = format!(
        "{}/client/negotiate?hub=chat&negotiateVersion=1",
        backend.url()
    );
    let service: Value = http
        .post(hub)
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let id = service["connectionToken"].as_str().unwrap();
    let address = backend.url().replace("http", "ws");
    format!("{address}/client/?hub=chat&id={id}&access_token={token}")
}

async fn refused(url: &str) -> u16 {
    match connect_async(url).await {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

async fn say(socket: &mut Socket, text: &str) {
    socket.send(Message::text(text)).await.unwrap();
}

/// The next text; `None` at the end.
async fn hear(socket: &mut Socket) -> Option<String> {
    loop {
        let next = std::future::poll_fn(|context| {
            futures_util::Stream::poll_next(std::pin::Pin::new(&mut *socket), context)
        });
        match next.await? {
            Ok(Message::Text(text)) => return Some(text.to_string()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

async fn connect(backend: &Backend) -> Socket {
    let (mut socket, _) = connect_async(negotiate(backend).await).await.unwrap();
    say(&mut socket, HANDSHAKE).await;
    assert_eq!(hear(&mut socket).await.as_deref(), Some("{}\u{1e}"));
    socket
}

#[tokio::test]
async fn a_client_hears_what_is_broadcast() {
    let backend = start(|_| {}).await;
    let mut socket = connect(&backend).await;
    assert_eq!(backend.connections(), 1);
    backend.broadcast("newMessage", &json!([{ "text": "hi" }]));
    let heard = hear(&mut socket).await.unwrap();
    let call: Value = serde_json::from_str(heard.trim_end_matches('\u{1e}')).unwrap();
    assert_eq!(
        call,
        json!({ "type": 1, "target": "newMessage", "arguments": [{ "text": "hi" }] })
    );
    backend.stop().await;
}

#[tokio::test]
async fn a_place_is_good_once_and_for_a_while() {
    let backend = start(|_| {}).await;
    let url = negotiate(&backend).await;
    let (mut socket, _) = connect_async(&url).await.unwrap();
    say(&mut socket, HANDSHAKE).await;
    hear(&mut socket).await.unwrap();
    assert_eq!(
        refused(&url).await,
        409,
        "one socket for one connection token"
    );
    assert_eq!(refused(&url.replace("&id=", "&id=x")).await, 404);
    assert_eq!(
        refused(&format!("{url}x")).await,
        401,
        "a token that was tampered with"
    );
    assert_eq!(refused(&url.replace("hub=chat&", "")).await, 400);
    backend.stop().await;

    let backend = start(|options| options.connect_window = Duration::ZERO).await;
    assert_eq!(refused(&negotiate(&backend).await).await, 404, "too late");
    backend.stop().await;

    let backend = start(|options| options.token_lifetime = Duration::ZERO).await;
    let http = reqwest::Client::new();
    let function = http
        .post(format!("{}/api/negotiate", backend.url()))
        .send()
        .await
        .unwrap();
    let token = function.json::<Value>().await.unwrap()["accessToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let hub = format!("{}/client/negotiate?hub=chat", backend.url());
    assert_eq!(
        http.post(hub)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status(),
        401,
        "over"
    );
    backend.stop().await;
}

#[tokio::test]
async fn a_handshake_is_wanted_and_answered() {
    let backend = start(|options| options.handshake_timeout = Duration::from_millis(200)).await;
    let (mut silent, _) = connect_async(negotiate(&backend).await).await.unwrap();
    assert_eq!(hear(&mut silent).await, None, "who says nothing is let go");
    let (mut other, _) = connect_async(negotiate(&backend).await).await.unwrap();
    say(
        &mut other,
        "{\"protocol\":\"messagepack\",\"version\":1}\u{1e}",
    )
    .await;
    let refusal = hear(&mut other).await.unwrap();
    assert!(
        refusal.contains("The protocol 'messagepack' is not supported."),
        "{refusal}"
    );
    assert_eq!(hear(&mut other).await, None);
    assert_eq!(backend.connections(), 0);
    backend.stop().await;
}

#[tokio::test]
async fn both_sides_show_that_they_live() {
    let backend = start(|options| {
        options.keep_alive = Duration::from_millis(20);
        options.client_timeout = Duration::from_millis(300);
    })
    .await;
    let mut socket = connect(&backend).await;
    let mut pings = 0;
    let close = loop {
        match hear(&mut socket).await.unwrap().as_str() {
            "{\"type\":6}\u{1e}" => pings += 1,
            other => break other.to_owned(),
        }
    };
    assert!(pings > 1, "the server pings");
    assert!(
        close.contains("Client timeout elapsed."),
        "a client that does not is let go: {close}"
    );
    assert_eq!(hear(&mut socket).await, None);
    backend.stop().await;
}

#[tokio::test]
async fn what_a_client_calls_is_ignored_and_what_is_no_message_ends_it() {
    let backend = start(|_| {}).await;
    let mut socket = connect(&backend).await;
    say(
        &mut socket,
        "{\"type\":1,\"target\":\"broadcast\",\"arguments\":[1],\"invocationId\":\"0\"}\u{1e}{\"ty",
    )
    .await;
    say(&mut socket, "pe\":6}\u{1e}").await;
    backend.broadcast("newMessage", &json!([]));
    assert!(
        hear(&mut socket).await.unwrap().contains("newMessage"),
        "no answer came before"
    );
    say(&mut socket, "rubbish\u{1e}").await;
    assert!(
        hear(&mut socket)
            .await
            .unwrap()
            .contains("Connection closed with an error.")
    );
    assert_eq!(hear(&mut socket).await, None);
    backend.stop().await;
}

#[tokio::test]
async fn a_stop_invites_everybody_to_come_back() {
    let backend = start(|_| {}).await;
    let mut socket = connect(&backend).await;
    let port = backend.addr().port();
    backend.stop().await;
    let close = hear(&mut socket).await.unwrap();
    assert_eq!(close, "{\"allowReconnect\":true,\"type\":7}\u{1e}");
    assert_eq!(hear(&mut socket).await, None);
    let again = start(|options| options.port = port).await;
    assert_eq!(again.addr().port(), port, "the port was free at once");
    connect(&again).await;
    again.stop().await;
}
