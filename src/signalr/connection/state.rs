//! What an application sees of a connection.

use super::super::{Error, Millis};

/// The state of a connection.
///
/// ```
/// use serverless_chat::signalr::State;
///
/// let words = |state: &State| match state {
///     State::Connected { .. } => "connected".to_owned(),
///     State::Connecting(_) => "connecting".to_owned(),
///     State::Reconnecting(tries) => format!("lost; {} tries failed", tries.failed),
///     State::Disconnected { reason: None } => "not connected".to_owned(),
///     State::Disconnected { reason: Some(reason) } => reason.to_string(),
/// };
/// assert_eq!(words(&State::Disconnected { reason: None }), "not connected");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// There is no connection, and nobody tries.
    Disconnected {
        /// What ended it; `None` before the start, and when it was stopped while it was there.
        reason: Option<Error>,
    },
    /// There was none yet, and one is tried for.
    Connecting(Tries),
    /// Messages come.
    Connected {
        /// The server's name for this client; `None` where negotiation is skipped.
        connection_id: Option<String>,
    },
    /// There was one, it is lost, and another is tried for.
    Reconnecting(Tries),
}

/// How trying goes.
///
/// ```
/// use serverless_chat::signalr::{Error, Tries};
///
/// let tries = Tries {
///     failed: 2,
///     next_try: Some(61_000),
///     reason: Some(Error::ServerTimeout),
/// };
/// let seconds = tries.next_try.map(|at| (at - 60_000) / 1_000);
/// assert_eq!(seconds, Some(1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many failed since the last connection, or since the start.
    pub failed: u32,
    /// When the next one begins; `None` while one is under way, or while the page is away.
    pub next_try: Option<Millis>,
    /// What ended the last one; `None` as long as none failed.
    pub reason: Option<Error>,
}
