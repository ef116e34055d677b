//! The state machine against a scripted server and a clock of the test's own.
//!
//! Names like HTC-34 or REC-11 are rows of the TypeScript client's own test suite, restated.

use super::super::error::Step;
use super::super::protocol::{framing, handshake, outgoing};
use super::super::{Retry, negotiate};
use super::*;

const URL: &str = "https://app.example/api";
const HUB: &str = "https://hub.example/client/?hub=chat";

/// A connection, the time, and what it told the application.
struct Bench {
    connection: Connection,
    now: Millis,
    states: Vec<State>,
    heard: Vec<String>,
}

impl Bench {
    fn new(change: impl FnOnce(&mut Options)) -> Bench {
        let mut options = Options::new(URL);
        change(&mut options);
        Bench {
            connection: Connection::new(options),
            now: 1_000,
            states: Vec::new(),
            heard: Vec::new(),
        }
    }

    fn started() -> Bench {
        let mut bench = Bench::new(|_| {});
        bench.event(Event::Start);
        bench
    }

    fn connected() -> Bench {
        let mut bench = Bench::started();
        bench.connect();
        bench
    }

    fn event(&mut self, event: Event) {
        let text = self.connection.handle_event(self.now, event);
        let Some(text) = text else { return };
        for record in framing::records(&text).unwrap() {
            match self.connection.receive(self.now, record) {
                Some(Delivery::Invocation(call)) => self.heard.push(call.target.into_owned()),
                Some(Delivery::Item(_, item)) => self.heard.push(item.to_string()),
                Some(Delivery::Completion(_, Ok(result))) => {
                    self.heard
                        .push(result.map_or_else(String::new, ToString::to_string));
                }
                Some(Delivery::Completion(_, Err(error))) => self.heard.push(error.to_string()),
                None => {}
            }
        }
        self.connection.received(self.now);
    }

    /// The next command that is no report of the state.
    fn command(&mut self) -> Option<Command> {
        loop {
            match self.connection.poll_command()? {
                Command::Report(state) => self.states.push(state),
                command => return Some(command),
            }
        }
    }

    fn generation(&self) -> Generation {
        self.connection.generation
    }

    fn authorize(&mut self, expected: AuthorizeReason) {
        let Some(Command::Authorize(generation, reason)) = self.command() else {
            panic!("asks the application")
        };
        assert_eq!(reason, expected);
        let headers = vec![("X-Key".to_owned(), "mine".to_owned())];
        self.event(Event::Authorized(
            generation,
            Ok(Authorization {
                headers,
                include_credentials: true,
                access_token: None,
            }),
        ));
    }

    fn posted(&mut self) -> (RequestId, Request) {
        let Some(Command::Io(Action::Request(id, request))) = self.command() else {
            panic!("negotiates")
        };
        (id, request)
    }

    fn answer(&mut self, status: u16, body: &str) -> Request {
        let (generation, request) = self.posted();
        let response = Response {
            status,
            body: body.to_owned(),
            ..Response::default()
        };
        self.event(Event::Answered(generation, Ok(response)));
        request
    }

    fn redirect(&mut self, url: &str, token: Option<&str>) -> Request {
        let token = token.map_or_else(String::new, |token| format!(r#","accessToken":"{token}""#));
        self.answer(200, &format!(r#"{{"url":"{url}"{token}}}"#))
    }

    fn accept(&mut self) -> Request {
        self.answer(
            200,
            r#"{"negotiateVersion":1,"connectionId":"id","connectionToken":"secret",
                "availableTransports":[{"transport":"WebSockets","transferFormats":["Text"]}]}"#,
        )
    }

    fn open(&mut self) -> String {
        let Some(Command::Io(Action::Open(generation, endpoint))) = self.command() else {
            panic!("opens a socket")
        };
        self.event(Event::Opened(generation));
        assert_eq!(self.sent(), handshake::REQUEST);
        endpoint.url
    }

    fn sent(&mut self) -> String {
        let Some(Command::Io(Action::Send(text))) = self.command() else {
            panic!("sends something")
        };
        text
    }

    fn text(&mut self, text: &str) {
        let generation = self.generation();
        self.event(Event::Text(generation, text.to_owned()));
    }

    fn connect(&mut self) {
        self.authorize(AuthorizeReason::Connect);
        self.redirect(HUB, Some("t"));
        self.accept();
        self.open();
        self.text("{}\u{1e}");
        assert_eq!(self.sent(), outgoing::PING);
        assert_eq!(self.command(), None);
        assert_eq!(
            self.states.last(),
            Some(&State::Connected {
                connection_id: Some("id".into())
            })
        );
    }

    fn pass(&mut self, time: Millis) {
        self.now += time;
        self.connection.handle_timeout(self.now);
    }

    /// Lets time pass until the next timer, and returns how much.
    fn pass_to_timer(&mut self) -> Millis {
        let time = self.connection.poll_timeout().expect("a timer runs") - self.now;
        self.pass(time);
        time
    }

    fn lose(&mut self) {
        let generation = self.generation();
        self.event(Event::Closed(generation, closure(1006)));
    }

    fn state(&mut self) -> State {
        while let Some(command) = self.connection.poll_command() {
            if let Command::Report(state) = command {
                self.states.push(state);
            }
        }
        self.states.last().cloned().expect("a state was reported")
    }

    /// What ended it for good.
    fn ended(&mut self) -> Error {
        assert_eq!(self.connection.poll_timeout(), None, "nothing is under way");
        match self.state() {
            State::Disconnected {
                reason: Some(reason),
            } => reason,
            other => panic!("{other:?}"),
        }
    }

    /// What it tries again after.
    fn waits(&mut self) -> Error {
        match self.state() {
            State::Connecting(Tries {
                next_try: Some(_),
                reason: Some(reason),
                ..
            })
            | State::Reconnecting(Tries {
                next_try: Some(_),
                reason: Some(reason),
                ..
            }) => reason,
            other => panic!("{other:?}"),
        }
    }
}

impl std::fmt::Debug for Command {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Command::Authorize(..) => "Authorize",
            Command::Io(Action::Request(..)) => "Request",
            Command::Io(Action::Abort(_)) => "Abort",
            Command::Io(Action::Open(..)) => "Open",
            Command::Io(Action::Send(text)) => text,
            Command::Io(Action::Abandon) => "Abandon",
            Command::Report(_) => "Report",
            Command::Sent(_) => "Sent",
            Command::Failed(..) => "Failed",
        })
    }
}

fn closure(code: u16) -> Closure {
    Closure::Socket {
        code,
        reason: String::new(),
    }
}

/// The headers that are not the library's own.
fn shown(request: &Request) -> Vec<(&str, &str)> {
    let own = |name: &str| name.starts_with("X-Requested") || name.starts_with("X-SignalR");
    request
        .headers
        .iter()
        .filter(|one| !own(&one.0))
        .map(|one| (one.0.as_str(), one.1.as_str()))
        .collect()
}

/// HUB-1, HTC-32, HTC-34, HTC-44, Q-2: each secret goes to the host that it is for.
#[test]
fn the_whole_way_takes_two_requests_and_a_socket() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    let first = bench.redirect(HUB, Some("token"));
    assert_eq!(
        first.url,
        "https://app.example/api/negotiate?negotiateVersion=1"
    );
    assert_eq!(shown(&first), [("X-Key", "mine")]);
    assert!(first.include_credentials);

    let second = bench.accept();
    assert_eq!(
        second.url,
        "https://hub.example/client/negotiate?hub=chat&negotiateVersion=1"
    );
    assert_eq!(shown(&second), [("Authorization", "Bearer token")]);
    assert!(
        !second.include_credentials,
        "cookies are for the application's own host"
    );

    let socket = bench.open();
    assert_eq!(
        socket,
        "wss://hub.example/client/?hub=chat&id=secret&access_token=token"
    );
    bench.text("{}\u{1e}");
    assert_eq!(
        bench.sent(),
        outgoing::PING,
        "a server that is gone already shows it"
    );
}

#[test]
fn a_token_never_follows_a_redirect_to_another_host() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.redirect("https://one.example/c", Some("t"));
    let same = bench.redirect("https://one.example/d", None);
    assert_eq!(shown(&same).len(), 1);
    let same = bench.redirect("https://two.example/d", None);
    assert_eq!(
        shown(&same).len(),
        1,
        "still on the host that the token is for"
    );
    let other = bench.accept();
    assert_eq!(shown(&other), []);
}

/// Q-2: a later try begins at the first address, without what the last one learned.
#[test]
fn every_try_begins_at_the_beginning() {
    let mut bench = Bench::connected();
    bench.lose();
    bench.pass_to_timer();
    assert_eq!(bench.command(), Some(Command::Io(Action::Abandon)));
    bench.authorize(AuthorizeReason::Connect);
    let (_, request) = bench.posted();
    assert_eq!(
        request.url,
        "https://app.example/api/negotiate?negotiateVersion=1"
    );
    assert_eq!(shown(&request), [("X-Key", "mine")]);
}

/// HTC-33.
#[test]
fn endless_redirects_end() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    for _ in 0..negotiate::REDIRECT_LIMIT {
        bench.redirect(HUB, None);
    }
    assert_eq!(bench.ended(), Error::RedirectLimit);
}

/// ATC-1, ATC-3, Q-1: a 401 renews authorisation once, and only at the application's own address.
#[test]
fn a_401_is_answered_with_a_renewed_authorisation_once() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.answer(401, "");
    bench.authorize(AuthorizeReason::Unauthorized);
    bench.answer(401, "");
    let error = bench.ended();
    assert_eq!(error.status(), Some(401));

    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.redirect(HUB, Some("old"));
    bench.answer(401, "");
    assert!(matches!(
        bench.waits(),
        Error::Negotiate {
            step: Step::NegotiateRedirected,
            ..
        }
    ));
}

#[test]
fn an_application_that_cannot_authorise_ends_it() {
    let mut bench = Bench::started();
    let Some(Command::Authorize(generation, _)) = bench.command() else {
        panic!()
    };
    bench.event(Event::Authorized(generation, Err("signed out".into())));
    assert_eq!(bench.ended(), Error::NotAuthorized("signed out".into()));
}

/// HTC-3, HTC-9, HTC-14, HTC-35, HTC-55, Q-21: what ends a try, and what ends trying.
#[test]
fn answers_that_no_retry_can_change_end_it() {
    for (status, body, retries) in [
        (404, "", false),
        (403, "", false),
        (500, "", true),
        (503, "", true),
        (429, "", true),
        (200, "<!doctype html>", true),
        (200, r#"{"error":"No."}"#, false),
        (200, r#"{"ProtocolVersion":"1.5"}"#, false),
        (
            200,
            r#"{"connectionId":"x","availableTransports":[]}"#,
            false,
        ),
    ] {
        let mut bench = Bench::started();
        bench.authorize(AuthorizeReason::Connect);
        bench.answer(status, body);
        match retries {
            true => assert!(bench.waits().is_retryable()),
            false => assert!(!bench.ended().is_retryable()),
        }
    }
}

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

/// REC-2, REC-4: the count starts anew with each outage; Q-18: the reason is told.
#[test]
fn tries_go_on_until_there_is_a_connection() {
    let mut bench = Bench::connected();
    for outage in 0..2 {
        bench.lose();
        for failed in 1..50 {
            let State::Reconnecting(tries) = bench.state() else {
                panic!("outage {outage}")
            };
            assert_eq!(tries.failed, failed);
            assert!(tries.next_try.is_some_and(|at| at <= bench.now + 30_000));
            bench.pass_to_timer();
            bench.authorize(AuthorizeReason::Connect);
            bench.answer(503, "");
        }
        bench.state();
        bench.pass_to_timer();
        bench.connect();
    }
}

/// REC-1, HCB-30.
#[test]
fn without_a_policy_the_first_loss_is_the_last() {
    let mut bench = Bench::new(|options| options.retry = Retry::Never);
    bench.event(Event::Start);
    bench.connect();
    bench.lose();
    assert!(matches!(bench.ended(), Error::Lost { .. }));
}

/// HTC-5: after the end, a new start.
#[test]
fn a_connection_that_ended_can_be_started_again() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.answer(404, "");
    bench.ended();
    for again in [Event::TryNow, Event::Start] {
        bench.event(again);
        bench.connect();
        bench.event(Event::Stop);
        bench.state();
    }
}

#[test]
fn a_network_that_comes_back_is_used_at_once() {
    let mut bench = Bench::connected();
    bench.lose();
    bench.event(Event::Offline);
    bench.state();
    assert_eq!(
        bench.connection.poll_timeout(),
        Some(bench.now + 30_000),
        "a slow try stays"
    );
    bench.event(Event::Woken);
    bench.connect();
}

/// Q-34: while the device slept, no timer fired.
#[test]
fn waking_up_notices_a_connection_that_died_meanwhile() {
    let mut bench = Bench::connected();
    bench.now += 8 * 60 * 60 * 1000;
    bench.event(Event::Woken);
    assert_eq!(bench.waits(), Error::ServerTimeout);

    let mut bench = Bench::connected();
    bench.now += 5_000;
    bench.event(Event::Woken);
    assert!(
        matches!(bench.state(), State::Connected { .. }),
        "nothing is wrong after a short nap"
    );
}

#[test]
fn a_page_that_goes_away_leaves_no_connection_behind() {
    let mut bench = Bench::connected();
    bench.event(Event::Suspended);
    assert_eq!(bench.sent(), outgoing::CLOSE);
    assert_eq!(bench.command(), Some(Command::Io(Action::Abandon)));
    assert!(matches!(
        bench.state(),
        State::Reconnecting(Tries { next_try: None, .. })
    ));
    assert_eq!(
        bench.connection.poll_timeout(),
        None,
        "a frozen page wants nothing"
    );
    bench.event(Event::Woken);
    bench.connect();
}

#[test]
fn a_server_that_asks_for_time_gets_it() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    let (generation, _) = bench.posted();
    let response = Response {
        status: 429,
        retry_after: Some(120_000),
        ..Response::default()
    };
    bench.event(Event::Answered(generation, Ok(response)));
    bench.waits();
    assert_eq!(bench.pass_to_timer(), 120_000);
}
