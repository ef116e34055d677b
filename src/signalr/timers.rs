//! The deadlines of a connection.

use super::Millis;

/// What may come due. Each at most once at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// A negotiate request is not answered. Long: a function may have to wake up first.
    Negotiate,
    /// The transport does not open.
    Connect,
    /// The server does not answer the handshake.
    Handshake,
    /// The server says nothing any more.
    Server,
    /// It is time to show the server that this client lives.
    Ping,
    /// It is time to try again.
    Retry,
    /// A poll is not answered: it is begun anew.
    Poll,
    /// A request that carries what the client sends is not answered.
    Send,
    /// It is time to tell the server what was received.
    Ack,
}

/// One deadline for each [`Timer`].
#[derive(Debug, Default)]
pub(super) struct Timers([Option<Millis>; 9]);

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: Millis) {
        self.0[timer as usize] = Some(at);
    }

    pub(super) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = None;
    }

    pub(super) fn stop_all(&mut self) {
        *self = Timers::default();
    }

    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.0[timer as usize].is_some()
    }

    /// When the earliest comes due.
    pub(super) fn next(&self) -> Option<Millis> {
        self.0.iter().copied().flatten().min()
    }

    /// Stops the timer if it is due. True if it was.
    pub(super) fn take_due(&mut self, timer: Timer, now: Millis) -> bool {
        self.0[timer as usize].take_if(|at| *at <= now).is_some()
    }
}
