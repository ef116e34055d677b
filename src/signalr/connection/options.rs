//! How a connection behaves.

use super::super::negotiate::NEGOTIATE;
use super::super::{Millis, Retry, Transport};

/// How a connection behaves. Times are in milliseconds.
///
/// ```
/// use serverless_chat::signalr::{Options, Retry, Transport};
///
/// let options = Options {
///     transports: vec![Transport::WebSockets],
///     retry: Retry::four_times(),
///     seed: 4711,
///     ..Options::new("https://example.com/hub")
/// };
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// The hub's address. Negotiation is at `/negotiate` below it.
    pub url: String,
    /// What is put behind the address to negotiate there, at least one name. A name that the server
    /// does not know (404) is followed by the next; one that it knew once is tried first from then
    /// on.
    pub negotiate: Vec<String>,
    /// The transports that may be taken. Which of them is taken first is the server's choice.
    pub transports: Vec<Transport>,
    /// True to open a WebSocket without asking for one before: a round trip less, for a server that
    /// has no use for the question. Only with WebSockets alone.
    pub skip_negotiation: bool,
    /// Headers for every request, as name and value. They go wherever the server redirects to, so
    /// secrets belong into an [`Authorization`](super::Authorization).
    pub headers: Vec<(String, String)>,
    /// When to try again.
    pub retry: Retry,
    /// True if the very first try is repeated by the same policy.
    pub retry_start: bool,
    /// True to come back also when the server ends the connection without inviting back.
    pub reconnect_on_every_close: bool,
    /// How long this client may be silent before it sends a ping.
    pub keep_alive: Millis,
    /// How long the server may be silent before it counts as lost; at least twice its own
    /// keep-alive interval.
    pub server_timeout: Millis,
    /// How long the server may take to answer the handshake.
    pub handshake_timeout: Millis,
    /// How long a transport may take to open.
    pub connect_timeout: Millis,
    /// How long authorisation and each negotiate request may take. A function that sleeps needs
    /// its time to wake up.
    pub negotiate_timeout: Millis,
    /// How long a poll, and a request that carries a message, may take.
    pub request_timeout: Millis,
    /// True to ask for a connection that outlives its socket.
    pub stateful_reconnect: bool,
    /// With such a connection: how much may be sent that the server has not acknowledged, in bytes,
    /// before calls wait.
    pub stateful_buffer: usize,
    /// What the random delays are drawn from. Should differ between any two clients.
    pub seed: u64,
}

impl Options {
    /// The defaults of the TypeScript client, with a retry policy that does not give up.
    ///
    /// ```
    /// use serverless_chat::signalr::Options;
    ///
    /// let options = Options::new("https://example.com/hub");
    /// assert_eq!((options.keep_alive, options.server_timeout), (15_000, 30_000));
    /// ```
    pub fn new(url: impl Into<String>) -> Options {
        Options {
            url: url.into(),
            negotiate: vec![NEGOTIATE.to_owned()],
            transports: Transport::ALL.to_vec(),
            skip_negotiation: false,
            headers: Vec::new(),
            retry: Retry::default(),
            retry_start: true,
            reconnect_on_every_close: false,
            keep_alive: 15_000,
            server_timeout: 30_000,
            handshake_timeout: 15_000,
            connect_timeout: 15_000,
            negotiate_timeout: 100_000,
            request_timeout: 100_000,
            stateful_reconnect: false,
            stateful_buffer: 100_000,
            seed: 0,
        }
    }
}
