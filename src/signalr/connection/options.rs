//! How a connection behaves.

use super::super::{Millis, Retry};

/// How a connection behaves. Times are in milliseconds.
#[derive(Clone, Debug)]
pub struct Options {
    /// The hub's address. Negotiation is at `/negotiate` below it.
    pub url: String,
    /// When to try again, also when the very first try fails. `None`: never.
    pub retry: Option<Retry>,
    /// How long this client may be silent before it sends a ping.
    pub keep_alive: Millis,
    /// How long the server may be silent before it counts as lost; at least twice its own
    /// keep-alive interval.
    pub server_timeout: Millis,
    /// How long the server may take to answer the handshake.
    pub handshake_timeout: Millis,
    /// How long the socket may take to open.
    pub connect_timeout: Millis,
    /// How long authorisation and each negotiate request may take. A function that sleeps needs
    /// its time to wake up.
    pub negotiate_timeout: Millis,
    /// What the random delays are drawn from. Should differ between any two clients.
    pub seed: u64,
}

impl Options {
    /// The defaults of the TypeScript client, with a retry policy that does not give up.
    pub fn new(url: impl Into<String>) -> Options {
        Options {
            url: url.into(),
            retry: Some(Retry::default()),
            keep_alive: 15_000,
            server_timeout: 30_000,
            handshake_timeout: 15_000,
            connect_timeout: 15_000,
            negotiate_timeout: 100_000,
            seed: 0,
        }
    }
}
