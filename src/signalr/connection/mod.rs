//! The state machine of a connection: events and the time in, commands out.
//!
//! ```text
//! start ──▶ Authorizing ──▶ Negotiating ──▶ Opening ──▶ Handshaking ──▶ Connected
//!              ▲   ▲             │ ▲           │             │              │
//!              │   └─ 401, once ─┤ └─ redirect │             │              │
//!              │                 ▼             ▼             ▼              ▼
//!              └──────────── Waiting ◀──────────── any loss ────────────────┘
//! ```
//!
//! Each try has a [`Generation`]. A command carries the generation that it belongs to and an event
//! the one that it answers; what comes from an older one is dropped. So at most one transport is
//! ever alive, and nothing late can confuse the present try.
//!
//! A lost connection is always built anew from the start, with authorisation and negotiation: a
//! connection token is good for one socket, and an access token may have expired.

mod command;
mod event;
mod options;
mod state;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::Millis;
use super::error::{Error, Failure, Step};
use super::negotiate::{self, Answer};
use super::protocol::handshake::{self, Rejection};
use super::protocol::message::{self, Invocation, Message};
use super::protocol::{Framer, framing};
use super::retry::Random;
use super::timers::{Timer, Timers};

pub use command::{Authorization, AuthorizeReason, Command, Request};
pub use event::{Event, Generation, Response};
pub use options::Options;
pub use state::{State, Tries};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Authorizing,
    Negotiating,
    Opening,
    Handshaking,
    Connected,
    Waiting,
}

/// A connection. See the [module](self) for the whole picture.
pub struct Connection {
    options: Options,
    random: Random,
    generation: Generation,
    phase: Phase,
    timers: Timers,
    commands: VecDeque<Command>,
    /// Tries since the last connection, or since the start.
    tries: u32,
    was_connected: bool,
    /// What ended the last try, until one succeeds.
    last_error: Option<Error>,
    /// This try was answered with 401 once, and authorisation was renewed.
    renewed: bool,
    redirects: u32,
    /// Where this try negotiates now; the hub's address at first.
    url: String,
    /// The token of the last redirect, for the host it leads to.
    access_token: Option<String>,
    connection_id: String,
    framer: Framer,
    last_sent: Millis,
}

impl Connection {
    /// A connection that does nothing until [`Event::Start`].
    pub fn new(options: Options) -> Connection {
        Connection {
            random: Random::new(options.seed),
            options,
            generation: Generation::default(),
            phase: Phase::Idle,
            timers: Timers::default(),
            commands: VecDeque::new(),
            tries: 0,
            was_connected: false,
            last_error: None,
            renewed: false,
            redirects: 0,
            url: String::new(),
            access_token: None,
            connection_id: String::new(),
            framer: Framer::default(),
            last_sent: 0,
        }
    }

    /// The next thing to do, if there is any. To be asked until there is none after each event.
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// When to call [`Connection::handle_timeout`], if nothing else happens before.
    pub fn poll_timeout(&self) -> Option<Millis> {
        self.timers.next()
    }

    /// Takes what happened.
    pub fn handle_event(&mut self, now: Millis, event: Event) {
        match event {
            Event::Start => {
                if self.phase == Phase::Idle {
                    self.tries = 0;
                    self.last_error = None;
                    self.was_connected = false;
                    self.connect(now);
                }
            }
            Event::Stop => self.stop(),
            Event::TryNow => match self.phase {
                Phase::Idle | Phase::Waiting => self.connect(now),
                _ => {}
            },
            Event::Woken => self.woken(now),
            Event::Offline => {
                // `onLine` can be wrong, so a slow try stays.
                if let (Phase::Waiting, Some(retry)) = (&self.phase, self.options.retry) {
                    self.timers.set(Timer::Retry, now + retry.cap);
                }
            }
            Event::Suspended => self.suspend(),
            Event::Authorized(generation, outcome)
                if self.is_in(generation, Phase::Authorizing) =>
            {
                match outcome {
                    Ok(authorization) => self.negotiate_first(now, authorization),
                    Err(words) => self.fail(now, Error::NotAuthorized(words), None),
                }
            }
            Event::Answered(generation, outcome) if self.is_in(generation, Phase::Negotiating) => {
                self.answered(now, outcome);
            }
            Event::Opened(generation) if self.is_in(generation, Phase::Opening) => {
                self.phase = Phase::Handshaking;
                self.timers.stop(Timer::Connect);
                self.timers
                    .set(Timer::Handshake, now + self.options.handshake_timeout);
                self.send(now, handshake::REQUEST);
            }
            Event::Closed(generation, code, reason) if generation == self.generation => {
                match self.phase {
                    Phase::Opening => self.fail(now, Error::ConnectFailed, None),
                    Phase::Handshaking | Phase::Connected => {
                        self.fail(now, Error::Lost { code, reason }, None)
                    }
                    _ => {}
                }
            }
            // From a try that is over.
            Event::Authorized(..) | Event::Answered(..) | Event::Opened(_) | Event::Closed(..) => {}
        }
    }

    /// Takes that time has passed.
    pub fn handle_timeout(&mut self, now: Millis) {
        if self.timers.take_due(Timer::Retry, now) {
            self.connect(now);
        } else if self.timers.take_due(Timer::Negotiate, now) {
            let error = Error::Negotiate {
                step: self.step(),
                failure: Failure::Timeout,
            };
            self.fail(now, error, None);
        } else if self.timers.take_due(Timer::Connect, now) {
            self.fail(now, Error::ConnectTimeout, None);
        } else if self.timers.take_due(Timer::Handshake, now) {
            self.fail(now, Error::HandshakeTimeout, None);
        } else if self.timers.take_due(Timer::Server, now) {
            self.fail(now, Error::ServerTimeout, None);
        } else if self.timers.take_due(Timer::Ping, now) {
            self.send(now, message::PING);
        }
    }

    /// Takes a piece of text from the socket, and returns the records that are complete with it,
    /// for [`Connection::receive`].
    pub fn frame(&mut self, now: Millis, generation: Generation, piece: String) -> Option<String> {
        if !self.is_open(generation) {
            return None;
        }
        match self.framer.push(piece) {
            Ok(records) => records,
            Err(framing::Incomplete) => {
                self.fail(
                    now,
                    Error::Protocol("Message is incomplete.".to_owned()),
                    None,
                );
                None
            }
        }
    }

    /// Takes whole records, and returns the calls among them, in order.
    ///
    /// The calls borrow from the text, so handlers can run while this connection takes new events.
    pub fn receive<'t>(
        &mut self,
        now: Millis,
        generation: Generation,
        text: &'t str,
    ) -> Vec<Invocation<'t>> {
        let mut invocations = Vec::new();
        let Ok(records) = framing::records(text) else {
            return invocations;
        };
        for record in records {
            if !self.is_open(generation) {
                // Whatever follows the end of a connection is no part of it.
                return invocations;
            }
            if self.phase == Phase::Handshaking {
                self.shake_hands(now, record);
                continue;
            }
            match Message::parse(record) {
                Ok(Message::Invocation(invocation)) => {
                    // No handler gives a result, and a server that waits for one must be told.
                    if let Some(id) = &invocation.invocation_id {
                        self.send(now, &message::no_result(id));
                    }
                    invocations.push(invocation);
                }
                Ok(Message::Close {
                    error,
                    allow_reconnect,
                }) => {
                    let error = error.map(|words| words.into_owned());
                    self.fail(
                        now,
                        Error::ClosedByServer {
                            error,
                            allow_reconnect,
                        },
                        None,
                    );
                }
                Ok(_) => {}
                Err(invalid) => self.fail(now, Error::Protocol(invalid.to_string()), None),
            }
        }
        if self.phase == Phase::Connected {
            self.heard(now);
        }
        invocations
    }

    fn is_in(&self, generation: Generation, phase: Phase) -> bool {
        self.generation == generation && self.phase == phase
    }

    fn is_open(&self, generation: Generation) -> bool {
        self.generation == generation && matches!(self.phase, Phase::Handshaking | Phase::Connected)
    }

    /// Begins a try.
    fn connect(&mut self, now: Millis) {
        self.timers.stop_all();
        self.generation.0 += 1;
        self.renewed = false;
        self.redirects = 0;
        self.url.clone_from(&self.options.url);
        // The token of an earlier redirect was for the host that it led to.
        self.access_token = None;
        self.report_try(None);
        self.authorize(now, AuthorizeReason::Connect);
    }

    fn authorize(&mut self, now: Millis, reason: AuthorizeReason) {
        self.phase = Phase::Authorizing;
        self.timers
            .set(Timer::Negotiate, now + self.options.negotiate_timeout);
        self.commands
            .push_back(Command::Authorize(self.generation, reason));
    }

    fn negotiate_first(&mut self, now: Millis, authorization: Authorization) {
        let Authorization {
            headers,
            include_credentials,
        } = authorization;
        let url = negotiate::negotiate_url(&self.url);
        self.post(
            now,
            Request {
                url,
                headers,
                include_credentials,
            },
        );
    }

    fn post(&mut self, now: Millis, request: Request) {
        self.phase = Phase::Negotiating;
        self.timers
            .set(Timer::Negotiate, now + self.options.negotiate_timeout);
        self.commands
            .push_back(Command::Post(self.generation, request));
    }

    fn step(&self) -> Step {
        if self.redirects == 0 {
            Step::Negotiate
        } else {
            Step::NegotiateRedirected
        }
    }

    fn answered(&mut self, now: Millis, outcome: Result<Response, Failure>) {
        let step = self.step();
        let response = match outcome {
            Ok(response) => response,
            Err(failure) => return self.fail(now, Error::Negotiate { step, failure }, None),
        };
        if response.status == 401 && step == Step::Negotiate && !self.renewed {
            self.renewed = true;
            return self.authorize(now, AuthorizeReason::Unauthorized);
        }
        if !(200..300).contains(&response.status) {
            let failure = Failure::Status(response.status);
            return self.fail(
                now,
                Error::Negotiate { step, failure },
                response.retry_after,
            );
        }
        match negotiate::parse(&response.body) {
            None => self.fail(
                now,
                Error::Negotiate {
                    step,
                    failure: Failure::Unreadable,
                },
                None,
            ),
            Some(Answer::Refused(words)) => self.fail(now, Error::Refused(words), None),
            Some(Answer::ClassicServer) => self.fail(now, Error::ClassicServer, None),
            Some(Answer::Redirect { url, access_token }) => self.redirect(now, url, access_token),
            Some(Answer::Connect {
                web_sockets: false, ..
            }) => self.fail(now, Error::NoTransport, None),
            Some(Answer::Connect {
                connection_id,
                connection_token,
                ..
            }) => {
                self.timers.stop(Timer::Negotiate);
                self.timers
                    .set(Timer::Connect, now + self.options.connect_timeout);
                self.phase = Phase::Opening;
                self.connection_id = connection_id;
                let url = negotiate::socket_url(
                    &self.url,
                    &connection_token,
                    self.access_token.as_deref(),
                );
                self.commands.push_back(Command::Open(self.generation, url));
            }
        }
    }

    fn redirect(&mut self, now: Millis, url: String, access_token: Option<String>) {
        self.redirects += 1;
        if self.redirects > negotiate::REDIRECT_LIMIT {
            return self.fail(now, Error::RedirectLimit, None);
        }
        let same_origin = negotiate::origin(&url) == negotiate::origin(&self.url);
        match access_token {
            Some(token) => self.access_token = Some(token),
            None if !same_origin => self.access_token = None,
            None => {}
        }
        self.url = url;
        let bearer = |token: &String| ("Authorization".to_owned(), ["Bearer ", token].concat());
        let headers = self.access_token.iter().map(bearer).collect();
        let url = negotiate::negotiate_url(&self.url);
        self.post(
            now,
            Request {
                url,
                headers,
                include_credentials: false,
            },
        );
    }

    fn shake_hands(&mut self, now: Millis, record: &str) {
        match handshake::accept(record) {
            Ok(()) => {
                self.timers.stop(Timer::Handshake);
                self.phase = Phase::Connected;
                self.tries = 0;
                self.last_error = None;
                self.was_connected = true;
                // At once, so that a server that is gone already shows it.
                self.send(now, message::PING);
                let connection_id = self.connection_id.clone();
                self.commands
                    .push_back(Command::Report(State::Connected { connection_id }));
            }
            Err(Rejection::Refused(words)) => self.fail(now, Error::HandshakeRefused(words), None),
            Err(Rejection::Malformed(words)) => {
                self.fail(now, Error::HandshakeMalformed(words), None)
            }
        }
    }

    /// The server lives. The ping timer is always armed from here, never from its own end:
    /// browsers slow timers that start each other down to one a minute in hidden tabs, but not
    /// those that a message starts.
    fn heard(&mut self, now: Millis) {
        self.timers
            .set(Timer::Server, now + self.options.server_timeout);
        let due = self.last_sent + self.options.keep_alive;
        if due <= now {
            self.send(now, message::PING);
        }
        if !self.timers.is_set(Timer::Ping) {
            self.timers
                .set(Timer::Ping, self.last_sent + self.options.keep_alive);
        }
    }

    /// Anything that is sent shows that this client lives, so the next ping is put off.
    fn send(&mut self, now: Millis, text: &str) {
        self.last_sent = now;
        self.timers.stop(Timer::Ping);
        self.commands.push_back(Command::Send(text.to_owned()));
    }

    fn woken(&mut self, now: Millis) {
        if self.phase == Phase::Waiting {
            self.tries = 0;
            self.connect(now);
        } else {
            // While the device slept no timer fired: what came due meanwhile is due now.
            self.handle_timeout(now);
        }
    }

    fn suspend(&mut self) {
        if !matches!(self.phase, Phase::Idle | Phase::Waiting) {
            self.abandon();
            self.phase = Phase::Waiting;
            self.report_try(None);
        }
    }

    fn stop(&mut self) {
        if self.phase != Phase::Idle {
            self.abandon();
            self.phase = Phase::Idle;
            self.commands
                .push_back(Command::Report(State::Disconnected { reason: None }));
        }
    }

    /// Ends the present try, and whatever it still has under way.
    fn abandon(&mut self) {
        if self.phase == Phase::Connected {
            self.commands
                .push_back(Command::Send(message::CLOSE.to_owned()));
        }
        self.generation.0 += 1;
        self.timers.stop_all();
        self.framer = Framer::default();
        self.commands.push_back(Command::Abandon);
    }

    /// This try failed, or its connection is lost. `at_least` is the shortest delay that the server
    /// asks for.
    fn fail(&mut self, now: Millis, error: Error, at_least: Option<Millis>) {
        if matches!(error, Error::ClosedByServer { .. } | Error::Lost { .. }) {
            // The other side is gone: there is nobody to say goodbye to.
            self.phase = Phase::Waiting;
        }
        self.abandon();
        let Some(retry) = self.options.retry.filter(|_| error.is_retryable()) else {
            self.phase = Phase::Idle;
            self.commands
                .push_back(Command::Report(State::Disconnected {
                    reason: Some(error),
                }));
            return;
        };
        self.phase = Phase::Waiting;
        let mut delay = retry.delay(self.tries, &mut self.random);
        if error.status() == Some(429)
            || matches!(
                error,
                Error::ClosedByServer {
                    allow_reconnect: false,
                    ..
                }
            )
        {
            // Too many at once, or not invited back: spread out over the whole range.
            delay = retry.cap / 4 + self.random.up_to(retry.cap * 3 / 4);
        }
        let next_try = now + delay.max(at_least.unwrap_or(0));
        self.tries += 1;
        self.timers.set(Timer::Retry, next_try);
        self.last_error = Some(error);
        self.report_try(Some(next_try));
    }

    fn report_try(&mut self, next_try: Option<Millis>) {
        let tries = Tries {
            failed: self.tries,
            next_try,
            reason: self.last_error.clone(),
        };
        let state = if self.was_connected {
            State::Reconnecting(tries)
        } else {
            State::Connecting(tries)
        };
        self.commands.push_back(Command::Report(state));
    }
}
