//! The state machine against a scripted server and a clock of the test's own.
//!
//! Names like HTC-34 or REC-11 are rows of the TypeScript client's own test suite, restated.

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
        self.connection.handle_event(self.now, event);
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
            }),
        ));
    }

    fn posted(&mut self) -> (Generation, Request) {
        let Some(Command::Post(generation, request)) = self.command() else {
            panic!("negotiates")
        };
        (generation, request)
    }

    fn answer(&mut self, status: u16, body: &str) -> Request {
        let (generation, request) = self.posted();
        let response = Response {
            status,
            body: body.to_owned(),
            retry_after: None,
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
        let Some(Command::Open(generation, url)) = self.command() else {
            panic!("opens a socket")
        };
        self.event(Event::Opened(generation));
        assert_eq!(self.sent(), handshake::REQUEST);
        url
    }

    fn sent(&mut self) -> String {
        let Some(Command::Send(text)) = self.command() else {
            panic!("sends something")
        };
        text
    }

    fn text(&mut self, text: &str) {
        let generation = self.generation();
        let Some(records) = self.connection.frame(self.now, generation, text.to_owned()) else {
            return;
        };
        for invocation in self.connection.receive(self.now, generation, &records) {
            self.heard.push(invocation.target.into_owned());
        }
    }

    fn connect(&mut self) {
        self.authorize(AuthorizeReason::Connect);
        self.redirect(HUB, Some("t"));
        self.accept();
        self.open();
        self.text("{}\u{1e}");
        assert_eq!(self.sent(), message::PING);
        assert_eq!(self.command(), None);
        assert_eq!(
            self.states.last(),
            Some(&State::Connected {
                connection_id: "id".into()
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
        self.event(Event::Closed(generation, 1006, String::new()));
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
            Command::Post(..) => "Post",
            Command::Open(..) => "Open",
            Command::Send(text) => text,
            Command::Abandon => "Abandon",
            Command::Report(_) => "Report",
        })
    }
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
    assert_eq!(first.headers, [("X-Key".to_owned(), "mine".to_owned())]);
    assert!(first.include_credentials);

    let second = bench.accept();
    assert_eq!(
        second.url,
        "https://hub.example/client/negotiate?hub=chat&negotiateVersion=1"
    );
    assert_eq!(
        second.headers,
        [("Authorization".to_owned(), "Bearer token".to_owned())]
    );
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
        message::PING,
        "a server that is gone already shows it"
    );
}

#[test]
fn a_token_never_follows_a_redirect_to_another_host() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    bench.redirect("https://one.example/c", Some("t"));
    let same = bench.redirect("https://one.example/d", None);
    assert_eq!(same.headers.len(), 1);
    let same = bench.redirect("https://two.example/d", None);
    assert_eq!(
        same.headers.len(),
        1,
        "still on the host that the token is for"
    );
    let other = bench.accept();
    assert_eq!(other.headers, []);
}

/// Q-2: a later try begins at the first address, without what the last one learned.
#[test]
fn every_try_begins_at_the_beginning() {
    let mut bench = Bench::connected();
    bench.lose();
    bench.pass_to_timer();
    assert_eq!(bench.command(), Some(Command::Abandon));
    bench.authorize(AuthorizeReason::Connect);
    let (_, request) = bench.posted();
    assert_eq!(
        request.url,
        "https://app.example/api/negotiate?negotiateVersion=1"
    );
    assert_eq!(request.headers, [("X-Key".to_owned(), "mine".to_owned())]);
}

/// HTC-33.
#[test]
fn endless_redirects_end() {
    let mut bench = Bench::started();
    bench.authorize(AuthorizeReason::Connect);
    for _ in 0..=negotiate::REDIRECT_LIMIT {
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
    let phases: [fn(&mut Bench); 6] = [
        |_| {},
        |bench| bench.authorize(AuthorizeReason::Connect),
        |bench| {
            bench.authorize(AuthorizeReason::Connect);
            bench.accept();
        },
        |bench| {
            bench.authorize(AuthorizeReason::Connect);
            bench.accept();
            bench.open();
        },
        Bench::connect,
        |bench| {
            bench.connect();
            bench.lose();
        },
    ];
    for reach in phases {
        let mut bench = Bench::started();
        reach(&mut bench);
        let generation = bench.generation();
        bench.event(Event::Stop);
        assert_eq!(bench.state(), State::Disconnected { reason: None });
        assert_eq!(bench.connection.poll_timeout(), None);
        bench.event(Event::Opened(generation));
        bench.event(Event::Closed(generation, 1000, String::new()));
        bench.event(Event::Stop);
        assert_eq!(bench.command(), None, "nothing late has an effect");
    }
}

/// HUB-9: a client that goes says so.
#[test]
fn stop_says_goodbye() {
    let mut bench = Bench::connected();
    bench.event(Event::Stop);
    assert_eq!(bench.sent(), message::CLOSE);
    assert_eq!(bench.command(), Some(Command::Abandon));
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
    assert_eq!(bench.waits(), Error::ConnectTimeout);
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
    assert_eq!(bench.sent(), message::PING);
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
    assert_eq!(bench.sent(), message::PING);

    bench.now += 16_000;
    bench.text("{\"type\":6}\u{1e}");
    assert_eq!(
        bench.sent(),
        message::PING,
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
        let mut bench = Bench::connected();
        bench.text(&format!(
            "{close}\u{1e}{{\"type\":1,\"target\":\"a\",\"arguments\":[]}}\u{1e}"
        ));
        assert_eq!(bench.heard, [""; 0]);
        assert_eq!(
            bench.command(),
            Some(Command::Abandon),
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

#[test]
fn what_is_no_hub_message_ends_the_connection() {
    let mut bench = Bench::connected();
    bench.text("{\"type\":6}\u{1e}not json\u{1e}");
    assert_eq!(bench.waits(), Error::Protocol("Invalid payload.".into()));
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
    let mut bench = Bench::new(|options| options.retry = None);
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
    assert_eq!(bench.sent(), message::CLOSE);
    assert_eq!(bench.command(), Some(Command::Abandon));
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
        body: String::new(),
        retry_after: Some(120_000),
    };
    bench.event(Event::Answered(generation, Ok(response)));
    bench.waits();
    assert_eq!(bench.pass_to_timer(), 120_000);
}

/// Random events in random order, some of them late: at most one transport is alive, nothing runs
/// hot, and once the faults end there is a connection again.
#[test]
fn any_order_of_faults_ends_in_one_connection() {
    for seed in 0..2_000 {
        let mut random = Random::new(seed * 2 + 1);
        let mut bench = Bench::new(|options| options.seed = seed);
        bench.event(Event::Start);
        let mut open = 0_i32;
        let mut pending = Vec::new();
        for step in 0..400 {
            let faults = step < 300;
            let mut commands = 0;
            while let Some(command) = bench.connection.poll_command() {
                commands += 1;
                assert!(commands < 20, "seed {seed}: runs hot");
                match command {
                    Command::Report(state) => {
                        bench.states.push(state);
                        continue;
                    }
                    Command::Abandon => {
                        open = 0;
                        // What was not sent yet goes with its socket; answers may still come.
                        pending.retain(|one| !matches!(one, Command::Send(_)));
                        continue;
                    }
                    Command::Open(..) => open += 1,
                    _ => {}
                }
                assert!(open <= 1, "seed {seed}: two transports");
                pending.push(command);
            }
            if pending.is_empty() || (faults && random.up_to(3) == 0) {
                match random.up_to(if faults { 6 } else { 0 }) {
                    1 => bench.event(Event::Woken),
                    2 => bench.event(Event::Offline),
                    3 => bench.event(Event::Suspended),
                    4 => bench.lose(),
                    5 => bench.text("{\"type\":7}\u{1e}"),
                    _ => {
                        if let Some(at) = bench.connection.poll_timeout() {
                            bench.now = bench.now.max(at);
                            bench.connection.handle_timeout(bench.now);
                        } else {
                            bench.event(Event::Woken);
                        }
                    }
                }
                continue;
            }
            // With faults, answers come late and in any order; without, at once.
            let at = if faults {
                random.up_to(pending.len() as u64 - 1) as usize
            } else {
                0
            };
            match pending.remove(at) {
                Command::Authorize(generation, _) => {
                    bench.event(Event::Authorized(generation, Ok(Authorization::default())));
                }
                Command::Post(generation, _) if faults && random.up_to(2) == 0 => {
                    bench.event(Event::Answered(generation, Err(Failure::Network)));
                }
                Command::Post(generation, _) => {
                    let body = r#"{"connectionId":"id","availableTransports":[{"transport":"WebSockets","transferFormats":["Text"]}]}"#;
                    let response = Response {
                        status: 200,
                        body: body.to_owned(),
                        retry_after: None,
                    };
                    bench.event(Event::Answered(generation, Ok(response)));
                }
                Command::Open(generation, _) => bench.event(Event::Opened(generation)),
                Command::Send(text) if text == handshake::REQUEST => bench.text("{}\u{1e}"),
                Command::Send(_) => bench.text("{\"type\":6}\u{1e}"),
                Command::Report(_) | Command::Abandon => {}
            }
        }
        assert!(
            matches!(bench.states.last(), Some(State::Connected { .. })),
            "seed {seed}: {:?}",
            bench.states.last()
        );
    }
}

/// HUB-26, HUB-48, HUB-49, FT-22, Q-3: whoever waits for a result hears that there is none.
#[test]
fn a_call_that_wants_a_result_is_answered() {
    let mut bench = Bench::connected();
    bench.text(
        "{\"type\":1,\"invocationId\":\"a\\\"b\",\"target\":\"__proto__\",\"arguments\":[]}\u{1e}",
    );
    assert_eq!(bench.heard, ["__proto__"]);
    assert_eq!(
        bench.sent(),
        "{\"type\":3,\"invocationId\":\"a\\\"b\",\"error\":\"Client didn't provide a result.\"}\u{1e}"
    );
    bench.text("{\"type\":1,\"target\":\"a\",\"arguments\":[]}\u{1e}");
    assert_eq!(bench.command(), None, "nobody waits");
}
