//! What a connection does while it is there, and how it ends.

use super::*;

/// HTC-6, HUB-33, REC-9 to REC-11, REC-14, Q-4: a stop ends whatever is under way, at once.
#[test]
fn stop_works_in_every_phase() {
    let negotiating = "The connection was stopped during negotiation.";
    type Case = (fn(&mut Bench), Option<&'static str>);
    let phases: [Case; 6] = [
        (|_| {}, Some(negotiating)),
        (
            |bench| bench.authorize(AuthorizeReason::Connect),
            Some(negotiating),
        ),
        (
            |bench| {
                bench.authorize(AuthorizeReason::Connect);
                bench.accept();
            },
            Some("Failed to start the HttpConnection before stop() was called."),
        ),
        (
            |bench| {
                bench.authorize(AuthorizeReason::Connect);
                bench.accept();
                bench.open();
            },
            Some("The connection was stopped before the hub handshake could complete."),
        ),
        (Bench::connect, None),
        (
            |bench| {
                bench.connect();
                bench.lose();
            },
            None,
        ),
    ];
    for (reach, expected) in phases {
        let mut bench = Bench::started();
        reach(&mut bench);
        let generation = bench.generation();
        bench.event(Event::Stop);
        let reason = match bench.state() {
            State::Disconnected { reason } => reason.map(|reason| reason.to_string()),
            other => panic!("{other:?}"),
        };
        assert_eq!(reason.as_deref(), expected);
        assert_eq!(bench.connection.poll_timeout(), None);
        bench.event(Event::Opened(generation));
        bench.event(Event::Closed(generation, closure(1000)));
        bench.event(Event::Stop);
        assert_eq!(bench.command(), None, "nothing late has an effect");
    }
}

/// HUB-9: a client that goes says so.
#[test]
fn stop_says_goodbye() {
    let mut bench = Bench::connected();
    bench.event(Event::Stop);
    assert_eq!(bench.sent(), outgoing::CLOSE);
    assert_eq!(bench.command(), Some(Command::Io(Action::Abandon)));
}

/// HUB-16, Q-11: what comes with the answer to the handshake is not lost.
#[test]
fn messages_may_follow_the_handshake_in_one_piece() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.accept();
    bench.open();
    bench.text("{}\u{1e}{\"type\":1,\"target\":\"a\",\"arguments\":[]}\u{1e}{\"type\":1,\"tar");
    assert_eq!(bench.heard, ["a"]);
    bench.text("get\":\"b\",\"arguments\":[]}\u{1e}");
    assert_eq!(bench.heard, ["a", "b"], "Q-6: cut records are put together");
}

/// HUB-17, HUB-32, REC-7, REC-8, Q-12, Q-13.
#[test]
fn a_failed_handshake_is_a_failed_try() {
    type Case = (fn(&mut Bench), fn(&Error) -> bool);
    let failures: [Case; 4] = [
        (
            |bench| bench.lose(),
            |error| matches!(error, Error::Lost { code: 1006, .. }),
        ),
        (
            |bench| bench.text("{\"error\":\"Error!\"}\u{1e}"),
            |error| error.to_string() == "Server returned handshake error: Error!",
        ),
        (
            |bench| bench.text("{\"type\":6}\u{1e}"),
            |error| matches!(error, Error::HandshakeMalformed(_)),
        ),
        (
            |bench| bench.pass(15_000),
            |error| *error == Error::HandshakeTimeout,
        ),
    ];
    for (fail, expected) in failures {
        let mut bench = Bench::started();
        bench.authorize(AuthorizeReason::Connect);
        bench.accept();
        bench.open();
        fail(&mut bench);
        let error = bench.waits();
        assert!(expected(&error), "{error:?}");
        bench.pass_to_timer();
        bench.states.clear();
        bench.connect();
    }
}

#[test]
fn what_takes_too_long_is_given_up() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.pass(99_999);
    bench.posted();
    bench.pass(1);
    assert_eq!(
        bench.waits(),
        Error::Negotiate {
            step: Step::Negotiate,
            failure: Failure::Timeout
        }
    );

    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.accept();
    bench.pass(15_000);
    assert_eq!(
        bench.waits().to_string(),
        "Unable to connect to the server with any of the available transports. WebSockets failed: It did not open in time."
    );
}

/// HUB-67, HUB-68, Q-28.
#[test]
fn silence_ends_a_connection_and_any_message_prolongs_it() {
    let mut bench = Bench::connected();
    for _ in 0..5 {
        bench.pass(29_999);
        bench.text("{\"type\":99}\u{1e}");
    }
    assert!(matches!(bench.state(), State::Connected { .. }));
    while !matches!(bench.state(), State::Reconnecting(_)) {
        bench.pass_to_timer();
    }
    assert_eq!(bench.waits(), Error::ServerTimeout);
}

/// HUB-6, Q-25 to Q-27.
#[test]
fn pings_are_armed_by_what_is_heard() {
    let mut bench = Bench::connected();
    assert_eq!(bench.pass_to_timer(), 15_000);
    assert_eq!(bench.sent(), outgoing::PING);
    assert_eq!(
        bench.connection.poll_timeout(),
        Some(bench.now + 15_000),
        "only the server's silence is left"
    );

    bench.pass(10_000);
    bench.text("{\"type\":6}\u{1e}");
    assert_eq!(
        bench.pass_to_timer(),
        5_000,
        "15 seconds after the last ping"
    );
    assert_eq!(bench.sent(), outgoing::PING);

    bench.now += 16_000;
    bench.text("{\"type\":6}\u{1e}");
    assert_eq!(
        bench.sent(),
        outgoing::PING,
        "overdue: its timer never fired"
    );
}

/// HUB-34, HUB-35, REC-12, REC-13, Q-10.
#[test]
fn a_close_ends_the_connection_and_what_follows_it_is_ignored() {
    for (close, allow) in [
        (r#"{"type":7,"error":"Error!","allowReconnect":true}"#, true),
        (r#"{"type":7}"#, false),
    ] {
        let mut bench = Bench::new(|options| options.reconnect_on_every_close = true);
        bench.event(Event::Start);
        bench.connect();
        bench.text(&format!(
            "{close}\u{1e}{{\"type\":1,\"target\":\"a\",\"arguments\":[]}}\u{1e}"
        ));
        assert_eq!(bench.heard, [""; 0]);
        assert_eq!(
            bench.command(),
            Some(Command::Io(Action::Abandon)),
            "no goodbye to a server that went"
        );
        let error = bench.waits();
        assert!(
            matches!(error, Error::ClosedByServer { allow_reconnect, .. } if allow_reconnect == allow)
        );
        let delay = bench.pass_to_timer();
        assert!(
            if allow {
                delay <= 1_000
            } else {
                (7_500..=30_000).contains(&delay)
            },
            "{delay}"
        );
        bench.connect();
    }
}

/// REC-13: who is not invited back stays away.
#[test]
fn a_close_that_invites_nobody_back_is_the_end() {
    let mut bench = Bench::connected();
    bench.text("{\"type\":7,\"error\":\"Error!\"}\u{1e}");
    let error = bench.ended();
    assert_eq!(
        error.to_string(),
        "Server returned an error on close: Error!"
    );
}

#[test]
fn what_is_no_hub_message_ends_the_connection() {
    let mut bench = Bench::connected();
    bench.text("{\"type\":6}\u{1e}not json\u{1e}");
    assert_eq!(bench.waits(), Error::Protocol("Invalid payload."));
}
