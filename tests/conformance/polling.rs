//! Long polling.

use serverless_chat::signalr::connection::Method;
use serverless_chat::signalr::{Authorization, Failure, Options, Retry, State};

use super::world::{HUB, Log, RS, World, offer};

const SAID: &str = "{\"type\":1,\"target\":\"said\",\"arguments\":[]}\u{1e}";

fn token(token: &str) -> Authorization {
    Authorization {
        access_token: Some(token.to_owned()).filter(|token| !token.is_empty()),
        ..Authorization::default()
    }
}

/// A client that is connected by long polling; a poll waits.
fn polling(change: impl FnOnce(&mut Options)) -> World {
    let world = World::new(|options| {
        options.retry = Retry::Never;
        change(options);
    });
    world.authorizations.replace(vec![token("first")]);
    let started = world.start();
    world.answer(200, &offer(&["LongPolling"]));
    let poll = world.answer(200, "this body is nobody's");
    assert!(poll.method == Method::Get);
    assert_eq!(poll.url, format!("{HUB}?id=token&_=0"));
    assert_eq!(world.requests(), 2);
    let handshake = world.answer(200, "");
    assert_eq!(
        handshake.body,
        "{\"protocol\":\"json\",\"version\":1}\u{1e}"
    );
    let text = ["{}", RS].concat();
    world.answer(200, &text);
    assert_eq!(started.ended(), Ok(()));
    assert_eq!(world.requests(), 1);
    world.states.take();
    world
}

/// HTC-37, HUB-7: polls show that both sides live, so there are no pings and no server timeout.
#[test]
fn polls_need_no_pings() {
    let world = polling(|options| options.request_timeout = 1_000_000);
    assert_eq!(
        world.requests(),
        1,
        "the poll alone: not even the first ping"
    );
    world.pass(900_000);
    assert_eq!(world.requests(), 1);
    assert!(matches!(world.connection.state(), State::Connected { .. }));
}

/// LPT-1, LPT-3, FT-38: a stop ends the poll, then the connection.
#[test]
fn a_stop_ends_the_poll_and_then_the_connection() {
    let world = polling(|_| {});
    let before = world.aborted();
    world.connection.stop();
    assert_eq!(world.aborted(), before + 1);
    let last = world.answer(202, "");
    assert!(last.method == Method::Delete);
    assert_eq!(last.url, format!("{HUB}?id=token"));
    assert_eq!(world.requests(), 0);
    assert_eq!(world.states.take(), ["disconnected"]);
}

/// LPT-2: a poll that is answered with 204 is the last.
#[test]
fn a_204_is_the_end() {
    let world = polling(|_| {});
    world.answer(204, "");
    assert_eq!(world.states.take(), ["disconnected: The connection ended."]);
    assert_eq!(world.requests(), 0);
}

/// LPT-4, LPT-5: all requests carry the client's headers and the application's.
#[test]
fn every_request_carries_the_same_headers() {
    let world = polling(|options| {
        options.headers = vec![("X-HEADER".into(), "VALUE".into())];
    });
    let poll = world.request();
    world.follow(world.connection.call("Say").send());
    world.answer(200, "");
    let post = world.answer(200, "");
    world.connection.stop();
    let delete = world.answer(202, "");
    for request in [poll, post, delete] {
        let has = |name: &str| request.headers.iter().any(|one| one.0 == name);
        assert!(has("X-SignalR-User-Agent") && has("X-HEADER") && has("Authorization"));
    }
}

/// LPT-6: a poll may take 100 seconds, and then begins anew.
#[test]
fn a_poll_that_takes_too_long_begins_anew() {
    let world = polling(|_| {});
    let first = world.request();
    world.pass(99_999);
    assert!(world.request() == first);
    world.pass(1);
    assert_eq!(world.requests(), 1);
    assert_ne!(world.request().url, first.url, "no cache can answer it");
    assert!(matches!(world.connection.state(), State::Connected { .. }));
}

/// HTC-36, LPT-7, LPT-8, ATC-1, Q-1: a poll that is refused is repeated with what is renewed, or without
/// anything if there is nothing new; the application's own header stays.
#[test]
fn a_refused_poll_is_repeated_with_what_is_renewed() {
    let world = polling(|_| {});
    let heard = Log::default();
    let log = heard.clone();
    world.connection.on("said", move |()| log.push("said"));
    world
        .authorizations
        .replace(vec![token(""), token("second")]);
    let shown = |world: &World| {
        let headers = world.request().headers;
        let mut found = headers.into_iter().filter(|one| one.0 == "Authorization");
        found.next().map(|one| one.1)
    };
    world.answer(401, "");
    assert_eq!(shown(&world).as_deref(), Some("Bearer second"));
    world.answer(200, SAID);
    assert_eq!(heard.take(), ["said"]);
    world.answer(401, "");
    assert_eq!(shown(&world), None);
    world.answer(200, SAID);
    assert_eq!(heard.take(), ["said"]);
    assert_eq!(shown(&world), None, "and in later polls");
    world.connection.stop();
    assert_eq!(shown(&world), None, "and at the end");

    let world = World::new(|options| {
        options.headers = vec![("Authorization".into(), "Basic own".into())];
    });
    world.start();
    world.answer(200, &offer(&["LongPolling"]));
    world.answer(200, "");
    assert_eq!(shown(&world).as_deref(), Some("Basic own"));
}

/// A poll that fails, or is refused twice, ends the connection, with the reason.
#[test]
fn a_failed_poll_ends_the_connection() {
    let world = polling(|_| {});
    world.answer(500, "Oops");
    assert_eq!(
        world.states.take(),
        ["disconnected: Oops: Status code '500'"]
    );

    let world = polling(|_| {});
    world.outcome(Err(Failure::Network));
    assert_eq!(world.states.take().len(), 1);

    let world = polling(|_| {});
    world.answer(401, "");
    world.answer(401, "");
    assert_eq!(world.states.take(), ["disconnected: Status code '401'"]);
}

/// HTC-70: stateful reconnect is for WebSockets alone.
#[test]
fn polls_know_no_stateful_reconnect() {
    let world = World::new(|options| options.stateful_reconnect = true);
    world.start();
    let body = offer(&["LongPolling"]).replacen('{', "{\"useStatefulReconnect\":true,", 1);
    world.answer(200, &body);
    world.answer(200, "");
    let handshake = world.answer(200, "");
    assert_eq!(
        handshake.body,
        "{\"protocol\":\"json\",\"version\":1}\u{1e}"
    );
}
