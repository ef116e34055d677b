//! Which transport is taken, and what becomes of it.

use serverless_chat::signalr::connection::{Closure, Method};
use serverless_chat::signalr::{Authorization, Error, Options, Retry, State, Transport};

use super::world::{World, offer};

const ALL: [&str; 3] = ["WebSockets", "ServerSentEvents", "LongPolling"];

fn once(options: &mut Options) {
    options.retry = Retry::Never;
}

fn only(transport: Transport) -> impl FnOnce(&mut Options) {
    move |options| {
        once(options);
        options.transports = vec![transport];
    }
}

/// HTC-14, HTC-29: a server that offers nothing.
#[test]
fn no_offer_is_an_error() {
    let world = World::new(once);
    let started = world.start();
    world.answer(200, &offer(&[]));
    assert_eq!(
        started.ended().unwrap_err().to_string(),
        "None of the transports supported by the client are supported by the server."
    );
}

/// HTC-20 to HTC-22, HTC-23 to HTC-25: what the application does not allow is not taken.
#[test]
fn what_is_not_allowed_is_not_taken() {
    for wanted in Transport::ALL {
        let others: Vec<&str> = ALL
            .into_iter()
            .filter(|one| *one != wanted.name())
            .collect();
        let world = World::new(only(wanted));
        let started = world.start();
        world.answer(200, &offer(&others));
        let refused = |name| format!(" {name} failed: '{name}' is disabled by the client.");
        let words = "Unable to connect to the server with any of the available transports.";
        assert_eq!(
            started.ended().unwrap_err().to_string(),
            [words, &refused(others[0]), &refused(others[1])].concat()
        );
        assert_eq!(world.endpoints().len(), 0);

        let world = World::new(|options| {
            once(options);
            options.transports.retain(|one| *one != wanted);
        });
        let started = world.start();
        world.answer(200, &offer(&[wanted.name()]));
        assert_eq!(
            started.ended().unwrap_err().to_string(),
            [words, &refused(wanted.name())].concat()
        );
    }
}

/// HTC-26: without a word of the application, the server's first offer is taken.
#[test]
fn the_servers_first_offer_is_taken() {
    for first in [Transport::WebSockets, Transport::ServerSentEvents] {
        let world = World::new(|_| {});
        world.start();
        world.answer(200, &offer(&[first.name(), "LongPolling"]));
        assert!(world.endpoints()[0].transport == first);
    }
}

/// HTC-10: all failures are told in one error; nobody negotiates for what cannot be taken.
#[test]
fn all_failures_are_told() {
    let world = World::new(only(Transport::WebSockets));
    let started = world.start();
    world.answer(
        200,
        &offer(&["WebSockets", "Pigeon", "ServerSentEvents", "LongPolling"]),
    );
    world.close(1006, "");
    assert_eq!(world.requests(), 0);
    let words = started.ended().unwrap_err().to_string();
    for part in [
        "Unable to connect to the server with any of the available transports. WebSockets failed: WebSocket failed to connect.",
        " Pigeon failed: Skipping transport 'Pigeon' because it is not supported by this client.",
        " ServerSentEvents failed: 'ServerSentEvents' is disabled by the client.",
        " LongPolling failed: 'LongPolling' is disabled by the client.",
    ] {
        assert!(words.contains(part), "{words}");
    }
}

/// HTC-11, HTC-45, FT-35, FT-37, WST-3: each next transport has a negotiation of its own.
#[test]
fn each_next_transport_is_negotiated_for() {
    let world = World::new(once);
    let started = world.start();
    world.answer(200, &offer(&ALL));
    world.close(1006, "");
    assert_eq!(
        world.request().url,
        "http://example.com/hub/negotiate?negotiateVersion=1"
    );
    world.answer(200, &offer(&ALL).replace("\"id\"", "\"second\""));
    let endpoints = world.endpoints();
    assert!(endpoints[1].transport == Transport::ServerSentEvents);
    assert_eq!(endpoints[1].url, "http://example.com/hub?id=token");
    world.open();
    let handshake = world.answer(200, "");
    assert_eq!(
        handshake.body,
        "{\"protocol\":\"json\",\"version\":1}\u{1e}"
    );
    world.text("{}\u{1e}");
    assert_eq!(started.ended(), Ok(()));
    assert_eq!(
        world.states.take().pop().unwrap(),
        "connected: second",
        "HTC-45"
    );

    let world = World::new(once);
    let started = world.start();
    world.answer(200, &offer(&ALL));
    world.close(1006, "");
    world.answer(200, &offer(&ALL));
    world.end(Closure::EventStream);
    world.answer(200, &offer(&ALL));
    world.answer(404, "");
    let words = started.ended().unwrap_err().to_string();
    for part in [
        "WebSockets failed: WebSocket failed to connect. The connection could not be found on the server, either the endpoint may not be a SignalR endpoint, the connection ID is not present on the server, or there is a proxy blocking WebSockets. If you have multiple servers check that sticky sessions are enabled.",
        "ServerSentEvents failed: EventSource failed to connect. The connection could not be found on the server, ",
        "LongPolling failed: Status code '404'",
    ] {
        assert!(words.contains(part), "{words}");
    }
}

/// HTC-12: a negotiation for the next transport that fails ends the try.
#[test]
fn a_failed_negotiation_for_the_next_transport_ends_the_try() {
    let world = World::new(once);
    let started = world.start();
    world.answer(200, &offer(&ALL));
    world.close(1006, "");
    world.answer(500, "");
    assert!(matches!(started.ended(), Err(Error::Negotiate { .. })));
    assert_eq!(world.requests(), 0);
}

/// HTC-54: a transport that does not carry text is passed over.
#[test]
fn transports_without_text_are_passed_over() {
    let world = World::new(once);
    let started = world.start();
    let body = offer(&["WebSockets"]).replace("\"Text\",", "");
    world.answer(200, &body);
    let words = started.ended().unwrap_err().to_string();
    assert!(words.ends_with("WebSockets failed: 'WebSockets' does not support Text."));
}

/// HCB-7: the application's choice counts, whatever the server would rather have.
#[test]
fn the_applications_choice_counts() {
    let world = World::new(only(Transport::ServerSentEvents));
    world.start();
    world.answer(200, &offer(&ALL));
    let endpoints = world.endpoints();
    assert!(endpoints.len() == 1 && endpoints[0].transport == Transport::ServerSentEvents);
}

/// HTC-52, HTC-53: a transport that the surroundings cannot even begin to open is one that failed.
#[test]
fn what_cannot_be_made_failed() {
    for name in ["WebSockets", "ServerSentEvents"] {
        let world = World::new(once);
        let started = world.start();
        world.answer(200, &offer(&[name]));
        world.end(Closure::Refused);
        let words = started.ended().unwrap_err().to_string();
        let expected = format!("{name} failed: The browser refuses to open it.");
        assert!(words.ends_with(&expected), "{words}");
    }
}

/// WST-2, WST-4, WST-20: a socket that never opened is no lost connection.
#[test]
fn a_connection_waits_for_its_socket() {
    let world = World::new(once);
    let started = world.start();
    world.answer(200, &offer(&["WebSockets"]));
    assert_eq!(world.sent(), [""; 0], "nothing is sent before");
    assert!(started.waits());
    world.close(1006, "");
    assert!(started.ended().is_err());
    let states = world.states.take();
    assert_eq!(states.len(), 2, "{states:?}");
    assert!(states[1].starts_with("disconnected: Unable to connect"));
}

/// WST-11, WST-15: text goes through unchanged, one frame each.
#[test]
fn text_goes_through_unchanged() {
    let world = World::connected(|_| {});
    let heard = super::world::Log::default();
    let log = heard.clone();
    world
        .connection
        .on_json("said", move |arguments| log.push(arguments[0].get()));
    world.receive(r#"{"type":1,"target":"said","arguments":["ü\u00fc  <&>"]}"#);
    assert_eq!(heard.take(), [r#""ü\u00fc  <&>""#]);
    let call = world.connection.call("Say").arguments(("ü  <&>",));
    world.follow(call.send());
    assert_eq!(
        world.sent(),
        ["{\"type\":1,\"target\":\"Say\",\"arguments\":[\"ü  <&>\"]}\u{1e}"]
    );
}

/// WST-12, WST-13, Q-16: how a socket closed is told; afterwards nothing can be sent.
#[test]
fn the_close_of_a_socket_is_told() {
    for (code, reason, words) in [
        (
            1001,
            "bye",
            "WebSocket closed with status code: 1001 (bye).",
        ),
        (
            1006,
            "",
            "WebSocket closed with status code: 1006 (no reason given).",
        ),
        (1000, "", "The connection ended."),
    ] {
        let world = World::connected(once);
        world.close(code, reason);
        assert_eq!(world.states.take(), [format!("disconnected: {words}")]);
        let sent = world.follow(world.connection.call("Say").send());
        assert_eq!(sent.ended(), Err(Error::NotConnected));
    }
}

/// WST-14, SSE-10: a stop is done at once, without an error.
#[test]
fn a_stop_closes_the_transport_at_once() {
    let world = World::connected(once);
    world.connection.stop();
    assert!(!world.is_open());
    assert_eq!(world.states.take(), ["disconnected"]);

    let world = events(|_| {});
    world.connection.stop();
    assert!(!world.is_open());
    assert_eq!(world.states.take(), ["disconnected"]);
    let last = world.request();
    assert_eq!(last.body, "{\"type\":7}\u{1e}", "the server is told");
}

/// WST-19, SSE-13: what cannot be read ends the connection, with the reason.
#[test]
fn what_cannot_be_read_ends_the_connection() {
    for world in [World::connected(once), events(once)] {
        world.receive("{}");
        assert_eq!(world.states.take(), ["disconnected: Invalid payload."]);
        assert!(!world.is_open());
    }
}

/// A client that is connected by an event stream.
fn events(change: impl FnOnce(&mut Options)) -> World {
    let world = World::new(change);
    world.authorizations.replace(vec![Authorization {
        access_token: Some("se/cret".into()),
        include_credentials: true,
        ..Authorization::default()
    }]);
    world.start();
    world.answer(200, &offer(&["ServerSentEvents"]));
    world.open();
    world.answer(200, "");
    world.text("{}\u{1e}");
    assert_eq!(world.answer(200, "").body, "{\"type\":6}\u{1e}");
    world.states.take();
    world
}

/// SSE-2, SSE-3: a connection waits for its event stream; one that does not open is no lost
/// connection.
#[test]
fn a_connection_waits_for_its_event_stream() {
    let world = World::new(once);
    let started = world.start();
    world.answer(200, &offer(&["ServerSentEvents"]));
    assert_eq!(world.requests(), 0, "SSE-12: nothing is sent before");
    assert!(started.waits());
    world.end(Closure::EventStream);
    let words = started.ended().unwrap_err().to_string();
    assert!(words.contains(
        "ServerSentEvents failed: EventSource failed to connect. The connection could not be found on the server,"
    ));
}

/// SSE-1: an event stream that is offered with binary alone is passed over.
#[test]
fn an_event_stream_carries_text_alone() {
    let world = World::new(once);
    let started = world.start();
    world.answer(200, &offer(&["ServerSentEvents"]).replace("\"Text\",", ""));
    let words = started.ended().unwrap_err().to_string();
    assert!(words.ends_with("'ServerSentEvents' does not support Text."));
}

/// SSE-4 to SSE-6, SSE-8, SSE-9, SSE-16, FHC-2: the token is in the address of the stream, and in a header of what
/// is sent; text goes both ways unchanged.
#[test]
fn an_event_stream_and_requests_carry_text_both_ways() {
    let world = events(|_| {});
    let endpoint = &world.endpoints()[0];
    assert_eq!(
        endpoint.url,
        "http://example.com/hub?id=token&access_token=se%2Fcret"
    );
    assert!(endpoint.include_credentials);
    let sent = world.follow(world.connection.call("Say").arguments(("hi",)).send());
    assert!(sent.waits(), "it is not handed over yet");
    let request = world.answer(200, "");
    assert!(request.method == Method::Post);
    assert_eq!(request.url, "http://example.com/hub?id=token");
    let bearer = ("Authorization".to_owned(), "Bearer se/cret".to_owned());
    assert!(request.headers.contains(&bearer));
    assert_eq!(
        request.body,
        "{\"type\":1,\"target\":\"Say\",\"arguments\":[\"hi\"]}\u{1e}"
    );
    assert_eq!(sent.ended(), Ok(()));
    assert!(request.include_credentials, "FT-27: with cookies");
    let has = |name: &str| request.headers.iter().any(|one| one.0 == name);
    assert!(has("X-SignalR-User-Agent"), "SSE-14");

    let sent = world.follow(world.connection.call("Say").send());
    world.connection.set_server_timeout(1_000_000);
    world.receive(r#"{"type":6}"#);
    world.pass(100_000);
    assert_eq!(
        sent.ended().unwrap_err().to_string(),
        "A timeout occurred.",
        "SSE-16"
    );
}

/// SSE-7, ATC-1, ATC-4, Q-1: a request that is refused is repeated once, with what is renewed.
#[test]
fn a_refused_request_is_repeated_once() {
    let world = events(|_| {});
    let new = |token: &str| Authorization {
        access_token: Some(token.into()),
        ..Authorization::default()
    };
    world.authorizations.replace(vec![new("second")]);
    let sent = world.follow(world.connection.call("Say").send());
    let first = world.answer(401, "");
    let second = world.answer(200, "");
    assert_eq!(first.body, second.body);
    let bearer = ("Authorization".to_owned(), "Bearer second".to_owned());
    assert!(second.headers.contains(&bearer));
    assert_eq!(sent.ended(), Ok(()));

    let sent = world.follow(world.connection.call("Say").send());
    world.answer(401, "");
    world.answer(401, "");
    assert_eq!(world.requests(), 0, "once");
    assert_eq!(sent.ended().unwrap_err().status(), Some(401));
    assert!(matches!(world.connection.state(), State::Connected { .. }));
}

/// A token that came with a redirect is renewed by negotiating anew, since nothing else can renew it.
#[test]
fn a_refused_token_of_a_redirect_ends_the_connection() {
    let world = World::new(|_| {});
    world.start();
    world.answer(
        200,
        r#"{"url":"http://other.example/hub","accessToken":"theirs"}"#,
    );
    world.answer(200, &offer(&["ServerSentEvents"]));
    world.open();
    world.answer(200, "");
    world.receive("{}");
    world.answer(200, "");
    world.states.take();
    let sent = world.follow(world.connection.call("Say").send());
    world.answer(401, "");
    assert_eq!(sent.ended().unwrap_err().status(), Some(401));
    assert_eq!(world.states.take(), ["reconnecting: Status code '401'"]);
    world.pass_to_try();
    assert_eq!(
        world.request().url,
        "http://example.com/hub/negotiate?negotiateVersion=1"
    );
}

/// A handshake that cannot be posted is a failed try, at once.
#[test]
fn a_handshake_that_cannot_be_posted_fails() {
    let world = World::new(|options| options.retry = Retry::Never);
    let started = world.start();
    world.answer(200, &offer(&["ServerSentEvents"]));
    world.open();
    world.answer(500, "No.");
    assert_eq!(
        started.ended().unwrap_err().to_string(),
        "No.: Status code '500'"
    );
}

/// ATC-2: any other status is told as it is, and nothing is repeated.
#[test]
fn other_refusals_are_told() {
    let world = events(|_| {});
    world.authorized.take();
    let sent = world.follow(world.connection.call("Say").send());
    world.answer(500, "No.");
    let error = sent.ended().unwrap_err();
    assert_eq!(error.to_string(), "No.: Status code '500'");
    assert_eq!(error.status(), Some(500));
    assert!(world.authorized.take().is_empty());
}

/// SSE-15: the application's headers win.
#[test]
fn the_applications_headers_win() {
    let world = events(|options| {
        options.headers = vec![("X-SignalR-User-Agent".into(), "mine".into())];
    });
    world.follow(world.connection.call("Say").send());
    let headers = world.request().headers;
    let agents = headers.iter().filter(|one| one.0 == "X-SignalR-User-Agent");
    assert_eq!(agents.map(|one| &*one.1).collect::<Vec<_>>(), ["mine"]);
}

/// SSE-11: an event stream that ends does so without a reason.
#[test]
fn an_event_stream_ends_without_a_reason() {
    let world = events(once);
    world.end(Closure::EventStream);
    assert_eq!(world.states.take(), ["disconnected: The connection ended."]);
}

/// HTC-38, HTC-39: whatever a transport tells is heard from its first moment.
#[test]
fn nothing_is_missed_before_the_transport_opens() {
    let world = World::new(once);
    world.start();
    world.answer(200, &offer(&["WebSockets"]));
    world.text("{}\u{1e}");
    assert!(!matches!(world.connection.state(), State::Connected { .. }));
    world.open();
    world.close(1006, "early");
    assert_eq!(
        world.states.take().pop().unwrap(),
        "disconnected: WebSocket closed with status code: 1006 (early)."
    );
}
