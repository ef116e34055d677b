//! Streams that hub methods give.

use serde_json::json;
use serverless_chat::signalr::Error;
use serverless_chat::signalr::client::Items;

use super::world::{Log, World};

/// A client that waits for a stream, and what it got.
fn streaming() -> (World, Log, super::world::Pending<()>) {
    let world = World::connected(|_| {});
    let items = world
        .connection
        .call("testStream")
        .arguments(("arg",))
        .stream::<u32>();
    assert_eq!(
        world.messages(),
        [json!({ "type": 4, "invocationId": "0", "target": "testStream", "arguments": ["arg"] })],
        "HUB-51"
    );
    let got = Log::default();
    let reading = world.follow(read(items, got.clone()));
    (world, got, reading)
}

async fn read(mut items: Items<u32>, got: Log) {
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => got.push(item.to_string()),
            Err(error) => got.push(error.to_string()),
        }
    }
    got.push("end");
}

/// HUB-51, HUB-56, FT-5: items come one by one, then the end.
#[test]
fn items_come_as_they_arrive() {
    let (world, got, reading) = streaming();
    for item in 1..4 {
        world.receive(&json!({ "type": 2, "invocationId": "0", "item": item }).to_string());
        assert_eq!(got.take(), [item.to_string()]);
    }
    world.receive(r#"{"type":3,"invocationId":"0"}"#);
    assert_eq!(got.take(), ["end"]);
    reading.ended();
}

/// HUB-52, FT-10: a stream may end with an error.
#[test]
fn a_stream_may_end_with_an_error() {
    let (world, got, _reading) = streaming();
    world.receive(r#"{"type":3,"invocationId":"0","error":"foo"}"#);
    assert_eq!(got.take(), ["foo", "end"]);
}

/// HUB-53: a stream may have no items.
#[test]
fn a_stream_may_be_empty() {
    let (world, got, _reading) = streaming();
    world.receive(r#"{"type":3,"invocationId":"0"}"#);
    assert_eq!(got.take(), ["end"]);
}

/// HUB-54, HUB-55: the end of the connection is the end of its streams.
#[test]
fn a_stream_ends_with_its_connection() {
    let (world, got, _reading) = streaming();
    world.connection.stop();
    world.turn();
    let words = "Invocation canceled due to the underlying connection being closed.";
    assert_eq!(got.take(), [words, "end"]);
    let (world, got, _reading) = streaming();
    world.close(1011, "oops");
    let words = "WebSocket closed with status code: 1011 (oops).";
    assert_eq!(got.take(), [words, "end"]);
}

/// What came before the end of the connection, in the same frame, still comes.
#[test]
fn items_before_the_end_are_not_lost() {
    let (world, got, _reading) = streaming();
    world.text("{\"type\":2,\"invocationId\":\"0\",\"item\":1}\u{1e}{\"type\":7}\u{1e}");
    assert_eq!(
        got.take(),
        ["1", "The server closed the connection.", "end"]
    );
}

/// HUB-59, FT-6: the server is told when nobody wants the items any more.
#[test]
fn a_dropped_stream_is_cancelled() {
    let world = World::connected(|_| {});
    let items = world.connection.call("testStream").stream::<u32>();
    world.receive(r#"{"type":2,"invocationId":"0","item":1}"#);
    drop(items);
    assert_eq!(
        world.messages(),
        [
            json!({ "type": 4, "invocationId": "0", "target": "testStream", "arguments": [] }),
            json!({ "type": 5, "invocationId": "0" }),
        ]
    );
    world.receive(r#"{"type":2,"invocationId":"0","item":2}"#);
    world.receive(r#"{"type":3,"invocationId":"0"}"#);
    assert_eq!(world.sent(), [""; 0], "once");
}

/// A stream that is at its end is not cancelled, and neither is one that never began.
#[test]
fn only_a_stream_under_way_is_cancelled() {
    let (world, _, reading) = streaming();
    world.receive(r#"{"type":3,"invocationId":"0"}"#);
    reading.ended();
    assert_eq!(world.sent(), [""; 0]);
    world.connection.stop();
    let mut items = world.connection.call("testStream").stream::<u32>();
    let first = world.follow(async move { items.next().await });
    assert_eq!(first.ended(), Some(Err(Error::NotConnected)));
}

/// HUB-60: what cannot be read is an error among the items; a call that wants no items gets none.
#[test]
fn an_item_of_another_type_is_an_error() {
    let (world, got, _reading) = streaming();
    world.receive(r#"{"type":2,"invocationId":"0","item":"text"}"#);
    world.receive(r#"{"type":2,"invocationId":"0","item":2}"#);
    let items = got.take();
    assert_eq!(items.len(), 2, "{items:?}");
    assert_eq!(items[1], "2");
    let answer = world.follow(world.connection.call("Wait").invoke::<u32>());
    world.receive(r#"{"type":2,"invocationId":"1","item":2}"#);
    assert!(answer.waits());
}
