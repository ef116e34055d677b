//! The state machine of a connection: events and the time in, commands out.
//!
//! ```text
//! start ──▶ Authorizing ──▶ Negotiating ──▶ Opening ──▶ Handshaking ──▶ Connected ⇄ Resuming
//!            ▲ ▲    ▲            │ ▲          │ │            │              │          │
//!            │ │    └ 401, once ─┤ └ redirect │ │            │              │          │
//!            │ └─ next transport ┼────────────┘ │            │              │          │
//!            │                   ▼              ▼            ▼              ▼          ▼
//!            └────────────── Waiting ◀───────────────────── any loss ──────────────────┘
//! ```
//!
//! Each transport has a [`Generation`]. A command carries the generation that it belongs to and an
//! event the one that it answers; what comes from an older one is dropped. So at most one transport
//! is ever alive, and nothing late can confuse the present try. Requests have a name each, for the
//! same reason.
//!
//! A lost connection is built anew from the start, with authorisation and negotiation: a connection
//! token is good for one transport, and an access token may have expired. Only a server that
//! promised stateful reconnect is given one chance to go on where it was.
//!
//! | module | is for |
//! |---|---|
//! | `connecting` | from the start to the end of the handshake |
//! | `sending` | what goes to the server |
//! | `receiving` | what comes from it |
//! | `polling` | asking for it, where it has to be asked for |
//! | `resuming` | another socket for the same connection |
//! | `ending` | stops, losses, and what follows them |
//! | `calls` | the calls that wait for an answer |
//! | `queue` | what waits for a request to carry it |
//! | `replay` | what outlives a socket |

mod calls;
mod command;
mod connecting;
mod ending;
mod event;
mod options;
mod polling;
mod queue;
mod receiving;
mod replay;
mod resuming;
mod sending;
mod state;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::error::Error;
use super::protocol::Framer;
use super::retry::Random;
use super::timers::{Timer, Timers};
use super::trace::{Activity, Trace};
use super::transport::Transport;
use super::{Failure, Millis};

use calls::Calls;
use connecting::Try;
use ending::Trouble;
use queue::SendQueue;
use replay::Replay;

pub use calls::{Call, CallId, Called, Delivery};
pub use command::{Action, Authorization, AuthorizeReason, Command, Endpoint, Method, Request};
pub use event::{Closure, Event, Generation, RequestId, Response};
pub use options::Options;
pub use state::{State, Tries};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Authorizing,
    Negotiating,
    Opening,
    Handshaking,
    Connected,
    /// The socket is lost, and the connection is not.
    Resuming,
    Waiting,
}

/// A connection. See the [module](self) for the whole picture.
///
/// ```
/// use serverless_chat::signalr::Options;
/// use serverless_chat::signalr::connection::{Connection, Event};
///
/// let mut connection = Connection::new(Options::new("https://example.com/hub"));
/// assert!(connection.handle_event(0, Event::Start).is_none());
/// while let Some(command) = connection.poll_command() {
///     // Whatever it wants done is done here.
///     drop(command);
/// }
/// assert_eq!(connection.poll_timeout(), Some(100_000), "negotiation may take so long");
/// ```
pub struct Connection {
    options: Options,
    random: Random,
    generation: Generation,
    requests: u64,
    phase: Phase,
    /// True between the beginning of an activity and its end.
    is_active: bool,
    timers: Timers,
    commands: VecDeque<Command>,
    /// Which of the names to negotiate with is tried next.
    name: usize,
    /// The present try, or the last one.
    present: Try,
    /// What went wrong since there was a connection.
    trouble: Trouble,
    framer: Framer,
    last_sent: Millis,
    last_heard: Millis,
    calls: Calls,
    queue: SendQueue,
    /// The poll that is under way.
    poll: Option<RequestId>,
    replay: Option<Replay>,
}

impl Connection {
    /// A connection that does nothing until [`Event::Start`].
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::Connection;
    ///
    /// let connection = Connection::new(Options::new("https://example.com/hub"));
    /// assert!(connection.is_idle());
    /// ```
    pub fn new(options: Options) -> Connection {
        Connection {
            random: Random::new(options.seed),
            options,
            generation: Generation::default(),
            requests: 0,
            phase: Phase::Idle,
            is_active: false,
            timers: Timers::default(),
            commands: VecDeque::new(),
            name: 0,
            present: Try::default(),
            trouble: Trouble::default(),
            framer: Framer::default(),
            last_sent: 0,
            last_heard: 0,
            calls: Calls::default(),
            queue: SendQueue::default(),
            poll: None,
            replay: None,
        }
    }

    /// The next thing to do, if there is any. To be asked until there is none after each event.
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::Connection;
    ///
    /// let mut connection = Connection::new(Options::new("https://example.com/hub"));
    /// assert!(connection.poll_command().is_none(), "it was told of nothing yet");
    /// ```
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// When to call [`Connection::handle_timeout`], if nothing else happens before.
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::{Connection, Event};
    ///
    /// let mut connection = Connection::new(Options::new("https://example.com/hub"));
    /// assert_eq!(connection.poll_timeout(), None);
    /// connection.handle_event(500, Event::Start);
    /// assert_eq!(connection.poll_timeout(), Some(100_500));
    /// ```
    pub fn poll_timeout(&self) -> Option<Millis> {
        self.timers
            .next()
            .into_iter()
            .chain(self.calls.deadline())
            .min()
    }

    /// True if nobody tries to connect.
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::{Connection, Event};
    ///
    /// let mut connection = Connection::new(Options::new("https://example.com/hub"));
    /// connection.handle_event(0, Event::Start);
    /// assert!(!connection.is_idle());
    /// ```
    pub fn is_idle(&self) -> bool {
        self.phase == Phase::Idle
    }

    /// True if a server that pings as often as this client would count as lost now and then.
    ///
    /// ```
    /// use serverless_chat::signalr::{Options, connection::Connection};
    ///
    /// let options = Options {
    ///     server_timeout: 10_000,
    ///     ..Options::new("https://example.com/hub")
    /// };
    /// assert!(Connection::new(options).is_impatient());
    /// ```
    pub fn is_impatient(&self) -> bool {
        self.options.server_timeout < 2 * self.options.keep_alive
    }

    /// Changes the hub's address, for the next try.
    ///
    /// # Errors
    /// [`Error::AddressInUse`] while there is a connection, or one begins.
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::{Connection, Event};
    ///
    /// let mut connection = Connection::new(Options::new("https://example.com/hub"));
    /// assert_eq!(connection.set_url("https://elsewhere.example/hub"), Ok(()));
    /// connection.handle_event(0, Event::Start);
    /// assert!(connection.set_url("https://example.com/hub").is_err());
    /// ```
    pub fn set_url(&mut self, url: impl Into<String>) -> Result<(), Error> {
        match self.phase {
            Phase::Idle | Phase::Waiting => {
                self.options.url = url.into();
                Ok(())
            }
            _ => Err(Error::AddressInUse),
        }
    }

    /// Changes how long the server may be silent, in milliseconds, from the next message on.
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::Connection;
    ///
    /// let mut connection = Connection::new(Options::new("https://example.com/hub"));
    /// connection.set_server_timeout(60_000);
    /// ```
    pub fn set_server_timeout(&mut self, timeout: Millis) {
        self.options.server_timeout = timeout;
    }

    /// Changes how long this client may be silent, in milliseconds, from the next message on.
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::Connection;
    ///
    /// let mut connection = Connection::new(Options::new("https://example.com/hub"));
    /// connection.set_keep_alive(5_000);
    /// assert!(!connection.is_impatient());
    /// ```
    pub fn set_keep_alive(&mut self, interval: Millis) {
        self.options.keep_alive = interval;
    }

    /// Takes what happened. Returns the text that is complete with it: whole records, each with its
    /// separator. Each is for [`Connection::receive`], and after the last comes
    /// [`Connection::received`]. They are handed out so that what is read can borrow from them.
    ///
    /// ```
    /// # use serverless_chat::signalr::{connection::{Connection, Event, Generation}, protocol::framing};
    /// # fn example(connection: &mut Connection, generation: Generation, now: u64, text: String) {
    /// if let Some(text) = connection.handle_event(now, Event::Text(generation, text)) {
    ///     for record in framing::records(&text).into_iter().flatten() {
    ///         if let Some(delivery) = connection.receive(now, record) {
    ///             println!("{delivery:?}");
    ///         }
    ///     }
    ///     connection.received(now);
    /// }
    /// # }
    /// ```
    #[must_use = "the records are to be received"]
    pub fn handle_event(&mut self, now: Millis, event: Event) -> Option<String> {
        match event {
            Event::Start => self.start(now),
            Event::Stop => self.stop(now),
            Event::TryNow => self.try_now(now),
            Event::Woken => self.woken(now),
            Event::Offline => self.offline(now),
            Event::Suspended => self.suspend(now),
            Event::Authorized(generation, outcome) => {
                if generation == self.generation {
                    self.authorized(now, outcome);
                }
            }
            Event::Answered(request, outcome) => return self.answered(now, request, outcome),
            Event::Opened(generation) => {
                if generation == self.generation {
                    self.opened(now);
                }
            }
            Event::Text(generation, piece) => {
                if generation == self.generation {
                    return self.frame(now, piece);
                }
            }
            Event::Closed(generation, closure) => {
                if generation == self.generation {
                    self.closed(now, closure);
                }
            }
        }
        None
    }

    fn answered(
        &mut self,
        now: Millis,
        request: RequestId,
        outcome: Result<Response, Failure>,
    ) -> Option<String> {
        if self.present.negotiation == Some(request) {
            self.negotiated(now, outcome);
        } else if self.poll == Some(request) {
            return self.polled(now, outcome);
        } else if self.queue.request() == Some(request) {
            self.posted(now, request, outcome);
        }
        // Any other belongs to what is over.
        None
    }

    /// Takes that time has passed.
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    /// use serverless_chat::signalr::connection::{Connection, Event};
    ///
    /// let mut connection = Connection::new(Options::new("https://example.com/hub"));
    /// connection.handle_event(0, Event::Start);
    /// let at = connection.poll_timeout().expect("something may take too long");
    /// connection.handle_timeout(at);
    /// assert!(connection.poll_timeout() > Some(at), "it tries again later");
    /// ```
    pub fn handle_timeout(&mut self, now: Millis) {
        while let Some(call) = self.calls.overdue(now) {
            self.cancel(now, call);
            self.commands
                .push_back(Command::Failed(call, Error::CallTimeout));
        }
        if self.timers.take_due(Timer::Retry, now) {
            self.connect(now);
        } else if self.timers.take_due(Timer::Negotiate, now) {
            self.fail_negotiation(now, Failure::Timeout, None);
        } else if self.timers.take_due(Timer::Connect, now) {
            self.not_opened(now, super::transport::Why::Timeout);
        } else if self.timers.take_due(Timer::Handshake, now) {
            self.fail(now, Error::HandshakeTimeout, None);
        } else if self.timers.take_due(Timer::Server, now) {
            self.fail(now, Error::ServerTimeout, None);
        } else {
            if self.timers.take_due(Timer::Ping, now) {
                self.ping(now);
            }
            if self.timers.take_due(Timer::Ack, now) {
                self.acknowledge(now);
            }
            if self.timers.take_due(Timer::Poll, now) {
                self.poll(now);
            }
            if self.timers.take_due(Timer::Send, now) {
                self.send_timed_out(now);
            }
        }
    }

    /// True if text can be carried both ways.
    fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Handshaking | Phase::Connected)
    }

    fn act(&mut self, action: Action) {
        self.commands.push_back(Command::Io(action));
    }

    /// An activity begins; the one before it went well.
    fn began(&mut self, now: Millis, activity: Activity) {
        self.ended(now, Ok(()));
        self.is_active = true;
        self.commands
            .push_back(Command::Trace(now, Trace::Began(activity)));
    }

    /// The activity is over, if there is one.
    fn ended(&mut self, now: Millis, outcome: Result<(), Error>) {
        if std::mem::take(&mut self.is_active) {
            self.commands
                .push_back(Command::Trace(now, Trace::Ended(outcome)));
        }
    }

    fn name_request(&mut self) -> RequestId {
        self.requests += 1;
        RequestId(self.requests)
    }

    fn transport(&self) -> Transport {
        self.present.transport
    }
}
