//! One message and how far it has come.

use std::sync::Arc;

/// Milliseconds since the Unix epoch, as this device's clock shows them.
///
/// The service stamps nothing, so a message carries the time at which this device typed or
/// received it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// Milliseconds from `earlier` to `self`; 0 if the clock was set back in between.
    pub fn since(self, earlier: Timestamp) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Names a message on this device for as long as the page lives. The backend never sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// How far a message has come.
///
/// There is no "delivered": the service gives no receipt, so the most that can be said of a
/// message is that the backend accepted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It came from the hub.
    Received,
    /// Typed here, and not yet posted: there is no connection, or others go first.
    Waiting,
    /// Posted, and not yet answered.
    Sending,
    /// The backend accepted it, or the hub echoed it.
    Sent,
    /// It was not accepted, or nobody can say. The text stays, for the person to retry or delete.
    Failed(Failure),
}

/// Why a message is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// One or two sentences for the person: what happened and what to do.
    pub reason: Arc<str>,
    /// True when the message may have arrived all the same (the network failed before an answer
    /// came). Sending it again could then show it twice, so that is only ever done by hand.
    pub ambiguous: bool,
}

/// A message, as the timeline holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name on this device.
    pub id: MessageId,
    /// The sender's user name; empty for somebody who is not signed in.
    pub sender: Arc<str>,
    /// True for what was typed here.
    pub own: bool,
    /// The text, always shown as text.
    pub text: Arc<str>,
    /// True if somebody else names this person in it.
    pub mention: bool,
    /// When it was typed or received here.
    pub at: Timestamp,
    /// How far it has come.
    pub delivery: Delivery,
    /// Counts the changes of this message; a view draws it anew when this differs.
    pub revision: u32,
}

impl Message {
    /// True while the hub's echo may still come and decide this message's place.
    pub fn is_pending(&self) -> bool {
        matches!(self.delivery, Delivery::Waiting | Delivery::Sending)
    }
}
