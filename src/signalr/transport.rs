//! The ways of carrying text to a server and back, and which of them to take.
//!
//! As in "Transports" of the SignalR transport protocol specification.

use super::error::Failure;

/// A way of carrying text to a server and back.
///
/// ```
/// use serverless_chat::signalr::Transport;
///
/// assert_eq!(Transport::ALL[0], Transport::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// One socket for both directions.
    #[default]
    WebSockets,
    /// An event stream from the server; a POST for what the client sends.
    ServerSentEvents,
    /// A GET that the server answers when it has something to say; a POST for what the client sends.
    LongPolling,
}

impl Transport {
    /// All of them, the best first.
    ///
    /// ```
    /// use serverless_chat::signalr::Transport;
    ///
    /// assert_eq!(Transport::ALL.map(Transport::name)[2], "LongPolling");
    /// ```
    pub const ALL: [Transport; 3] = [
        Transport::WebSockets,
        Transport::ServerSentEvents,
        Transport::LongPolling,
    ];

    /// The protocol's name for it.
    ///
    /// ```
    /// use serverless_chat::signalr::Transport;
    ///
    /// assert_eq!(Transport::LongPolling.name(), "LongPolling");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Transport::WebSockets => "WebSockets",
            Transport::ServerSentEvents => "ServerSentEvents",
            Transport::LongPolling => "LongPolling",
        }
    }

    /// What a failure to connect with it means, in the TypeScript client's words.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Transport::WebSockets => {
                "WebSocket failed to connect. The connection could not be found on the server, either the endpoint may not be a SignalR endpoint, the connection ID is not present on the server, or there is a proxy blocking WebSockets. If you have multiple servers check that sticky sessions are enabled."
            }
            Transport::ServerSentEvents => {
                "EventSource failed to connect. The connection could not be found on the server, either the connection ID is not present on the server, or a proxy is refusing/buffering the connection. If you have multiple servers check that sticky sessions are enabled."
            }
            Transport::LongPolling => "The first poll failed.",
        }
    }
}

/// A transport, as a server offers it.
///
/// ```
/// use serverless_chat::signalr::transport::Offer;
///
/// let offer = Offer { name: "WebSockets".to_owned(), text: true };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its name, perhaps one that this client does not know.
    pub name: String,
    /// True if it carries text.
    pub text: bool,
}

impl Offer {
    /// The transport, if the client knows it and may use it, or why not.
    pub(super) fn choose(self, allowed: &[Transport]) -> Result<Transport, Unusable> {
        let known = Transport::ALL
            .into_iter()
            .find(|transport| transport.name() == self.name);
        let why = match known {
            None => Why::Unknown,
            Some(transport) if !allowed.contains(&transport) => Why::Disabled,
            Some(_) if !self.text => Why::NoText,
            Some(transport) => return Ok(transport),
        };
        Err(Unusable {
            name: self.name,
            why,
        })
    }
}

/// A transport that a server offers and that brought no connection.
///
/// ```
/// use serverless_chat::signalr::transport::{Unusable, Why};
///
/// let unusable = Unusable { name: "WebSockets".to_owned(), why: Why::Disabled };
/// assert_eq!(unusable.to_string(), "WebSockets failed: 'WebSockets' is disabled by the client.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// Its name.
    pub name: String,
    /// Why it brought none.
    pub why: Why,
}

/// Why a transport brought no connection.
///
/// ```
/// use serverless_chat::signalr::{Failure, transport::Why};
///
/// let why = Why::Failed(Failure::Timeout);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// This client does not know it.
    Unknown,
    /// The application does not allow it.
    Disabled,
    /// It carries no text.
    NoText,
    /// It was tried, and did not open.
    NotOpened,
    /// The browser refuses to try it.
    Refused,
    /// It was tried, and did not open in time.
    Timeout,
    /// It was tried, and its first request failed.
    Failed(Failure),
}

impl Why {
    /// True if the transport was tried, so that another try may go better.
    pub(super) fn was_tried(&self) -> bool {
        matches!(self, Why::NotOpened | Why::Timeout | Why::Failed(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_taken_if_it_is_known_allowed_and_carries_text() {
        let choose = |name: &str, text, allowed: &[Transport]| {
            let name = name.to_owned();
            Offer { name, text }.choose(allowed).map_err(|one| one.why)
        };
        let all = Transport::ALL;
        for transport in all {
            assert_eq!(choose(transport.name(), true, &all), Ok(transport));
            assert_eq!(choose(transport.name(), false, &all), Err(Why::NoText));
            assert_eq!(choose(transport.name(), true, &[]), Err(Why::Disabled));
        }
        assert_eq!(choose("WebTransport", true, &all), Err(Why::Unknown));
    }
}
