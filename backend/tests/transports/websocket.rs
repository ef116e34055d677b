//! A client's WebSocket.

use std::time::Duration;

use backend::options::Transport::WebSockets;
use serde_json::Value;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;

use super::client::Client;
use super::{Address, connections, negotiate, start};

async fn refused(Address { url, token }: &Address) -> u16 {
    let url = url.replacen("http", "ws", 1);
    match connect_async(format!("{url}&access_token={token}")).await {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_place_is_good_once_and_for_a_while() {
    let backend = start(|_| {}).await;
    let address = negotiate(&backend).await;
    let client = Client::connect(WebSockets, address.clone()).await;
    assert_eq!(refused(&address).await, 409, "one socket for one token");
    drop(client);
    connections(&backend, 0).await;
    assert_eq!(refused(&address).await, 404, "and never again");
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
async fn both_sides_show_that_they_live() {
    let backend = start(|options| {
        options.keep_alive = Duration::from_millis(20);
        options.client_timeout = Duration::from_millis(300);
    })
    .await;
    let mut client = Client::anonymous(WebSockets, &backend).await;
    let mut pings = 0;
    let close = loop {
        match client.hear().await.unwrap().as_str() {
            "{\"type\":6}" => pings += 1,
            other => break other.to_owned(),
        }
    };
    assert!(pings > 1, "the server pings");
    assert!(
        close.contains("Client timeout elapsed."),
        "a client that does not is let go: {close}"
    );
    assert_eq!(client.hear().await, None);
    backend.stop().await;
}
