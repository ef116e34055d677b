//! The messages and gaps of one conversation, in the order in which a person reads them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::message::{Delivery, Message, MessageId, Timestamp};

/// The most entries that one conversation holds, so that a flood cannot fill the memory.
pub const CAPACITY: usize = 131_072;

/// How many of the oldest entries go at once when [`CAPACITY`] is reached.
const TRIM: usize = CAPACITY / 8;

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A message. Shared, so that a view can hold what it shows without copying text.
    Message(Arc<Message>),
    /// A time in which messages may have been missed.
    Gap(Gap),
}

/// A time without a connection: the service replays nothing, so what was said then is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Names the gap among the messages of this device.
    pub id: MessageId,
    /// When the connection was lost.
    pub from: Timestamp,
    /// When it was back.
    pub to: Timestamp,
}

/// The entries of one conversation, oldest first.
///
/// Own messages that the hub has not echoed yet stand at the end: what others said meanwhile
/// reached the hub before them, so it goes above.
#[derive(Debug, Default)]
pub struct Timeline {
    entries: VecDeque<Entry>,
    messages: usize,
}

impl Timeline {
    /// The number of entries, gaps included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when nothing was said yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The number of messages, gaps not counted.
    pub fn message_count(&self) -> usize {
        self.messages
    }

    /// The entry at `index`, counted from the oldest.
    pub fn get(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    /// The newest message, whoever said it.
    pub fn last_message(&self) -> Option<&Arc<Message>> {
        self.entries.iter().rev().find_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            Entry::Gap(_) => None,
        })
    }

    /// Puts a message typed here at the end.
    pub(super) fn push(&mut self, message: Message) {
        self.insert(self.entries.len(), message);
    }

    /// Puts a received message at the end, but above own messages that wait for their echo.
    pub(super) fn receive(&mut self, message: Message) {
        let pending = self.pending_tail();
        self.insert(self.entries.len() - pending, message);
    }

    fn insert(&mut self, index: usize, message: Message) {
        self.entries
            .insert(index, Entry::Message(Arc::new(message)));
        self.messages += 1;
        if self.entries.len() > CAPACITY {
            let gone = self.entries.drain(..TRIM);
            self.messages -= gone
                .filter(|entry| matches!(entry, Entry::Message(_)))
                .count();
        }
    }

    /// How many entries at the end are own messages that are still on their way.
    fn pending_tail(&self) -> usize {
        let tail = self.entries.iter().rev();
        tail.take_while(|entry| matches!(entry, Entry::Message(message) if message.is_pending()))
            .count()
    }

    /// Marks a time without a connection. Two outages with nothing said in between are one gap,
    /// and a conversation in which nothing was said has nothing to miss.
    pub(super) fn mark_gap(&mut self, gap: Gap) {
        let place = self.entries.len() - self.pending_tail();
        match place
            .checked_sub(1)
            .and_then(|before| self.entries.get_mut(before))
        {
            None => {}
            Some(Entry::Gap(last)) => {
                *last = Gap {
                    from: last.from,
                    ..gap
                }
            }
            Some(Entry::Message(_)) => self.entries.insert(place, Entry::Gap(gap)),
        }
    }

    /// The message called `id`, if it is still held.
    pub fn find(&self, id: MessageId) -> Option<&Arc<Message>> {
        match self.entries.get(self.position(id)?)? {
            Entry::Message(message) => Some(message),
            Entry::Gap(_) => None,
        }
    }

    // From the end: what changes is nearly always among the newest.
    fn position(&self, id: MessageId) -> Option<usize> {
        self.entries
            .iter()
            .rposition(|entry| matches!(entry, Entry::Message(message) if message.id == id))
    }

    /// Has every message of `sender` drawn anew.
    pub(super) fn redraw(&mut self, sender: &str) {
        for entry in &mut self.entries {
            if let Entry::Message(message) = entry
                && *message.sender == *sender
            {
                Arc::make_mut(message).revision += 1;
            }
        }
    }

    /// Changes how far the message called `id` has come. Returns false if it is not held.
    pub(super) fn set_delivery(&mut self, id: MessageId, delivery: Delivery) -> bool {
        let Some(Entry::Message(message)) = self
            .position(id)
            .and_then(|index| self.entries.get_mut(index))
        else {
            return false;
        };
        let message = Arc::make_mut(message);
        message.delivery = delivery;
        message.revision += 1;
        true
    }

    /// Takes the message called `id` out.
    pub(super) fn remove(&mut self, id: MessageId) -> Option<Arc<Message>> {
        match self.entries.remove(self.position(id)?)? {
            Entry::Message(message) => {
                self.messages -= 1;
                Some(message)
            }
            Entry::Gap(_) => None,
        }
    }
}
