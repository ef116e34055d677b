//! What a connection is told.

use super::super::{Failure, Millis};
use super::command::Authorization;

/// Names a try to connect, or a transport of it.
///
/// ```
/// use serverless_chat::signalr::Options;
/// use serverless_chat::signalr::connection::{Connection, Event};
///
/// let mut connection = Connection::new(Options::new("https://example.com/hub"));
/// let before = connection.generation();
/// connection.handle_event(0, Event::Start);
/// assert_ne!(connection.generation(), before, "a try has one of its own");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generation(pub(super) u64);

/// Names a request.
///
/// ```
/// # use serverless_chat::signalr::connection::{Event, RequestId, Response};
/// # fn example(id: RequestId) {
/// let response = Response { status: 503, ..Response::default() };
/// let answered = Event::Answered(id, Ok(response));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestId(pub(super) u64);

/// The answer to a [`Request`](super::Request).
///
/// ```
/// use serverless_chat::signalr::connection::Response;
///
/// let response = Response {
///     status: 429,
///     reason: "Too Many Requests".to_owned(),
///     retry_after: Some(5_000),
///     ..Response::default()
/// };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The reason phrase; over HTTP/2 there is none.
    pub reason: String,
    /// The body.
    pub body: String,
    /// The value of `Retry-After`, in milliseconds.
    pub retry_after: Option<Millis>,
}

/// What happened. Not to be printed: it may hold secrets.
///
/// ```
/// use serverless_chat::signalr::Options;
/// use serverless_chat::signalr::connection::{Connection, Event};
///
/// let mut connection = Connection::new(Options::new("https://example.com/hub"));
/// connection.handle_event(0, Event::Start);
/// assert!(!connection.is_idle());
/// connection.handle_event(10, Event::Stop);
/// assert!(connection.is_idle());
/// ```
pub enum Event {
    /// The application wants a connection.
    Start,
    /// The application wants none any more.
    Stop,
    /// The person wants the next try to be now.
    TryNow,
    /// The network is back, or the page is looked at again: whatever was waited for may be over.
    Woken,
    /// The browser says that there is no network.
    Offline,
    /// The page goes away, perhaps to come back ([`Event::Woken`] then).
    Suspended,
    /// The application's answer to [`Command::Authorize`](super::Command::Authorize), or its reason
    /// for having none.
    Authorized(Generation, Result<Authorization, String>),
    /// The answer to [`Action::Request`](super::Action::Request).
    Answered(RequestId, Result<Response, Failure>),
    /// The transport of [`Action::Open`](super::Action::Open) is open.
    Opened(Generation),
    /// Text came.
    Text(Generation, String),
    /// The transport is closed, or never opened.
    Closed(Generation, Closure),
}

/// How a transport ended.
///
/// ```
/// use serverless_chat::signalr::connection::Closure;
///
/// let cut = Closure::Socket {
///     code: 1006,
///     reason: String::new(),
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closure {
    /// A WebSocket, with this close code and reason.
    Socket {
        /// The close code; 1006 where there was no close frame.
        code: u16,
        /// The server's words, often none.
        reason: String,
    },
    /// An event stream. A browser does not tell why.
    EventStream,
    /// The browser refused even to try, as it does with an insecure address on a secure page.
    Refused,
}
