//! Connections that outlive their socket.

use serde_json::json;
use serverless_chat::signalr::{Options, Retry, State};

use super::world::{Log, World, offer};

/// A client that is connected to a server that keeps what a lost socket did not deliver.
fn stateful(change: impl FnOnce(&mut Options)) -> World {
    let world = World::new(|options| {
        options.stateful_reconnect = true;
        options.retry = Retry::Never;
        change(options);
    });
    world.start();
    let body = offer(&["WebSockets"]).replacen('{', "{\"useStatefulReconnect\":true,", 1);
    world.answer(200, &body);
    world.shake_hands();
    world.sent();
    world.states.take();
    world
}

fn heard(world: &World) -> Log {
    let heard = Log::default();
    let log = heard.clone();
    world
        .connection
        .on("said", move |(n,): (u32,)| log.push(n.to_string()));
    heard
}

fn said(n: u32) -> String {
    json!({ "type": 1, "target": "said", "arguments": [n] }).to_string()
}

fn say(
    world: &World,
    text: &str,
) -> super::world::Pending<Result<(), serverless_chat::signalr::Error>> {
    world.follow(world.connection.call("Say").arguments((text,)).send())
}

fn say_message(text: &str) -> serde_json::Value {
    json!({ "type": 1, "target": "Say", "arguments": [text] })
}

fn sequence(number: u64) -> serde_json::Value {
    json!({ "type": 9, "sequenceId": number })
}

/// HTC-71, HUB-69: the socket is lost, the connection is not: it opens at the same address, and
/// says where it goes on.
#[test]
fn a_lost_socket_is_replaced_at_the_same_address() {
    let world = stateful(|_| {});
    world.close(1006, "");
    assert_eq!(world.requests(), 0, "nobody negotiates");
    let endpoints = world.endpoints();
    assert_eq!(endpoints[0].url, endpoints[1].url);
    world.open();
    assert_eq!(world.messages(), [sequence(1)]);
    assert_eq!(world.states.take(), [""; 0], "nobody is told");
}

/// HTC-72: there is one such chance.
#[test]
fn a_second_loss_is_a_loss() {
    let world = stateful(|_| {});
    world.close(1006, "");
    world.close(1006, "again");
    assert_eq!(
        world.states.take(),
        ["disconnected: WebSocket closed with status code: 1006 (again)."]
    );
    assert_eq!(world.sent(), [""; 0]);

    let world = stateful(|_| {});
    world.close(1006, "");
    world.pass(15_000);
    assert!(matches!(
        world.connection.state(),
        State::Disconnected { .. }
    ));
}

/// HTC-69: a server that does not promise it gets no second chance.
#[test]
fn without_a_promise_a_loss_is_a_loss() {
    let world = World::connected(|options| {
        options.stateful_reconnect = true;
        options.retry = Retry::Never;
    });
    world.close(1006, "");
    assert_eq!(world.endpoints().len(), 1);
    assert_eq!(world.states.take().len(), 1);
}

/// HUB-70, HUB-71: what is not acknowledged is sent again, once, in order; what was called
/// meanwhile too.
#[test]
fn what_is_not_acknowledged_is_sent_again() {
    let world = stateful(|_| {});
    assert_eq!(say(&world, "one").ended(), Ok(()));
    assert_eq!(say(&world, "two").ended(), Ok(()));
    assert_eq!(world.messages(), [say_message("one"), say_message("two")]);
    world.close(1006, "");
    let meanwhile = say(&world, "three");
    assert!(meanwhile.waits());
    world.open();
    assert_eq!(meanwhile.ended(), Ok(()));
    assert_eq!(
        world.messages(),
        [
            sequence(1),
            say_message("one"),
            say_message("two"),
            say_message("three")
        ]
    );
    assert_eq!(say(&world, "four").ended(), Ok(()));
    assert_eq!(world.messages(), [say_message("four")]);
}

/// HUB-72: what is acknowledged is not sent again.
#[test]
fn what_is_acknowledged_is_not_sent_again() {
    let world = stateful(|_| {});
    for text in ["one", "two", "three"] {
        say(&world, text);
    }
    world.sent();
    world.receive(r#"{"type":8,"sequenceId":2}"#);
    world.close(1006, "");
    world.open();
    assert_eq!(world.messages(), [sequence(3), say_message("three")]);
}

/// HUB-73, HUB-74: what is received is acknowledged a second later, once for all.
#[test]
fn what_is_received_is_acknowledged() {
    let world = stateful(|_| {});
    heard(&world);
    world.receive(&said(1));
    world.pass(999);
    assert_eq!(world.sent(), [""; 0]);
    world.pass(1);
    assert_eq!(world.messages(), [json!({ "type": 8, "sequenceId": 1 })]);
    for n in 2..=4 {
        world.receive(&said(n));
    }
    world.receive(r#"{"type":6}"#);
    world.pass(5_000);
    assert_eq!(world.messages(), [json!({ "type": 8, "sequenceId": 4 })]);
}

/// HUB-75 to HUB-77: what comes again is not heard again, and nothing is heard before the server
/// says where it goes on.
#[test]
fn what_comes_again_is_not_heard_again() {
    for (first, again) in [(1, vec![1, 2]), (2, vec![2])] {
        let world = stateful(|_| {});
        let heard = heard(&world);
        world.receive(&said(1));
        world.receive(&said(2));
        world.close(1006, "");
        world.open();
        heard.take();
        world.receive(&said(77));
        world.receive(r#"{"type":7}"#);
        assert_eq!(heard.take(), [""; 0], "HUB-76");
        world.receive(&sequence(first).to_string());
        for n in again {
            world.receive(&said(n));
        }
        world.receive(&said(3));
        assert_eq!(heard.take(), ["3"]);
        assert_eq!(world.states.take(), [""; 0]);
    }
}

/// HUB-78: a server that goes on behind what was received has lost something.
#[test]
fn a_gap_ends_the_connection() {
    let world = stateful(|_| {});
    world.receive(&sequence(1).to_string());
    world.receive(&sequence(2).to_string());
    assert_eq!(
        world.states.take(),
        ["disconnected: Sequence ID greater than amount of messages we've received."]
    );
}

/// HUB-79, HUB-82, HCB-37, HCB-38: with too much on its way, calls are sent and wait.
#[test]
fn calls_wait_when_too_much_is_on_its_way() {
    let world = stateful(|options| options.stateful_buffer = 1_000);
    let large = say(&world, &"x".repeat(1_000));
    let small = say(&world, "small");
    assert_eq!(world.messages().len(), 2, "sent at once");
    assert!(large.waits() && small.waits());
    world.receive(r#"{"type":8,"sequenceId":1}"#);
    assert_eq!((large.ended(), small.ended()), (Ok(()), Ok(())));
    assert_eq!(
        Options::new("").stateful_buffer,
        100_000,
        "unless the application says otherwise"
    );
}

/// HUB-80, HUB-81: who waits for room is told of the end.
#[test]
fn the_end_is_told_to_those_who_wait_for_room() {
    let full = || {
        let world = stateful(|options| options.stateful_buffer = 10);
        let waiting = say(&world, "more than ten bytes");
        assert!(waiting.waits());
        (world, waiting)
    };
    let (world, waiting) = full();
    world.receive(r#"{"type":7,"error":"test"}"#);
    assert_eq!(
        waiting.ended().unwrap_err().to_string(),
        "Server returned an error on close: test"
    );
    let (world, waiting) = full();
    world.connection.stop();
    world.turn();
    assert_eq!(
        waiting.ended(),
        Err(serverless_chat::signalr::Error::CallCanceled)
    );
}
