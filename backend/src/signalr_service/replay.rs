//! What lets a connection go on over another socket: both sides number their messages, keep those
//! that the other has not acknowledged, and send them again.
//!
//! As in "Stateful reconnect" of ASP.NET Core SignalR, and `Ack` and `Sequence` of the "SignalR hub
//! protocol specification".

use std::collections::VecDeque;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use tokio::time::Instant;

use super::protocol::{self, Received};

/// How many bytes may be unacknowledged before nothing more is sent, as in ASP.NET Core.
const LIMIT: usize = 100_000;

/// How long an acknowledgement waits for others that it can stand for.
const ACK_DELAY: Duration = Duration::from_secs(1);

/// The messages of both directions, each numbered from 1.
#[derive(Debug)]
pub(super) struct Replay {
    /// What the client may not have, oldest first.
    unacknowledged: VecDeque<Utf8Bytes>,
    /// The number of the latest message to the client.
    sent: u64,
    /// The number of the latest message from the client.
    received: u64,
    /// The number of the next message from the client: above `received`, unless it repeats itself.
    next: u64,
    /// The client has a new socket, and has not said yet where it goes on.
    awaits_sequence: bool,
    /// When to acknowledge what was received.
    pub(super) ack_due: Option<Instant>,
}

/// What to do with a message from the client.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is new.
    Take,
    /// It is known already, or of no meaning.
    Skip,
    /// It goes on behind messages that never came.
    Gap,
}

impl Replay {
    /// Of a connection that has just shaken hands.
    pub(super) fn new() -> Replay {
        Replay {
            unacknowledged: VecDeque::new(),
            sent: 0,
            received: 0,
            next: 1,
            awaits_sequence: false,
            ack_due: None,
        }
    }

    /// Whether another message may be sent.
    pub(super) fn has_room(&self) -> bool {
        self.unacknowledged
            .iter()
            .map(|text| text.len())
            .sum::<usize>()
            < LIMIT
    }

    /// Keeps a message that is sent to the client.
    pub(super) fn send(&mut self, message: &Utf8Bytes) {
        self.sent += 1;
        self.unacknowledged.push_back(message.clone());
    }

    /// Judges what came from the client.
    pub(super) fn receive(&mut self, received: &Received, now: Instant) -> Verdict {
        match received {
            Received::Sequence(id) => {
                if *id > self.received + 1 {
                    return Verdict::Gap;
                }
                self.awaits_sequence = false;
                // None is numbered 0.
                self.next = (*id).max(1);
                Verdict::Skip
            }
            _ if self.awaits_sequence => Verdict::Skip,
            Received::Ack(id) => {
                let oldest = self.oldest();
                let known = id.saturating_add(1).saturating_sub(oldest);
                let known = usize::try_from(known).unwrap_or(usize::MAX);
                let known = known.min(self.unacknowledged.len());
                self.unacknowledged.drain(..known);
                Verdict::Skip
            }
            Received::Call(_) => {
                let number = self.next;
                self.next += 1;
                self.ack_due.get_or_insert(now + ACK_DELAY);
                if number <= self.received {
                    return Verdict::Skip;
                }
                self.received = number;
                Verdict::Take
            }
            Received::Ping | Received::Close | Received::Ignored => Verdict::Take,
        }
    }

    /// The acknowledgement of all that was received. There is none due then.
    pub(super) fn acknowledge(&mut self) -> Utf8Bytes {
        self.ack_due = None;
        protocol::ack(self.received)
    }

    /// The client has a new socket: what to send over it before anything else.
    pub(super) fn resume(&mut self) -> impl Iterator<Item = Utf8Bytes> {
        self.awaits_sequence = true;
        std::iter::once(protocol::sequence(self.oldest()))
            .chain(self.unacknowledged.iter().cloned())
    }

    /// The number of the oldest message that is kept, or of the next one.
    fn oldest(&self) -> u64 {
        self.sent + 1 - self.unacknowledged.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signalr_service::protocol::Call;

    fn call() -> Received {
        Received::Call(Call::default())
    }

    fn resumed(replay: &mut Replay) -> Vec<String> {
        replay.resume().map(|text| text.to_string()).collect()
    }

    fn sequence(id: u64) -> String {
        protocol::sequence(id).to_string()
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again() {
        let now = Instant::now();
        let mut replay = Replay::new();
        assert_eq!(resumed(&mut replay), [sequence(1)], "nothing was sent yet");
        assert_eq!(replay.receive(&Received::Sequence(1), now), Verdict::Skip);
        for text in ["a", "b", "c"] {
            replay.send(&text.into());
        }
        replay.receive(&Received::Ack(2), now);
        replay.receive(&Received::Ack(1), now);
        assert_eq!(resumed(&mut replay), [sequence(3), "c".into()]);
        replay.receive(&Received::Ack(3), now);
        assert_eq!(
            resumed(&mut replay),
            [sequence(3), "c".into()],
            "before its sequence, the client says nothing that counts"
        );
        replay.receive(&Received::Sequence(1), now);
        replay.receive(&Received::Ack(u64::MAX), now);
        assert_eq!(resumed(&mut replay), [sequence(4)]);
    }

    #[test]
    fn what_comes_twice_is_taken_once() {
        let now = Instant::now();
        let mut replay = Replay::new();
        assert_eq!(replay.ack_due, None);
        for _ in 0..2 {
            assert_eq!(replay.receive(&call(), now), Verdict::Take);
        }
        assert_eq!(replay.ack_due, Some(now + ACK_DELAY));
        assert_eq!(replay.acknowledge(), protocol::ack(2));
        assert_eq!(replay.ack_due, None);
        resumed(&mut replay);
        assert_eq!(replay.receive(&Received::Sequence(2), now), Verdict::Skip);
        assert_eq!(replay.receive(&call(), now), Verdict::Skip);
        assert_eq!(replay.receive(&call(), now), Verdict::Take);
        assert_eq!(replay.acknowledge(), protocol::ack(3));
        assert_eq!(replay.receive(&Received::Sequence(5), now), Verdict::Gap);
    }

    #[test]
    fn a_client_that_does_not_acknowledge_gets_no_more() {
        let mut replay = Replay::new();
        replay.send(&"x".repeat(LIMIT - 1).into());
        assert!(replay.has_room());
        replay.send(&"x".into());
        assert!(!replay.has_room());
        replay.receive(&Received::Ack(1), Instant::now());
        assert!(replay.has_room());
    }
}
