//! The end of a connection, and what keeps it alive.

use serverless_chat::signalr::{Options, Retry, State};

use super::world::{Log, World};

const PING: &str = "{\"type\":6}\u{1e}";

fn once(options: &mut Options) {
    options.retry = Retry::Never;
}

/// HUB-34, HUB-35: a close message ends the connection, with the server's words.
#[test]
fn a_close_ends_the_connection() {
    for (close, words) in [
        (r#"{"type":7}"#, "The server closed the connection."),
        (
            r#"{"type":7,"error":"Error!","allowReconnect":true}"#,
            "Server returned an error on close: Error!",
        ),
    ] {
        let world = World::connected(once);
        world.receive(close);
        assert_eq!(world.states.take(), [format!("disconnected: {words}")]);
        assert!(!world.is_open());
    }
}

/// FT-14: a server that closes right after the handshake: the start is done, and the end is told.
#[test]
fn a_close_after_the_handshake_is_told_once() {
    let world = World::new(once);
    let started = world.start();
    world.answer(200, &super::world::offer(&["WebSockets"]));
    world.open();
    world.text("{}\u{1e}{\"type\":7,\"error\":\"No hub.\"}\u{1e}");
    assert_eq!(started.ended(), Ok(()));
    assert_eq!(
        world.states.take(),
        [
            "connecting",
            "connected: id",
            "disconnected: Server returned an error on close: No hub."
        ]
    );
}

/// Q-10: nothing that follows a close is heard.
#[test]
fn what_follows_a_close_is_ignored() {
    let world = World::connected(once);
    let heard = Log::default();
    let log = heard.clone();
    world.connection.on("said", move |()| log.push("said"));
    let call = "{\"type\":1,\"target\":\"said\",\"arguments\":[]}\u{1e}";
    world.text(&[call, "{\"type\":7}\u{1e}", call].concat());
    assert_eq!(heard.take(), ["said"], "what came before is heard");
}

/// HUB-62, HUB-63, HUB-65: every observer is told why, and finds the state as it is told.
#[test]
fn every_observer_is_told() {
    let world = World::connected(once);
    let told = Log::default();
    for name in ["first", "second"] {
        let (log, own) = (told.clone(), world.connection.clone());
        world.connection.on_state(move |state| {
            assert_eq!(*state, own.state());
            log.push(name);
        });
    }
    world.close(1006, "oops");
    assert_eq!(told.take(), ["first", "second"]);
    assert_eq!(
        world.states.take(),
        ["disconnected: WebSocket closed with status code: 1006 (oops)."]
    );
}

/// HUB-67, Q-28: whatever comes shows that the server lives.
#[test]
fn messages_keep_the_connection_alive() {
    let world = World::connected(|options| {
        once(options);
        options.server_timeout = 200;
    });
    for message in [
        "{\"type\":6}",
        "{\"type\":99}",
        "{\"type\":3,\"invocationId\":\"9\"}",
    ] {
        world.pass(199);
        world.receive(message);
    }
    world.pass(199);
    assert!(matches!(world.connection.state(), State::Connected { .. }));
    world.connection.stop();
    assert_eq!(world.states.take(), ["disconnected"]);
}

/// HUB-68, HCB-35: silence ends the connection.
#[test]
fn silence_ends_the_connection() {
    let world = World::connected(|options| {
        once(options);
        options.server_timeout = 100;
    });
    world.pass(99);
    assert_eq!(world.states.take(), [""; 0]);
    world.pass(1);
    assert_eq!(
        world.states.take(),
        ["disconnected: Server timeout elapsed without receiving a message from the server."]
    );
}

/// FT-26: another server timeout counts from the next message on.
#[test]
fn a_new_server_timeout_counts_from_the_next_message() {
    let world = World::connected(once);
    world.connection.set_server_timeout(1);
    world.pass(10_000);
    assert_eq!(world.states.take(), [""; 0]);
    world.receive(r#"{"type":6}"#);
    world.pass(1);
    assert_eq!(world.states.take().len(), 1);
}

/// HUB-6, HCB-36, Q-25: a client that hears the server pings in its turn.
#[test]
fn a_client_that_hears_pings_pings() {
    let world = World::connected(|options| options.keep_alive = 5);
    for _ in 0..3 {
        world.receive(r#"{"type":6}"#);
        world.pass(5);
        assert_eq!(world.sent(), [PING]);
    }
    world.connection.set_keep_alive(50);
    world.pass(49);
    assert_eq!(world.sent(), [""; 0], "nothing heard, no ping timer");
    world.receive(r#"{"type":6}"#);
    assert_eq!(world.sent(), [""; 0]);
    world.pass(1);
    assert_eq!(world.sent(), [PING]);
}

/// Q-25: the ping timer is armed by the connection's opening, so a server that says nothing is
/// pinged too.
#[test]
fn an_opened_connection_pings_a_silent_server() {
    let world = World::connected(|_| {});
    world.pass(15_000);
    assert_eq!(world.sent(), [PING]);
}

/// Q-26: an overdue ping goes out with the next message, though its timer never fired.
#[test]
fn an_overdue_ping_follows_the_next_message() {
    let world = World::connected(|_| {});
    world.sleep_until(20_000);
    world.receive(r#"{"type":6}"#);
    assert_eq!(world.sent(), [PING]);
}

/// Q-27: whatever is sent puts the next ping off.
#[test]
fn what_is_sent_puts_the_ping_off() {
    let world = World::connected(|_| {});
    world.pass(10_000);
    world.follow(world.connection.call("Say").send());
    world.sent();
    world.receive(r#"{"type":6}"#);
    world.pass(14_999);
    assert_eq!(world.sent(), [""; 0]);
    world.pass(1);
    assert_eq!(world.sent(), [PING]);
}

/// A server timeout that one late ping would exceed is a warning.
#[test]
fn impatient_settings_are_a_warning() {
    let world = World::new(|options| options.server_timeout = 29_999);
    world.start();
    assert_eq!(
        world.warnings.take(),
        ["The server timeout is shorter than two keep-alive intervals."]
    );
}
