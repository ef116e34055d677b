//! What a connection is told.

use super::super::{Failure, Millis};
use super::command::Authorization;

/// Names a try to connect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generation(pub(super) u64);

/// The answer to a [`Request`](super::Request).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
    /// The value of `Retry-After`, in milliseconds.
    pub retry_after: Option<Millis>,
}

/// What happened. Not to be printed: it may hold secrets.
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
    /// The application's answer to [`Command::Authorize`](super::Command::Authorize), or its reason for having none.
    Authorized(Generation, Result<Authorization, String>),
    /// The answer to [`Command::Post`](super::Command::Post).
    Answered(Generation, Result<Response, Failure>),
    /// The socket of [`Command::Open`](super::Command::Open) is open.
    Opened(Generation),
    /// The socket is closed, or never opened.
    Closed(Generation, u16, String),
}
