//! What a connection wants done.

use super::super::{Error, Transport};
use super::calls::CallId;
use super::event::{Generation, RequestId};
use super::state::State;

/// What to do.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// Ask the application for authorisation.
    Authorize(Generation, AuthorizeReason),
    /// Do something with the network.
    Io(Action),
    /// The state changed.
    Report(State),
    /// A call that wants no answer is handed to the transport.
    Sent(CallId),
    /// A call ended without an answer.
    Failed(CallId, Error),
}

/// What to do with the network.
#[derive(Clone, PartialEq, Eq)]
pub enum Action {
    /// Send a request.
    Request(RequestId, Request),
    /// Forget a request.
    Abort(RequestId),
    /// Open a WebSocket or an event stream.
    Open(Generation, Endpoint),
    /// Send text over the WebSocket.
    Send(String),
    /// Abort all requests and close the transport, without another word of them.
    Abandon,
}

/// Where a transport opens. It holds secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// [`Transport::WebSockets`] or [`Transport::ServerSentEvents`].
    pub transport: Transport,
    /// The address.
    pub url: String,
    /// Whether the browser sends its cookies along, where it can be told so.
    pub include_credentials: bool,
}

/// A request. It holds secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// GET, POST or DELETE.
    pub method: Method,
    /// Where to.
    pub url: String,
    /// Headers, as name and value. A name stands there once.
    pub headers: Vec<(String, String)>,
    /// The body, sent as `text/plain;charset=UTF-8`; none, and no content type, if it is empty.
    pub body: String,
    /// Whether the browser sends its cookies along.
    pub include_credentials: bool,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The next text of a long poll.
    Get,
    /// Negotiation, or text for the server.
    Post,
    /// The end of a connection.
    Delete,
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
    /// A bearer token: a header of requests, and in the address of sockets and event streams, for
    /// which a browser lets a page set no header.
    pub access_token: Option<String>,
    /// Headers for requests, as name and value.
    pub headers: Vec<(String, String)>,
    /// Whether the browser sends its cookies along.
    pub include_credentials: bool,
}
