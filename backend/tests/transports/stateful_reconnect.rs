//! A client that goes on over another socket.

use std::time::Duration;

use backend::Backend;
use backend::options::Transport::WebSockets;
use serde_json::{Value, json};

use super::client::Client;
use super::{Address, connections, negotiate, negotiate_with, start};

const VERSION_2: &str = "{\"protocol\":\"json\",\"version\":2}\u{1e}";

async fn stateful(backend: &Backend) -> Address {
    let query = "negotiateVersion=1&useStatefulReconnect=true";
    let (address, answer) = negotiate_with(backend, None, query).await;
    assert_eq!(answer["useStatefulReconnect"], true);
    address
}

async fn connect(address: &Address) -> Client {
    let mut client = Client::open(WebSockets, address.clone()).await;
    client.say(VERSION_2).await;
    assert_eq!(client.hear().await.as_deref(), Some("{}"));
    client
}

/// The next message: its target, or its type and number.
async fn hear(client: &mut Client) -> String {
    let message: Value = serde_json::from_str(&client.hear().await.unwrap()).unwrap();
    match &message["target"] {
        Value::String(target) => target.clone(),
        _ => format!("{} {}", message["type"], message["sequenceId"]),
    }
}

#[tokio::test]
async fn what_a_client_missed_is_sent_again() {
    let backend = start(|_| {}).await;
    let address = stateful(&backend).await;
    let mut client = connect(&address).await;
    backend.broadcast("first", &json!([]));
    backend.broadcast("second", &json!([]));
    assert_eq!(hear(&mut client).await, "first");
    assert_eq!(hear(&mut client).await, "second");
    client.say("{\"type\":8,\"sequenceId\":1}\u{1e}").await;
    // It is read before what follows it is answered.
    client
        .say("{\"type\":1,\"target\":\"x\",\"arguments\":[]}\u{1e}")
        .await;
    assert_eq!(hear(&mut client).await, "8 1", "its call is acknowledged");
    drop(client);
    backend.broadcast("third", &json!([]));
    assert_eq!(backend.connections(), 1, "it may come back");

    let mut client = Client::open(WebSockets, address).await;
    for expected in ["9 2", "second", "third"] {
        assert_eq!(hear(&mut client).await, expected);
    }
    client.say("{\"type\":9,\"sequenceId\":2}\u{1e}").await;
    backend.broadcast("fourth", &json!([]));
    assert_eq!(hear(&mut client).await, "fourth");
    backend.stop().await;
}

#[tokio::test]
async fn a_new_socket_takes_over_from_one_that_seems_open() {
    let backend = start(|_| {}).await;
    let address = stateful(&backend).await;
    let mut before = connect(&address).await;
    let mut after = Client::open(WebSockets, address).await;
    assert_eq!(hear(&mut after).await, "9 1");
    assert_eq!(before.hear().await, None);
    assert_eq!(backend.connections(), 1);
    backend.stop().await;
}

#[tokio::test]
async fn a_client_that_claims_to_have_sent_more_is_let_go() {
    let backend = start(|_| {}).await;
    let address = stateful(&backend).await;
    drop(connect(&address).await);
    let mut client = Client::open(WebSockets, address).await;
    assert_eq!(hear(&mut client).await, "9 1");
    client.say("{\"type\":9,\"sequenceId\":2}\u{1e}").await;
    let close = client.hear().await.unwrap();
    assert!(close.contains("Sequence ID greater than amount of messages"));
    assert_eq!(client.hear().await, None);
    connections(&backend, 0).await;
    backend.stop().await;
}

#[tokio::test]
async fn nobody_is_waited_for_who_said_goodbye_or_never_agreed_or_takes_too_long() {
    let backend = start(|options| options.disconnect_timeout = Duration::from_millis(50)).await;
    let address = stateful(&backend).await;
    drop(connect(&address).await);
    connections(&backend, 0).await;
    assert_eq!(address.delete().await, 404, "too late");
    backend.stop().await;

    let backend = start(|options| options.disconnect_timeout = Duration::from_secs(600)).await;
    let mut polite = connect(&stateful(&backend).await).await;
    polite.say("{\"type\":7}\u{1e}").await;
    assert_eq!(polite.hear().await, None);
    connections(&backend, 0).await;
    drop(connect(&negotiate(&backend).await).await);
    connections(&backend, 0).await;
    drop(Client::connect(WebSockets, stateful(&backend).await).await);
    connections(&backend, 0).await;
    backend.stop().await;
}
