//! What a connection wants done.

use super::super::trace::Trace;
use super::super::{Error, Millis, Transport};
use super::calls::CallId;
use super::event::{Generation, RequestId};
use super::state::State;

/// What to do.
///
/// ```
/// use serverless_chat::signalr::Options;
/// use serverless_chat::signalr::connection::{AuthorizeReason, Command, Connection, Event};
///
/// let mut connection = Connection::new(Options::new("https://example.com/hub"));
/// assert!(connection.handle_event(0, Event::Start).is_none());
/// assert!(matches!(connection.poll_command(), Some(Command::Report(_))));
/// let Some(Command::Authorize(_, reason)) = connection.poll_command() else {
///     panic!("the application is asked first");
/// };
/// assert_eq!(reason, AuthorizeReason::Connect);
/// ```
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
    /// A step began or ended at this time. There is nothing to do.
    Trace(Millis, Trace),
}

/// What to do with the network.
///
/// ```
/// # use serverless_chat::signalr::connection::Action;
/// # fn example(action: Action) {
/// match action {
///     Action::Request(_, request) => println!("{:?} a server", request.method),
///     Action::Open(_, endpoint) => println!("open {:?}", endpoint.transport),
///     Action::Send(text) => println!("send {} bytes", text.len()),
///     Action::Abort(_) | Action::Abandon => println!("end it"),
/// }
/// # }
/// ```
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
///
/// ```
/// use serverless_chat::signalr::connection::Endpoint;
///
/// use serverless_chat::signalr::Transport;
///
/// let endpoint = Endpoint {
///     transport: Transport::WebSockets,
///     url: "wss://example.com/hub?id=secret".to_owned(),
///     include_credentials: false,
/// };
/// ```
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
///
/// ```
/// use serverless_chat::signalr::connection::{Method, Request};
///
/// let request = Request {
///     method: Method::Post,
///     url: "https://example.com/hub/negotiate?negotiateVersion=1".to_owned(),
///     headers: vec![("X-Requested-With".to_owned(), "XMLHttpRequest".to_owned())],
///     body: String::new(),
///     include_credentials: false,
/// };
/// ```
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
///
/// ```
/// use serverless_chat::signalr::connection::Method;
///
/// let name = |method| match method {
///     Method::Get => "GET",
///     Method::Post => "POST",
///     Method::Delete => "DELETE",
/// };
/// assert_eq!(name(Method::Delete), "DELETE");
/// ```
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
///
/// ```
/// use serverless_chat::signalr::AuthorizeReason;
///
/// let must_renew = |reason| reason == AuthorizeReason::Unauthorized;
/// assert!(!must_renew(AuthorizeReason::Connect));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizeReason {
    /// A try to connect begins.
    Connect,
    /// The server answered 401 to what was given last: it has to be renewed.
    Unauthorized,
}

/// What the application shows at the hub's address. It is never shown to any other host.
///
/// ```
/// use serverless_chat::signalr::Authorization;
///
/// let signed_in = Authorization {
///     access_token: Some("secret".to_owned()),
///     ..Authorization::default()
/// };
/// let anonymous = Authorization::default();
/// ```
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
