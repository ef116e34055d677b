//! Starting, stopping, and starting again.

use serverless_chat::signalr::{Error, Failure, Retry, State};

use super::world::{HUB, World, offer};

fn once(options: &mut serverless_chat::signalr::Options) {
    options.retry = Retry::Never;
}

/// HUB-1, HUB-5, HUB-13, HCB-8, Q-23: the handshake names the protocol, `{}` accepts it, and a ping
/// follows.
#[test]
fn a_start_sends_the_handshake_and_a_ping() {
    let world = World::new(|_| {});
    let started = world.start();
    world.answer(200, &offer(&["WebSockets"]));
    world.open();
    assert_eq!(
        world.sent(),
        ["{\"protocol\":\"json\",\"version\":1}\u{1e}"]
    );
    assert!(started.waits());
    world.text("{}\u{1e}");
    assert_eq!(world.sent(), ["{\"type\":6}\u{1e}"]);
    assert_eq!(started.ended(), Ok(()));
    assert_eq!(world.states.take(), ["connecting", "connected: id"]);
}

/// HTC-3, Q-21, FT-25, HTC-19: why negotiation failed is told, and a start without a policy ends.
#[test]
fn a_failed_negotiation_ends_the_start() {
    for (status, body, words) in [
        (500, "", "Status code '500'"),
        (500, "error", "error: Status code '500'"),
        (401, "Unauthorized", "Unauthorized: Status code '401'"),
        (
            404,
            "",
            "Status code '404' Either this is not a SignalR endpoint or there is a proxy blocking the connection.",
        ),
    ] {
        let world = World::new(once);
        let started = world.start();
        world.answer(status, body);
        let error = started.ended().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("Failed to complete negotiation with the server: {words}")
        );
        assert_eq!(error.status(), Some(status));
    }
}

/// HTC-9: a status that is neither 200 nor an error is named as it is.
#[test]
fn a_strange_status_is_named() {
    for status in [999, 204] {
        let world = World::new(once);
        let started = world.start();
        world.answer(status, "");
        assert_eq!(
            started.ended().unwrap_err().to_string(),
            format!("Unexpected status code returned from negotiate '{status}'")
        );
    }
}

/// HTC-4: one start at a time.
#[test]
fn a_second_start_is_refused() {
    let world = World::new(|_| {});
    world.start();
    let refused = world.start().ended().unwrap_err();
    assert_eq!(refused, Error::AlreadyStarted);
    assert_eq!(
        refused.to_string(),
        "Cannot start a HubConnection that is not in the 'Disconnected' state."
    );
    assert_eq!(world.requests(), 1);
}

/// HTC-5: a start that failed is no obstacle to the next.
#[test]
fn a_failed_start_can_be_repeated() {
    let world = World::new(once);
    let first = world.start();
    world.outcome(Err(Failure::Network));
    assert!(first.ended().is_err());
    let second = world.start();
    world.connect();
    assert_eq!(second.ended(), Ok(()));
}

/// HTC-6, HUB-33, Q-4: a stop ends a start at once, in every phase, and says in which.
#[test]
fn a_stop_ends_the_start() {
    type Case = (fn(&World), &'static str);
    let phases: [Case; 3] = [
        (|_| {}, "The connection was stopped during negotiation."),
        (
            |world| drop(world.answer(200, &offer(&["WebSockets"]))),
            "Failed to start the HttpConnection before stop() was called.",
        ),
        (
            |world| {
                world.answer(200, &offer(&["WebSockets"]));
                world.open();
            },
            "The connection was stopped before the hub handshake could complete.",
        ),
    ];
    for (reach, words) in phases {
        let world = World::new(|_| {});
        let started = world.start();
        reach(&world);
        let requests = world.requests();
        world.connection.stop();
        world.turn();
        let error = started.ended().unwrap_err();
        assert!(matches!(error, Error::Stopped(_)));
        assert_eq!(error.to_string(), words);
        assert_eq!(world.aborted(), requests, "nothing is waited for");
        assert!(!world.is_open());
        assert_eq!(world.wake_at(), None);
    }
}

/// HTC-13, Q-32: a stop where there is nothing to stop does nothing.
#[test]
fn a_stop_of_what_never_started_does_nothing() {
    let world = World::new(|_| {});
    world.connection.stop();
    assert_eq!(world.states.take(), [""; 0]);
    let world = World::connected(|_| {});
    world.connection.stop();
    world.connection.stop();
    assert_eq!(world.states.take(), ["disconnected"]);
}

/// HUB-8, HUB-9: the server is told that the client goes.
#[test]
fn a_stop_says_goodbye() {
    let world = World::connected(|_| {});
    world.connection.stop();
    assert_eq!(world.sent(), ["{\"type\":7}\u{1e}"]);
    assert_eq!(
        world.connection.state(),
        State::Disconnected { reason: None }
    );
}

/// HTC-50, FT-13, Q-30: after a loss, the next connection has handlers and an empty queue.
#[test]
fn what_ended_leaves_nothing_behind() {
    let world = World::connected(once);
    let heard = super::world::Log::default();
    let log = heard.clone();
    world
        .connection
        .on("said", move |(text,): (String,)| log.push(text));
    world.close(1006, "");
    let again = world.start();
    world.connect();
    assert_eq!(again.ended(), Ok(()));
    let sent = world.follow(world.connection.call("Say").arguments(("hi",)).send());
    assert_eq!(sent.ended(), Ok(()));
    assert_eq!(world.messages()[0]["target"], "Say");
    world.receive(r#"{"type":1,"target":"said","arguments":["hello"]}"#);
    assert_eq!(heard.take(), ["hello"]);
}

/// FT-17: an observer of the end may start again.
#[test]
fn the_end_may_begin_the_next_start() {
    let world = World::connected(once);
    let again = world.connection.clone();
    world.connection.on_state(move |state| {
        if matches!(state, State::Disconnected { .. }) {
            drop(again.start());
        }
    });
    world.close(1006, "");
    world.connect();
    assert!(matches!(world.connection.state(), State::Connected { .. }));
}

/// HUB-2 to HUB-4: the address can change while there is no connection.
#[test]
fn the_address_changes_between_connections() {
    let world = World::connected(once);
    assert_eq!(
        world
            .connection
            .set_url("http://elsewhere")
            .unwrap_err()
            .to_string(),
        "The HubConnection must be in the Disconnected or Reconnecting state to change the url."
    );
    let changed = world.connection.clone();
    world.connection.on_state(move |state| {
        if matches!(state, State::Disconnected { .. }) {
            changed.set_url("http://elsewhere").unwrap();
        }
    });
    world.connection.stop();
    world.start();
    assert_eq!(
        world.request().url,
        "http://elsewhere/negotiate?negotiateVersion=1"
    );
    world.connection.stop();
    assert_eq!(world.connection.set_url(HUB), Ok(()));
}

/// HUB-17, HCB-6: the end comes before the handshake does.
#[test]
fn an_end_before_the_handshake_ends_the_start() {
    let world = World::new(once);
    let started = world.start();
    assert_eq!(
        world.request().url,
        "http://example.com/hub/negotiate?negotiateVersion=1"
    );
    world.answer(200, &offer(&["WebSockets"]));
    world.open();
    world.close(1000, "");
    assert_eq!(
        started.ended().unwrap_err().to_string(),
        "The underlying connection was closed before the hub handshake could complete."
    );
    assert!(world.connection.state() != State::Disconnected { reason: None });
}

/// HUB-32, Q-12 to Q-14: a handshake that is refused, or no handshake at all.
#[test]
fn a_refused_handshake_ends_the_start() {
    for (answer, words) in [
        (
            "{\"error\":\"Error!\"}\u{1e}",
            "Server returned handshake error: Error!",
        ),
        (
            "{\"type\":6}\u{1e}",
            "Error parsing handshake response: Expected a handshake response from the server.",
        ),
        (
            "HTTP/1.1 200\u{1e}",
            "Error parsing handshake response: It is no JSON object.",
        ),
    ] {
        let world = World::new(once);
        let started = world.start();
        world.answer(200, &offer(&["WebSockets"]));
        world.open();
        world.text(answer);
        assert_eq!(started.ended().unwrap_err().to_string(), words);
        assert_eq!(
            world.states.take(),
            ["connecting".to_owned(), format!("disconnected: {words}")],
            "there was no connection to lose"
        );
        assert!(!world.is_open());
    }
}

/// HUB-16, Q-11: what comes behind the handshake is for the handlers, before the start has ended.
#[test]
fn messages_behind_the_handshake_are_heard() {
    let world = World::new(|_| {});
    let order = super::world::Log::default();
    let (heard, state, done) = (order.clone(), order.clone(), order.clone());
    world.connection.on("said", move |()| heard.push("heard"));
    world.connection.on_state(move |one| {
        if matches!(one, State::Connected { .. }) {
            state.push("connected");
        }
    });
    let start = world.connection.start();
    let _started = world.follow(async move {
        start.await.unwrap();
        done.push("started");
    });
    world.answer(200, &offer(&["WebSockets"]));
    world.open();
    world.text("{}\u{1e}{\"type\":1,\"target\":\"said\",\"arguments\":[]}\u{1e}");
    assert_eq!(order.take(), ["connected", "heard", "started"]);
}

/// Q-15: a server that does not answer the handshake is given up after 15 seconds.
#[test]
fn a_silent_server_is_given_up() {
    let world = World::new(once);
    let started = world.start();
    world.answer(200, &offer(&["WebSockets"]));
    world.open();
    world.pass(14_999);
    assert!(started.waits());
    world.pass(1);
    assert_eq!(started.ended(), Err(Error::HandshakeTimeout));
}

/// Q-6, Q-13: a record may come in pieces, the handshake too.
#[test]
fn records_may_come_in_pieces() {
    let world = World::new(|_| {});
    let started = world.start();
    world.answer(200, &offer(&["WebSockets"]));
    world.open();
    world.text("{");
    assert!(started.waits());
    world.text("}\u{1e}{\"type\":");
    assert_eq!(started.ended(), Ok(()));
    world.text("6}\u{1e}");
    assert!(matches!(world.connection.state(), State::Connected { .. }));
}

/// Q-17: the first try is repeated by the same policy, if that is wanted.
#[test]
fn a_first_try_that_fails_is_repeated() {
    let world = World::new(|_| {});
    let started = world.start();
    for _ in 0..3 {
        world.outcome(Err(Failure::Network));
        assert!(started.waits());
        world.pass_to_try();
    }
    world.connect();
    assert_eq!(started.ended(), Ok(()));

    let world = World::new(|options| options.retry_start = false);
    let started = world.start();
    world.outcome(Err(Failure::Network));
    assert!(started.ended().is_err());
    assert_eq!(world.wake_at(), None);
}

/// FT-33, FT-34, HTC-30, FT-32: the server's name for the client is there as long as the connection.
#[test]
fn the_connection_has_the_servers_name() {
    let world = World::connected(|_| {});
    let named = |name: &str| State::Connected {
        connection_id: Some(name.to_owned()),
    };
    assert_eq!(world.connection.state(), named("id"));
    world.close(1006, "");
    world.pass_to_try();
    world.answer(200, &offer(&["WebSockets"]).replace("\"id\"", "\"other\""));
    world.shake_hands();
    assert_eq!(world.connection.state(), named("other"));

    let skipping = |options: &mut serverless_chat::signalr::Options| {
        options.skip_negotiation = true;
        options.transports = vec![serverless_chat::signalr::Transport::WebSockets];
    };
    let world = World::new(skipping);
    let started = world.start();
    assert_eq!(world.requests(), 0, "nobody is asked");
    assert_eq!(world.endpoints()[0].url, "ws://example.com/hub");
    for _ in 0..2 {
        world.shake_hands();
        let nameless = State::Connected {
            connection_id: None,
        };
        assert_eq!(world.connection.state(), nameless);
        let result = world.follow(world.connection.call("Ping").invoke::<String>());
        world.receive(r#"{"type":3,"invocationId":"0","result":"pong"}"#);
        world.receive(r#"{"type":3,"invocationId":"1","result":"pong"}"#);
        assert_eq!(result.ended().unwrap(), "pong");
        world.close(1006, "");
        world.pass_to_try();
        world.sent();
    }
    assert_eq!(started.ended(), Ok(()));
}

/// HTC-31: negotiation cannot be skipped but for WebSockets.
#[test]
fn other_transports_have_to_be_negotiated() {
    let world = World::new(|options| options.skip_negotiation = true);
    assert_eq!(
        world.start().ended().unwrap_err().to_string(),
        "Negotiation can only be skipped when using the WebSocket transport directly."
    );
}
