//! What can go wrong, and whether trying again helps.

use std::fmt;

/// Which part of connecting failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Negotiation at the address that the application gave.
    Negotiate,
    /// Negotiation at the address that the first answer redirected to.
    NegotiateRedirected,
}

/// Why a request brought no usable answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server answered with this HTTP status.
    Status(u16),
    /// The browser got no answer that it may show: the server is not there, or does not allow
    /// this origin. Scripts cannot tell which.
    Network,
    /// No answer came in time.
    Timeout,
    /// The answer is not what a SignalR server says.
    Unreadable,
}

/// Why there is no connection. Its text never contains a token or an address with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The application could not authorise the connection; these are its words. Not tried again.
    NotAuthorized(String),
    /// A negotiate request failed. Tried again, unless the status says that it will not help.
    Negotiate {
        /// Which request.
        step: Step,
        /// Why.
        failure: Failure,
    },
    /// The server refused the negotiation, in these words. Not tried again.
    Refused(String),
    /// The server speaks the classic ASP.NET SignalR protocol. Not tried again.
    ClassicServer,
    /// The server redirected more than a hundred times. Not tried again.
    RedirectLimit,
    /// The server offers no transport that this client has. Not tried again.
    NoTransport,
    /// The socket did not open.
    ConnectFailed,
    /// The socket did not open in time.
    ConnectTimeout,
    /// The server did not answer the handshake in time.
    HandshakeTimeout,
    /// The server refused the handshake, in these words.
    HandshakeRefused(String),
    /// The answer to the handshake was malformed in this way.
    HandshakeMalformed(&'static str),
    /// The socket was lost with this close code and reason.
    Lost {
        /// The close code; 1006 where there was no close frame.
        code: u16,
        /// The server's words, often none.
        reason: String,
    },
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
    Protocol(String),
}

impl Error {
    /// True if trying again can help without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::NotAuthorized(_)
            | Error::Refused(_)
            | Error::ClassicServer
            | Error::RedirectLimit
            | Error::NoTransport => false,
            Error::Negotiate {
                step: Step::Negotiate,
                failure: Failure::Status(status),
            } => !matches!(status, 400 | 401 | 403 | 404 | 405 | 410),
            _ => true,
        }
    }

    /// The HTTP status, where there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::Negotiate {
                failure: Failure::Status(status),
                ..
            } => Some(*status),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    /// In the words of the TypeScript client, where it has any for the case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotAuthorized(words) | Error::Refused(words) => f.write_str(words),
            Error::Negotiate { failure, .. } => {
                f.write_str("Failed to complete negotiation with the server: ")?;
                match failure {
                    Failure::Status(404) => f.write_str(
                        "Status code '404' Either this is not a SignalR endpoint or there is a proxy blocking the connection.",
                    ),
                    Failure::Status(status) => write!(f, "Status code '{status}'"),
                    Failure::Network => f.write_str("no answer that this page may read."),
                    Failure::Timeout => f.write_str("A timeout occurred."),
                    Failure::Unreadable => f.write_str("the answer is not what a SignalR server says."),
                }
            }
            Error::ClassicServer => f.write_str(
                "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports connecting to an ASP.NET Core SignalR Server.",
            ),
            Error::RedirectLimit => f.write_str("Negotiate redirection limit exceeded."),
            Error::NoTransport => {
                f.write_str("None of the transports supported by the client are supported by the server.")
            }
            Error::ConnectFailed => f.write_str("WebSocket failed to connect."),
            Error::ConnectTimeout => f.write_str("WebSocket did not connect in time."),
            Error::HandshakeTimeout => f.write_str("The server did not answer the handshake in time."),
            Error::HandshakeRefused(words) => write!(f, "Server returned handshake error: {words}"),
            Error::HandshakeMalformed(words) => write!(f, "Error parsing handshake response: {words}"),
            Error::Lost { code, reason } => {
                let reason = if reason.is_empty() { "no reason given" } else { reason };
                write!(f, "WebSocket closed with status code: {code} ({reason}).")
            }
            Error::ServerTimeout => {
                f.write_str("Server timeout elapsed without receiving a message from the server.")
            }
            Error::ClosedByServer { error: Some(words), .. } => {
                write!(f, "Server returned an error on close: {words}")
            }
            Error::ClosedByServer { error: None, .. } => f.write_str("The server closed the connection."),
            Error::Protocol(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for Error {}
