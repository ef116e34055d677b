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

impl Entry {
    /// What names it among all entries of this device.
    pub fn id(&self) -> MessageId {
        match self {
            Entry::Message(message) => message.id,
            Entry::Gap(gap) => gap.id,
        }
    }
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

/// What became of a timeline since somebody asked. Both are numbers of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The first entry that may look different.
    pub from: usize,
    /// The first entry that may be another one than before.
    pub moved_from: usize,
}

/// Nothing has changed.
const NONE: Changes = Changes {
    from: usize::MAX,
    moved_from: usize::MAX,
};

/// The entries of one conversation, oldest first.
///
/// Each has a number. It is counted from the first that ever was here, so it stays the same when
/// the oldest go; an entry that comes or goes further up moves it.
///
/// Own messages that the hub has not echoed yet stand at the end: what others said meanwhile
/// reached the hub before them, so it goes above.
#[derive(Debug)]
pub struct Timeline {
    entries: VecDeque<Entry>,
    /// The number of the oldest entry.
    first: usize,
    /// The numbers of the gaps, in order. There are few.
    gaps: VecDeque<usize>,
    changes: Changes,
}

impl Default for Timeline {
    fn default() -> Timeline {
        Timeline {
            entries: VecDeque::new(),
            first: 0,
            gaps: VecDeque::new(),
            changes: NONE,
        }
    }
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
        self.entries.len() - self.gaps.len()
    }

    /// The number of the oldest entry.
    pub fn first(&self) -> usize {
        self.first
    }

    /// The number that the next entry at the end will have.
    pub fn end(&self) -> usize {
        self.first + self.entries.len()
    }

    /// The entry with this number.
    pub fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number.checked_sub(self.first)?)
    }

    /// How many of the messages held stand above the entry with this number.
    pub fn messages_above(&self, number: usize) -> usize {
        let gaps = self.gaps.partition_point(|&gap| gap < number);
        number.saturating_sub(self.first).saturating_sub(gaps)
    }

    /// The number of the message or gap called `id`, looked for from the end.
    pub fn number_of(&self, id: MessageId) -> Option<usize> {
        Some(self.first + self.entries.iter().rposition(|entry| entry.id() == id)?)
    }

    /// What has changed since this was asked last.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::replace(&mut self.changes, NONE)
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
        self.insert_entry(index, Entry::Message(Arc::new(message)));
        if self.entries.len() > CAPACITY {
            self.entries.drain(..TRIM);
            self.first += TRIM;
            let gone = self.gaps.partition_point(|&gap| gap < self.first);
            self.gaps.drain(..gone);
            // Nothing stands above it any more.
            self.changed(self.first);
        }
    }

    /// Puts what was said earlier above everything.
    pub(super) fn prepend(&mut self, earlier: Timeline) {
        let mut entries = earlier.entries;
        let count = entries.len();
        self.gaps.iter_mut().for_each(|gap| *gap += count);
        let above = earlier.gaps.iter().rev();
        for gap in above {
            self.gaps.push_front(gap - earlier.first + self.first);
        }
        entries.append(&mut self.entries);
        self.entries = entries;
        self.moved(self.first);
    }

    fn insert_entry(&mut self, index: usize, entry: Entry) {
        let number = self.first + index;
        self.moved(number);
        let above = self.gaps.partition_point(|&gap| gap < number);
        self.gaps.range_mut(above..).for_each(|gap| *gap += 1);
        if let Entry::Gap(_) = entry {
            self.gaps.insert(above, number);
        }
        self.entries.insert(index, entry);
    }

    fn moved(&mut self, number: usize) {
        self.changed(number);
        self.changes.moved_from = self.changes.moved_from.min(number);
    }

    fn changed(&mut self, number: usize) {
        self.changes.from = self.changes.from.min(number);
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
                };
                self.moved(self.first + place - 1);
            }
            Some(Entry::Message(_)) => self.insert_entry(place, Entry::Gap(gap)),
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
        self.change_all(|message| *message.sender == *sender, |_| {});
    }

    /// Changes every message that `is_meant`.
    fn change_all(&mut self, is_meant: impl Fn(&Message) -> bool, change: impl Fn(&mut Message)) {
        for (number, entry) in (self.first..).zip(&mut self.entries) {
            if let Entry::Message(message) = entry
                && is_meant(message)
            {
                let message = Arc::make_mut(message);
                change(message);
                message.revision += 1;
                self.changes.from = self.changes.from.min(number);
            }
        }
    }

    /// Changes how far the message called `id` has come. Returns false if it is not held.
    pub(super) fn set_delivery(&mut self, id: MessageId, delivery: Delivery) -> bool {
        let Some(index) = self.position(id) else {
            return false;
        };
        let Some(Entry::Message(message)) = self.entries.get_mut(index) else {
            return false;
        };
        let message = Arc::make_mut(message);
        message.delivery = delivery;
        message.revision += 1;
        self.changed(self.first + index);
        true
    }

    /// Puts another sender on what was typed here.
    pub(super) fn rename_own(&mut self, sender: &Arc<str>) {
        self.change_all(
            |message| message.own,
            |message| message.sender = sender.clone(),
        );
    }

    /// Takes the message called `id` out.
    pub(super) fn remove(&mut self, id: MessageId) -> Option<Arc<Message>> {
        let index = self.position(id)?;
        let number = self.first + index;
        self.moved(number);
        let above = self.gaps.partition_point(|&gap| gap < number);
        self.gaps.range_mut(above..).for_each(|gap| *gap -= 1);
        match self.entries.remove(index)? {
            Entry::Message(message) => Some(message),
            Entry::Gap(_) => None,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
