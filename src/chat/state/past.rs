//! The chat and what is kept of it on the device.

use std::sync::Arc;

use super::Chat;
use crate::chat::conversation::{Conversation, ConversationId};
use crate::chat::history::{Change, Record, Said, Settled};
use crate::chat::journal::Note;
use crate::chat::message::{Delivery, Message, MessageId, Timestamp};
use crate::chat::news::News;
use crate::chat::outbox::Outgoing;
use crate::chat::timeline::{Entry, Gap};

impl Chat {
    /// From now on all changes are to be kept, and what is here already.
    pub fn begin_to_keep(&mut self) {
        self.journal.begin();
        for conversation in std::iter::once(&self.room).chain(&self.private) {
            let timeline = &conversation.timeline;
            for entry in (0..timeline.len()).filter_map(|at| timeline.get(at)) {
                match entry {
                    Entry::Message(message) => self.journal.message(&conversation.id, message.id),
                    Entry::Gap(gap) => self.journal.note(Note::Gap(*gap)),
                }
            }
        }
    }

    /// Nothing is to be kept any more.
    pub fn end_keeping(&mut self) {
        self.journal.end();
    }

    /// True if something is to be kept that is not yet.
    pub fn has_changes_to_keep(&self) -> bool {
        !self.journal.is_empty()
    }

    /// What is to be kept since this was asked last.
    pub fn take_changes_to_keep(&mut self) -> Vec<Change> {
        let notes = self.journal.take();
        let mut changes = Vec::with_capacity(notes.len());
        // Messages that came together stand together: the next is rarely to be looked for.
        let mut expected = 0;
        for note in notes {
            let (place, id) = match note {
                Note::Gap(gap) => {
                    let (from, to) = (gap.from, gap.to);
                    changes.push(Change::Put(gap.id, Record::Gap { from, to }));
                    continue;
                }
                Note::Message(place, id) => (place, id),
            };
            let message = self.conversation(&place).and_then(|conversation| {
                let timeline = &conversation.timeline;
                let is_it = |number: &usize| timeline.entry(*number).map(Entry::id) == Some(id);
                let number = Some(expected).filter(is_it);
                let number = number.or_else(|| timeline.number_of(id))?;
                expected = number + 1;
                match timeline.entry(number)? {
                    Entry::Message(message) => Some(message),
                    Entry::Gap(_) => None,
                }
            });
            changes.push(match message {
                Some(message) => Change::Put(id, record(place, message)),
                None => Change::Gone(id),
            });
        }
        changes
    }

    /// Until when everything was heard here; `None` if there never was a connection.
    pub fn heard_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.connected_at.map(|_| now).or(self.lost_at)
    }

    /// Takes what came since this was asked last and deserves a call.
    pub fn take_news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }

    /// Takes up what earlier pages have kept, above everything, with a gap behind it. What they left
    /// waiting waits again. Returns the key of each record with the name that it has here; nothing
    /// has the name 0.
    pub fn take_up(&mut self, past: Settled) -> Vec<(MessageId, String)> {
        let is_empty = past.is_empty();
        let mut earlier = Earlier::new();
        let mut waiting = Vec::new();
        let mut seen: Arc<str> = Arc::default();
        let mut keys = Vec::with_capacity(past.records.len());
        for (key, record) in past.records {
            let id = match record {
                None => MessageId::default(),
                Some(Record::Gap { from, to }) => {
                    let id = self.next_id();
                    earlier.mark_gap(Gap { id, from, to });
                    id
                }
                Some(Record::Said(said)) => {
                    let id = self.next_id();
                    if said.sender != seen {
                        seen = said.sender.clone();
                        self.people.see(&seen);
                    }
                    if said.is_unsent() {
                        // Another page wrote it down; from here on it is this one's.
                        self.journal.message(&said.place, id);
                    }
                    match said.delivery {
                        Delivery::Waiting => waiting.push((id, said)),
                        _ => earlier.say(id, said),
                    }
                    id
                }
            };
            keys.push((id, key));
        }
        if !is_empty {
            self.mark_end_of_past(&mut earlier, past.until);
        }
        self.prepend(earlier);
        self.wait_again(waiting);
        keys
    }

    /// Between the past and the first connection messages may be missed.
    fn mark_end_of_past(&mut self, earlier: &mut Earlier, until: Timestamp) {
        let Some(to) = self.connected_at else {
            let lost_at = self.lost_at.map_or(until, |lost_at| lost_at.min(until));
            self.lost_at = Some(lost_at);
            return;
        };
        let id = self.next_id();
        let gap = Gap {
            id,
            from: until,
            to,
        };
        earlier.mark_gap(gap);
        self.journal.note(Note::Gap(gap));
    }

    fn prepend(&mut self, earlier: Earlier) {
        self.room.timeline.prepend(earlier.room.timeline);
        for conversation in earlier.private {
            let known = self
                .private
                .iter_mut()
                .find(|one| one.id == conversation.id);
            match known {
                Some(known) => known.timeline.prepend(conversation.timeline),
                None => self.private.push(conversation),
            }
        }
    }

    fn wait_again(&mut self, waiting: Vec<(MessageId, Said)>) {
        let mut first = Vec::with_capacity(waiting.len());
        for (id, said) in waiting {
            first.push(Outgoing {
                id,
                conversation: said.place.clone(),
                client_id: (self.names)(),
                text: said.text.as_ref().to_owned(),
            });
            let place = said.place.clone();
            self.conversation_mut(&place)
                .timeline
                .push(message(id, said));
        }
        self.outbox.push_first(first);
    }
}

/// The conversations of earlier pages.
struct Earlier {
    room: Conversation,
    /// The one with the newest message first.
    private: Vec<Conversation>,
}

impl Earlier {
    fn new() -> Earlier {
        Earlier {
            room: Conversation::new(ConversationId::Room),
            private: Vec::new(),
        }
    }

    fn say(&mut self, id: MessageId, said: Said) {
        let conversation = match said.place {
            ConversationId::Room => &mut self.room,
            ConversationId::With(_) => {
                let known = self.private.iter().position(|one| one.id == said.place);
                let at = known.unwrap_or_else(|| {
                    self.private.push(Conversation::new(said.place.clone()));
                    self.private.len() - 1
                });
                self.private[..=at].rotate_right(1);
                &mut self.private[0]
            }
        };
        conversation.timeline.push(message(id, said));
    }

    fn mark_gap(&mut self, gap: Gap) {
        self.room.timeline.mark_gap(gap);
        for conversation in &mut self.private {
            conversation.timeline.mark_gap(gap);
        }
    }
}

fn message(id: MessageId, said: Said) -> Message {
    Message {
        id,
        sender: said.sender,
        own: said.own,
        text: said.text,
        mention: said.mention,
        at: said.at,
        delivery: said.delivery,
        revision: 0,
    }
}

fn record(place: ConversationId, message: &Arc<Message>) -> Record {
    Record::Said(Said {
        place,
        sender: message.sender.clone(),
        own: message.own,
        text: message.text.clone(),
        mention: message.mention,
        at: message.at,
        delivery: message.delivery.clone(),
    })
}

#[cfg(test)]
mod tests;
