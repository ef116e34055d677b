//! The state machine against a scripted server and a clock of the test's own.
//!
//! Names like HTC-34 or REC-11 are rows of the TypeScript client's own test suite, restated.

mod connecting;
mod living;
mod retrying;
mod tracing;

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
    traces: Vec<(Millis, Trace)>,
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
            traces: Vec::new(),
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
                        .push(result.map_or_else(String::new, |json| json.to_string()));
                }
                Some(Delivery::Completion(_, Err(error))) => self.heard.push(error.to_string()),
                None => {}
            }
        }
        self.connection.received(self.now);
    }

    /// The next command that is something to do, and no report.
    fn command(&mut self) -> Option<Command> {
        loop {
            match self.connection.poll_command()? {
                Command::Report(state) => self.states.push(state),
                Command::Trace(at, trace) => self.traces.push((at, trace)),
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
        while self.command().is_some() {}
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
            Command::Trace(..) => "Trace",
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
