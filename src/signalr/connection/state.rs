//! What an application sees of a connection.

use super::super::{Error, Millis};

/// The state of a connection.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many failed since the last connection, or since the start.
    pub failed: u32,
    /// When the next one begins; `None` while one is under way, or while the page is away.
    pub next_try: Option<Millis>,
    /// What ended the last one; `None` as long as none failed.
    pub reason: Option<Error>,
}
