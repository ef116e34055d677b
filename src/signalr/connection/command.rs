//! What a connection wants done.

use super::event::Generation;
use super::state::State;

/// What to do.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// Ask the application for authorisation.
    Authorize(Generation, AuthorizeReason),
    /// Send a negotiate request.
    Post(Generation, Request),
    /// Open a socket at this address, which holds secrets.
    Open(Generation, String),
    /// Send text over the socket.
    Send(String),
    /// Abort the request and close the socket, whichever there is.
    Abandon,
    /// The state changed.
    Report(State),
}

/// A POST without a body, to negotiate.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// Headers, as name and value. They may hold secrets.
    pub headers: Vec<(String, String)>,
    /// Whether the browser sends its cookies along.
    pub include_credentials: bool,
}

/// Why authorisation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizeReason {
    /// A try to connect begins.
    Connect,
    /// The server answered 401 to what was given last: it has to be renewed.
    Unauthorized,
}

/// What the application shows at the hub's address. It is never shown to any other host.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Authorization {
    /// Headers, as name and value.
    pub headers: Vec<(String, String)>,
    /// Whether the browser sends its cookies along.
    pub include_credentials: bool,
}
