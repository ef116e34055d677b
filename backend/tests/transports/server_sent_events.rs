//! A client's event stream.

use std::time::Duration;

use backend::options::Transport::ServerSentEvents;

use super::client::Client;
use super::{Address, connections, negotiate, start};

#[tokio::test]
async fn the_stream_is_neither_kept_nor_held_back() {
    let backend = start(|_| {}).await;
    let Address { url, token } = negotiate(&backend).await;
    let request = reqwest::Client::new()
        .get(url)
        .bearer_auth(token)
        .header("accept", "text/event-stream");
    let mut answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert_eq!(answer.headers()["cache-control"], "no-cache, no-store");
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    let first = answer.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b":"), "a comment comes before any event");
    backend.stop().await;
}

#[tokio::test]
async fn both_sides_show_that_they_live() {
    let backend = start(|options| {
        options.keep_alive = Duration::from_millis(20);
        options.client_timeout = Duration::from_millis(300);
    })
    .await;
    let mut client = Client::anonymous(ServerSentEvents, &backend).await;
    let mut pings = 0;
    let close = loop {
        match client.hear().await.unwrap().as_str() {
            "{\"type\":6}" => pings += 1,
            other => break other.to_owned(),
        }
    };
    assert!(pings > 1, "the server pings");
    assert!(close.contains("Client timeout elapsed."), "{close}");
    assert_eq!(client.hear().await, None);
    backend.stop().await;
}

#[tokio::test]
async fn a_client_that_hangs_up_is_gone() {
    let backend = start(|_| {}).await;
    let address = negotiate(&backend).await;
    let client = Client::connect(ServerSentEvents, address.clone()).await;
    assert_eq!(backend.connections(), 1);
    drop(client);
    connections(&backend, 0).await;
    assert_eq!(address.post("{\"type\":6}\u{1e}").await, 404);
    backend.stop().await;
}
