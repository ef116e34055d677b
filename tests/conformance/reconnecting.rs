//! Losing a connection, and getting another.

use std::cell::RefCell;
use std::rc::Rc;

use serverless_chat::signalr::connection::Event;
use serverless_chat::signalr::{Failure, Millis, Options, Retry, State};

use super::world::{World, offer};

/// What a policy was told: how many tries failed, how long it has been, and why.
type Asked = Rc<RefCell<Vec<(u32, Millis, String)>>>;

/// A policy that waits for 10 ms, `tries` times.
fn policy(tries: u32) -> (Asked, impl FnOnce(&mut Options)) {
    let asked = Asked::default();
    let log = asked.clone();
    let retry = Retry::Custom(Rc::new(move |outage| {
        let reason = outage.reason.to_string();
        log.borrow_mut()
            .push((outage.failed, outage.elapsed, reason));
        (outage.failed < tries).then_some(10)
    }));
    (asked, |options: &mut Options| options.retry = retry)
}

fn lost(reason: &str) -> String {
    format!("WebSocket closed with status code: 1006 ({reason}).")
}

/// REC-1, HCB-30: without a policy there is no second connection.
#[test]
fn without_a_policy_a_loss_is_the_end() {
    let world = World::connected(|options| options.retry = Retry::Never);
    world.close(1006, "error");
    assert_eq!(
        world.states.take(),
        [format!("disconnected: {}", lost("error"))]
    );
    assert_eq!(world.wake_at(), None);
}

/// REC-2, REC-4: the policy is told how it goes, from the beginning in each outage.
#[test]
fn a_policy_is_told_how_it_goes() {
    let (asked, change) = policy(9);
    let world = World::connected(change);
    for _ in 0..2 {
        world.close(1006, "error");
        world.pass_to_try();
        world.outcome(Err(Failure::Network));
        world.pass_to_try();
        world.connect();
        let network =
            "Failed to complete negotiation with the server: No answer that this page may read.";
        assert_eq!(
            asked.take(),
            [(0, 0, lost("error")), (1, 10, network.to_owned())]
        );
        assert_eq!(
            world.states.take(),
            [
                format!("reconnecting: {}", lost("error")),
                format!("reconnecting: {}", lost("error")),
                format!("reconnecting: {network}"),
                format!("reconnecting: {network}"),
                "connected: id".to_owned(),
            ]
        );
    }
    world.connection.stop();
    assert_eq!(world.states.take(), ["disconnected"]);
}

/// REC-3, Q-18: a policy may give up later; the last reason is told.
#[test]
fn a_policy_may_give_up() {
    let (_, change) = policy(1);
    let world = World::connected(change);
    world.close(1006, "error");
    world.pass_to_try();
    world.answer(503, "busy");
    let words = "Failed to complete negotiation with the server: busy: Status code '503'";
    assert_eq!(
        world.states.take().pop().unwrap(),
        format!("disconnected: {words}")
    );
    assert_eq!(world.wake_at(), None);
}

/// REC-5: a policy may give up at once.
#[test]
fn a_policy_may_give_up_at_once() {
    let (_, change) = policy(0);
    let world = World::connected(change);
    world.close(1006, "error");
    assert_eq!(
        world.states.take(),
        [format!("disconnected: {}", lost("error"))]
    );
}

/// REC-6: what fails in the first start is no lost connection, unless the start is to be repeated.
#[test]
fn a_loss_in_the_first_handshake_fails_the_start() {
    let (asked, change) = policy(9);
    let world = World::new(|options| {
        change(options);
        options.retry_start = false;
    });
    let started = world.start();
    world.answer(200, &offer(&["WebSockets"]));
    world.open();
    world.close(1006, "error");
    assert_eq!(started.ended().unwrap_err().to_string(), lost("error"));
    assert!(asked.take().is_empty());
}

/// REC-7, REC-8: a try that fails in its handshake is followed by another.
#[test]
fn a_failed_handshake_is_followed_by_another_try() {
    let (asked, change) = policy(9);
    let world = World::connected(change);
    world.close(1006, "first");
    for refused in [false, true] {
        world.pass_to_try();
        world.answer(200, &offer(&["WebSockets"]));
        world.open();
        match refused {
            true => world.text("{\"error\":\"invalid\"}\u{1e}"),
            false => world.close(1006, "second"),
        }
    }
    assert_eq!(
        asked.take(),
        [
            (0, 0, lost("first")),
            (1, 10, lost("second")),
            (2, 20, "Server returned handshake error: invalid".to_owned())
        ]
    );
    world.sent();
    world.pass_to_try();
    world.connect();
}

/// REC-9 to REC-11, REC-14, Q-33: a stop ends an outage, wherever it is.
#[test]
fn a_stop_ends_an_outage() {
    let phases: [fn(&World); 4] = [
        |_| {},
        World::pass_to_try,
        |world| {
            world.pass_to_try();
            world.answer(200, &offer(&["WebSockets"]));
            world.open();
        },
        |world| {
            world.pass_to_try();
            world.outcome(Err(Failure::Network));
        },
    ];
    for reach in phases {
        let world = World::connected(|options| {
            options.retry = Retry::Delays([60_000, 60_000].into());
        });
        world.close(1006, "error");
        reach(&world);
        world.states.take();
        world.connection.stop();
        assert_eq!(world.states.take(), ["disconnected"]);
        assert_eq!((world.wake_at(), world.requests()), (None, 0));
        assert!(!world.is_open());
    }

    let world = World::connected(|_| {});
    let own = world.connection.clone();
    world.connection.on_state(move |state| {
        if matches!(state, State::Reconnecting(_)) {
            own.stop();
        }
    });
    world.close(1006, "error");
    assert_eq!(
        world.connection.state(),
        State::Disconnected { reason: None },
        "Q-33"
    );
    assert_eq!(world.wake_at(), None);
}

/// REC-12, REC-13: a server that closes may invite back.
#[test]
fn a_close_may_invite_back() {
    let words = "Server returned an error on close: Error!";
    let world = World::connected(|_| {});
    world.receive(r#"{"type":7,"error":"Error!","allowReconnect":true}"#);
    assert_eq!(world.states.take(), [format!("reconnecting: {words}")]);

    let world = World::connected(|_| {});
    world.receive(r#"{"type":7,"error":"Error!"}"#);
    assert_eq!(world.states.take(), [format!("disconnected: {words}")]);
}

/// FT-29, Q-30: a connection that timed out is replaced by a new one, which works.
#[test]
fn a_silent_connection_is_replaced() {
    let world = World::connected(|_| {});
    world.pass(30_000);
    world.pass_to_try();
    world.sent();
    world.connect();
    let echo = world.follow(world.connection.call("Echo").invoke::<String>());
    world.receive(r#"{"type":3,"invocationId":"0","result":"echo"}"#);
    assert_eq!(echo.ended().unwrap(), "echo");
}

/// FT-30: the address may change during an outage.
#[test]
fn the_address_may_change_during_an_outage() {
    let world = World::connected(|_| {});
    let own = world.connection.clone();
    world.connection.on_state(move |state| {
        if matches!(state, State::Reconnecting(_)) {
            // Refused while a try is under way.
            let _ = own.set_url("http://elsewhere");
        }
    });
    world.close(1006, "");
    world.pass_to_try();
    assert!(world.request().url.starts_with("http://elsewhere/"));
}

/// Q-34: a page that wakes up checks the clock: a connection that is over by then is replaced at
/// once, and one that may be over is asked to show that it is not.
#[test]
fn a_page_that_wakes_up_checks_its_connection() {
    let world = World::connected(|_| {});
    world.sleep_until(8 * 60 * 60 * 1_000);
    world.event(Event::Woken);
    assert!(matches!(world.connection.state(), State::Reconnecting(_)));
    world.event(Event::Woken);
    assert_eq!(world.requests(), 1, "no delay after waking");

    let world = World::connected(|_| {});
    world.sleep_until(20_000);
    world.event(Event::Woken);
    assert_eq!(world.sent(), ["{\"type\":6}\u{1e}"]);
    world.pass(4_999);
    assert!(matches!(world.connection.state(), State::Connected { .. }));
    world.pass(1);
    assert!(matches!(world.connection.state(), State::Reconnecting(_)));

    let world = World::connected(|_| {});
    world.sleep_until(20_000);
    world.event(Event::Woken);
    world.receive(r#"{"type":6}"#);
    world.pass(29_999);
    assert!(matches!(world.connection.state(), State::Connected { .. }));
}
