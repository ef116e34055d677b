//! A SignalR client for the browser.
//!
//! The client is sans-IO, in the manner of quinn-proto: [`connection::Connection`] is given
//! events and the time, and gives back commands. It owns no socket, no clock and no source of
//! randomness, so every rule is tested natively. `client` is the thin part that runs it in a
//! browser.
//!
//! | module | is for |
//! |---|---|
//! | [`protocol`] | framing, handshake and hub messages of the JSON hub protocol; pure |
//! | [`negotiate`] | where to negotiate, and what the answers mean; pure |
//! | [`identity`] | what a client tells about itself; pure |
//! | [`transport`] | the ways of carrying text, and which of them to take; pure |
//! | [`retry`] | when to try again; pure |
//! | [`timers`] | the deadlines of a connection; pure |
//! | [`error`] | what can go wrong, and whether trying again helps; pure |
//! | [`connection`] | the state machine; pure |
//! | `transport` | what carries text to the server and back; browser |
//! | `client` | runs the state machine; browser |
//!
//! The rules come from the SignalR hub protocol and transport protocol specifications in
//! dotnet/aspnetcore, and from the behaviour of its TypeScript client.

pub mod connection;
pub mod error;
pub mod identity;
pub mod negotiate;
pub mod protocol;
pub mod retry;
pub mod timers;
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
pub type Millis = u64;
