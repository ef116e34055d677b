//! A SignalR client for the browser.
//!
//! The client is sans-IO, in the manner of quinn-proto: [`connection::Connection`] is given
//! events and the time, and gives back commands. It owns no socket, no clock and no source of
//! randomness, so every rule is tested natively. [`client`] is what an application uses; it runs the
//! state machine on whatever network and clock there are, and `browser` is such surroundings.
//!
//! | module | is for |
//! |---|---|
//! | [`protocol`] | framing, handshake and hub messages of the JSON hub protocol; pure |
//! | [`negotiate`] | where to negotiate, and what the answers mean; pure |
//! | [`identity`] | what a client tells about itself; pure |
//! | [`transport`] | the ways of carrying text, and which of them to take; pure |
//! | [`retry`] | when to try again; pure |
//! | `timers` | the deadlines of a connection; pure |
//! | [`trace`] | what a connection does, step by step; pure |
//! | [`error`] | what can go wrong, and whether trying again helps; pure |
//! | [`connection`] | the state machine; pure |
//! | [`client`] | handlers, calls, streams: what an application uses; pure |
//! | `browser` | requests, sockets, event streams, one timer, the page's own events; browser |
//!
//! ```
//! # use serverless_chat::signalr::{Error, Options, client::{Connection, Io}};
//! # async fn example(io: impl Io + 'static) -> Result<(), Error> {
//! let connection = Connection::new(io, Options::new("https://example.com/hub"), |_| {
//!     Box::pin(async { Ok(Default::default()) })
//! });
//! connection.on("said", |(who, what): (String, String)| println!("{who}: {what}"));
//! connection.start().await?;
//! connection.call("Say").arguments(("hello",)).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! The rules come from the SignalR hub protocol and transport protocol specifications in
//! dotnet/aspnetcore, and from the behaviour of its TypeScript client.

#![deny(missing_docs)]

pub mod connection;
pub mod error;
pub mod identity;
pub mod negotiate;
pub mod protocol;
pub mod retry;
mod timers;
pub mod trace;
pub mod transport;

pub mod client;

#[cfg(target_arch = "wasm32")]
pub mod browser;

pub use connection::{Authorization, AuthorizeReason, Options, State, Tries};
pub use error::{Error, Failure, Step};
pub use retry::Retry;
pub use transport::Transport;

/// Milliseconds since some fixed moment. Only differences matter, but the clock must go on while
/// the device sleeps, or an outage would pass unnoticed.
///
/// ```
/// use serverless_chat::signalr::Millis;
///
/// let (before, now): (Millis, Millis) = (61_000, 62_500);
/// assert_eq!(now - before, 1_500);
/// ```
pub type Millis = u64;
