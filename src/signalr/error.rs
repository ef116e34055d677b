//! What can go wrong, and whether trying again helps.

use std::fmt;

use super::transport::{Transport, Unusable, Why};

/// Which part of connecting failed.
///
/// ```
/// use serverless_chat::signalr::Step;
///
/// let whose = |step| match step {
///     Step::Negotiate => "the function",
///     Step::NegotiateRedirected => "the service",
/// };
/// assert_eq!(whose(Step::NegotiateRedirected), "the service");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Negotiation at the address that the application gave.
    Negotiate,
    /// Negotiation at the address that the first answer redirected to.
    NegotiateRedirected,
}

/// Why a request brought no usable answer.
///
/// ```
/// use serverless_chat::signalr::Failure;
///
/// let failure = Failure::Status {
///     status: 503,
///     words: "Service Unavailable".to_owned(),
/// };
/// assert_eq!(failure.to_string(), "Service Unavailable: Status code '503'");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server answered with this HTTP status.
    Status {
        /// The status, 100 to 999.
        status: u16,
        /// The server's words: a short body, or the reason phrase; often none.
        words: String,
    },
    /// The browser got no answer that it may show: the server is not there, or does not allow
    /// this origin. Scripts cannot tell which.
    Network,
    /// No answer came in time.
    Timeout,
    /// The answer is not what a SignalR server says.
    Unreadable,
}

impl Failure {
    /// The HTTP status, where there was one.
    ///
    /// ```
    /// use serverless_chat::signalr::Failure;
    ///
    /// assert_eq!(Failure::Timeout.status(), None);
    /// ```
    pub fn status(&self) -> Option<u16> {
        match self {
            Failure::Status { status, .. } => Some(*status),
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Status { status, words } => {
                if !words.is_empty() {
                    f.write_str(words)?;
                    f.write_str(": ")?;
                }
                write!(f, "Status code '{status}'")
            }
            Failure::Network => f.write_str("No answer that this page may read."),
            Failure::Timeout => f.write_str("A timeout occurred."),
            Failure::Unreadable => f.write_str("The answer is not what a SignalR server says."),
        }
    }
}

/// The part of a connection's life that an [`Error`] belongs to.
///
/// ```
/// use serverless_chat::signalr::{Error, error::Phase};
///
/// assert_eq!(Error::ServerTimeout.phase(), Phase::Connected);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The client is used in a way that its state rules out.
    Use,
    /// The application is asked for authorisation.
    Authorize,
    /// A server is asked for a connection.
    Negotiate,
    /// A transport opens.
    Connect,
    /// The two sides agree on a protocol.
    Handshake,
    /// The connection is there.
    Connected,
    /// A call of a hub method.
    Call,
}

/// What went wrong. Its text never contains a token or an address with one.
///
/// ```
/// use serverless_chat::signalr::Error;
///
/// let lost = Error::Lost { code: 1001, reason: "bye".to_owned() };
/// assert_eq!(lost.to_string(), "WebSocket closed with status code: 1001 (bye).");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The connection is started already.
    AlreadyStarted,
    /// There is no connection to send over.
    NotConnected,
    /// The address cannot change while there is a connection.
    AddressInUse,
    /// Negotiation cannot be skipped but for a WebSocket alone.
    SkipNegotiation,
    /// The connection was stopped before it was there, in this phase.
    Stopped(Phase),
    /// The application could not authorise the connection; these are its words. Not tried again.
    NotAuthorized(String),
    /// A negotiate request failed. Tried again, unless the status says that it will not help.
    Negotiate {
        /// Which request.
        step: Step,
        /// Why.
        failure: Failure,
    },
    /// A negotiate answer has a status that is neither 200 nor an error.
    UnexpectedStatus(u16),
    /// The server refused the negotiation, in these words. Not tried again.
    Refused(String),
    /// The server speaks the classic ASP.NET SignalR protocol. Not tried again.
    ClassicServer,
    /// The server insists on stateful reconnect, which was not asked for. Not tried again.
    StatefulReconnect,
    /// The server redirected more than a hundred times. Not tried again.
    RedirectLimit,
    /// No transport that the server offers brought a connection; none at all if this is empty. Tried
    /// again if one of them was tried.
    NoTransport(Vec<Unusable>),
    /// The server did not answer the handshake in time.
    HandshakeTimeout,
    /// The server refused the handshake, in these words.
    HandshakeRefused(String),
    /// The answer to the handshake was malformed in this way.
    HandshakeMalformed(&'static str),
    /// The connection ended before the handshake did.
    HandshakeClosed,
    /// The socket was lost with this close code and reason.
    Lost {
        /// The close code; 1006 where there was no close frame.
        code: u16,
        /// The server's words, often none.
        reason: String,
    },
    /// The transport ended without a reason.
    Ended,
    /// A poll failed.
    Poll(Failure),
    /// Nothing came from the server for too long.
    ServerTimeout,
    /// The server ended the connection.
    ClosedByServer {
        /// Its words, if it gave any.
        error: Option<String>,
        /// True if it invites the client to come back.
        allow_reconnect: bool,
    },
    /// The server sent what is no hub message; this is what is wrong with it.
    Protocol(&'static str),
    /// The call ended with the server's own words.
    Call(String),
    /// The call was not answered in the time that the application gave it.
    CallTimeout,
    /// The connection was stopped before the call was answered.
    CallCanceled,
    /// The request that carries the call failed.
    Send(Failure),
    /// The arguments cannot be written as JSON, or the result is not of the type that is wanted;
    /// this is what is wrong.
    Conversion(String),
}

impl Error {
    /// True if trying again can help without anybody changing anything.
    ///
    /// ```
    /// use serverless_chat::signalr::Error;
    ///
    /// assert!(Error::ServerTimeout.is_retryable());
    /// assert!(!Error::ClassicServer.is_retryable());
    /// ```
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::AlreadyStarted
            | Error::NotConnected
            | Error::AddressInUse
            | Error::SkipNegotiation
            | Error::Stopped(_)
            | Error::NotAuthorized(_)
            | Error::Refused(_)
            | Error::ClassicServer
            | Error::StatefulReconnect
            | Error::RedirectLimit
            | Error::Call(_)
            | Error::CallCanceled
            | Error::Conversion(_) => false,
            Error::NoTransport(unusable) => unusable.iter().any(|one| one.why.was_tried()),
            Error::Negotiate {
                step: Step::Negotiate,
                failure: Failure::Status { status, .. },
            } => !matches!(status, 400 | 401 | 403 | 404 | 405 | 410),
            _ => true,
        }
    }

    /// The HTTP status, where there was one.
    ///
    /// ```
    /// use serverless_chat::signalr::{Error, Failure};
    ///
    /// let words = String::new();
    /// let error = Error::Poll(Failure::Status { status: 404, words });
    /// assert_eq!(error.status(), Some(404));
    /// ```
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::Negotiate { failure, .. } | Error::Poll(failure) | Error::Send(failure) => {
                failure.status()
            }
            Error::UnexpectedStatus(status) => Some(*status),
            _ => None,
        }
    }

    /// The part of the connection's life that it belongs to.
    ///
    /// ```
    /// use serverless_chat::signalr::{Error, error::Phase};
    ///
    /// assert_eq!(Error::HandshakeTimeout.phase(), Phase::Handshake);
    /// ```
    pub fn phase(&self) -> Phase {
        match self {
            Error::AlreadyStarted
            | Error::NotConnected
            | Error::AddressInUse
            | Error::SkipNegotiation => Phase::Use,
            Error::Stopped(phase) => *phase,
            Error::NotAuthorized(_) => Phase::Authorize,
            Error::Negotiate { .. }
            | Error::UnexpectedStatus(_)
            | Error::Refused(_)
            | Error::ClassicServer
            | Error::StatefulReconnect
            | Error::RedirectLimit => Phase::Negotiate,
            Error::NoTransport(_) => Phase::Connect,
            Error::HandshakeTimeout
            | Error::HandshakeRefused(_)
            | Error::HandshakeMalformed(_)
            | Error::HandshakeClosed => Phase::Handshake,
            Error::Lost { .. }
            | Error::Ended
            | Error::Poll(_)
            | Error::ServerTimeout
            | Error::ClosedByServer { .. }
            | Error::Protocol(_) => Phase::Connected,
            Error::Call(_)
            | Error::CallTimeout
            | Error::CallCanceled
            | Error::Send(_)
            | Error::Conversion(_) => Phase::Call,
        }
    }
}

impl fmt::Display for Error {
    /// In the words of the TypeScript client, where it has any for the case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Error::NotAuthorized(words) | Error::Refused(words) | Error::Call(words) => words,
            Error::AlreadyStarted => {
                "Cannot start a HubConnection that is not in the 'Disconnected' state."
            }
            Error::NotConnected => {
                "Cannot send data if the connection is not in the 'Connected' State."
            }
            Error::AddressInUse => {
                "The HubConnection must be in the Disconnected or Reconnecting state to change the url."
            }
            Error::SkipNegotiation => {
                "Negotiation can only be skipped when using the WebSocket transport directly."
            }
            Error::Stopped(Phase::Connect) => {
                "Failed to start the HttpConnection before stop() was called."
            }
            Error::Stopped(Phase::Handshake) => {
                "The connection was stopped before the hub handshake could complete."
            }
            Error::Stopped(_) => "The connection was stopped during negotiation.",
            Error::Negotiate { failure, .. } => {
                write!(
                    f,
                    "Failed to complete negotiation with the server: {failure}"
                )?;
                if failure.status() == Some(404) {
                    f.write_str(
                        " Either this is not a SignalR endpoint or there is a proxy blocking the connection.",
                    )?;
                }
                return Ok(());
            }
            Error::UnexpectedStatus(status) => {
                return write!(
                    f,
                    "Unexpected status code returned from negotiate '{status}'"
                );
            }
            Error::ClassicServer => {
                "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports connecting to an ASP.NET Core SignalR Server. See https://aka.ms/signalr-core-differences for details."
            }
            Error::StatefulReconnect => {
                "Client didn't negotiate Stateful Reconnect but the server did."
            }
            Error::RedirectLimit => "Negotiate redirection limit exceeded.",
            Error::NoTransport(unusable) if unusable.is_empty() => {
                "None of the transports supported by the client are supported by the server."
            }
            Error::NoTransport(unusable) => {
                f.write_str(
                    "Unable to connect to the server with any of the available transports.",
                )?;
                return unusable.iter().try_for_each(|one| write!(f, " {one}"));
            }
            Error::HandshakeTimeout => "The server did not answer the handshake in time.",
            Error::HandshakeRefused(words) => {
                return write!(f, "Server returned handshake error: {words}");
            }
            Error::HandshakeMalformed(words) => {
                return write!(f, "Error parsing handshake response: {words}");
            }
            Error::HandshakeClosed => {
                "The underlying connection was closed before the hub handshake could complete."
            }
            Error::Lost { code, reason } => {
                let reason = if reason.is_empty() {
                    "no reason given"
                } else {
                    reason
                };
                return write!(f, "WebSocket closed with status code: {code} ({reason}).");
            }
            Error::Ended => "The connection ended.",
            Error::Poll(failure) | Error::Send(failure) => return failure.fmt(f),
            Error::ServerTimeout => {
                "Server timeout elapsed without receiving a message from the server."
            }
            Error::ClosedByServer {
                error: Some(words), ..
            } => {
                return write!(f, "Server returned an error on close: {words}");
            }
            Error::ClosedByServer { error: None, .. } => "The server closed the connection.",
            Error::Protocol(words) => words,
            Error::CallTimeout => "The call was not answered in time.",
            Error::CallCanceled => {
                "Invocation canceled due to the underlying connection being closed."
            }
            Error::Conversion(words) => words,
        };
        f.write_str(words)
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.why {
            Why::Unknown => write!(
                f,
                "{name} failed: Skipping transport '{name}' because it is not supported by this client."
            ),
            Why::Disabled => write!(f, "{name} failed: '{name}' is disabled by the client."),
            Why::NoText => write!(f, "{name} failed: '{name}' does not support Text."),
            Why::Refused => write!(f, "{name} failed: The browser refuses to open it."),
            Why::Timeout => write!(f, "{name} failed: It did not open in time."),
            Why::Failed(failure) => write!(f, "{name} failed: {failure}"),
            Why::NotOpened => {
                let advice = Transport::ALL.into_iter().find(|one| one.name() == name);
                write!(f, "{name} failed: {}", advice.map_or("", Transport::advice))
            }
        }
    }
}

impl std::error::Error for Error {}
