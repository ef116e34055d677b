//! What a connection remembers to outlive its socket: stateful reconnect.
//!
//! As in "Ack and Sequence" of the hub protocol specification. Messages of the types 1 to 5 are
//! numbered from 1 in each direction. What the other side has not acknowledged is kept, and sent
//! again over the next socket.

use super::calls::CallId;

/// The numbers of both directions, and what is not acknowledged.
#[derive(Debug)]
pub(super) struct Replay {
    limit: usize,
    kept: Vec<Kept>,
    /// Bytes in `kept`.
    size: usize,
    /// The number of the last message sent.
    sent: u64,
    /// The number that the next message from the server has.
    next: u64,
    /// The number of the last message that was taken.
    received: u64,
    /// There is no socket.
    between: bool,
    /// What comes is not looked at before the server has said where it goes on.
    unsure: bool,
}

#[derive(Debug)]
struct Kept {
    number: u64,
    text: String,
    /// Waits for room.
    call: Option<CallId>,
}

/// What to do with a message from the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It is new.
    New,
    /// It is to be acknowledged and nothing more: it came before.
    Again,
    /// It is to be ignored.
    Ignored,
}

/// The server goes on behind what was received, so something is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing;

impl Replay {
    /// Keeps up to `limit` bytes before calls wait.
    pub(super) fn new(limit: usize) -> Replay {
        Replay {
            limit,
            kept: Vec::new(),
            size: 0,
            sent: 0,
            next: 1,
            received: 0,
            between: false,
            unsure: false,
        }
    }

    /// Keeps a numbered message that is sent. True if the call that it is may go on; if not, it is
    /// named by [`Replay::acknowledge`] later.
    pub(super) fn keep(&mut self, text: &str, call: Option<CallId>) -> bool {
        self.sent += 1;
        self.size += text.len();
        let room = self.size < self.limit;
        self.kept.push(Kept {
            number: self.sent,
            text: text.to_owned(),
            call: call.filter(|_| !room || self.between),
        });
        room && !self.between
    }

    /// The server has everything up to `number`. Returns the calls that may go on.
    pub(super) fn acknowledge(&mut self, number: u64) -> Vec<CallId> {
        let mut free = Vec::new();
        let acknowledged = self.kept.partition_point(|kept| kept.number <= number);
        for kept in self.kept.drain(..acknowledged) {
            self.size -= kept.text.len();
            free.extend(kept.call);
        }
        free.extend(self.released());
        free
    }

    /// The socket is lost.
    pub(super) fn lose(&mut self) {
        self.between = true;
        self.unsure = true;
    }

    /// True between two sockets.
    pub(super) fn is_between(&self) -> bool {
        self.between
    }

    /// What the next socket begins with: the number of the first message, and the messages.
    pub(super) fn resume(&self) -> (u64, impl Iterator<Item = &str>) {
        let first = self.kept.first().map_or(self.sent + 1, |kept| kept.number);
        (first, self.kept.iter().map(|kept| kept.text.as_str()))
    }

    /// What is kept is sent over the new socket. Returns the calls that may go on.
    pub(super) fn resent(&mut self) -> Vec<CallId> {
        self.between = false;
        self.released()
    }

    /// The calls that wait although there is room.
    fn released(&mut self) -> Vec<CallId> {
        match self.size < self.limit && !self.between {
            true => self.waiting().collect(),
            false => Vec::new(),
        }
    }

    /// Takes that the server goes on with this number.
    ///
    /// # Errors
    /// [`Missing`] if something before it was never received.
    pub(super) fn sequence(&mut self, number: u64) -> Result<(), Missing> {
        self.unsure = false;
        if number > self.next {
            return Err(Missing);
        }
        self.next = number;
        Ok(())
    }

    /// Takes a message, numbered or not.
    pub(super) fn arrive(&mut self, numbered: bool) -> Arrival {
        if self.unsure {
            return Arrival::Ignored;
        }
        if !numbered {
            return Arrival::New;
        }
        let number = self.next;
        self.next += 1;
        if number > self.received {
            self.received = number;
            Arrival::New
        } else if number == self.received {
            Arrival::Again
        } else {
            Arrival::Ignored
        }
    }

    /// The number to acknowledge.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// The calls that still wait for room.
    pub(super) fn waiting(&mut self) -> impl Iterator<Item = CallId> {
        self.kept.iter_mut().filter_map(|kept| kept.call.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HUB-69, HUB-70, HUB-72.
    #[test]
    fn what_is_not_acknowledged_is_sent_again() {
        let mut replay = Replay::new(100);
        assert_eq!(replay.resume().0, 1, "nothing was sent yet");
        for text in ["a", "b", "c"] {
            assert!(replay.keep(text, None));
        }
        assert_eq!(replay.acknowledge(2), []);
        replay.lose();
        let (first, texts) = replay.resume();
        assert_eq!((first, texts.collect::<Vec<_>>()), (3, vec!["c"]));
        assert_eq!(replay.acknowledge(3), []);
        assert_eq!(replay.resume().0, 4);
    }

    /// HUB-75 to HUB-78.
    #[test]
    fn what_came_before_is_not_taken_again() {
        let mut replay = Replay::new(100);
        assert_eq!(replay.arrive(true), Arrival::New);
        assert_eq!(replay.arrive(true), Arrival::New);
        replay.lose();
        assert_eq!(replay.arrive(true), Arrival::Ignored);
        assert_eq!(replay.arrive(false), Arrival::Ignored);
        assert_eq!(replay.sequence(1), Ok(()));
        assert_eq!(replay.arrive(true), Arrival::Ignored);
        assert_eq!(replay.arrive(true), Arrival::Again);
        assert_eq!(replay.arrive(true), Arrival::New);
        assert_eq!(replay.received(), 3);
        assert_eq!(replay.sequence(5), Err(Missing));
    }
}
