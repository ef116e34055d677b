//! What has changed and is not kept on the device yet.

use super::conversation::ConversationId;
use super::message::MessageId;
use super::timeline::Gap;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// A message came, has come further, or is gone.
    Message(ConversationId, MessageId),
    /// A time without a connection is over.
    Gap(Gap),
}

impl Note {
    pub(super) fn id(&self) -> MessageId {
        match self {
            Note::Message(_, id) => *id,
            Note::Gap(gap) => gap.id,
        }
    }
}

/// The changes since somebody asked, in their order. Nothing is noted before somebody wants it.
#[derive(Debug, Default)]
pub(super) struct Journal(Option<Vec<Note>>);

impl Journal {
    pub(super) fn begin(&mut self) {
        self.0.get_or_insert_default();
    }

    pub(super) fn end(&mut self) {
        self.0 = None;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(Vec::is_empty)
    }

    pub(super) fn note(&mut self, note: Note) {
        if let Some(notes) = &mut self.0 {
            notes.push(note);
        }
    }

    pub(super) fn message(&mut self, place: &ConversationId, id: MessageId) {
        if self.0.is_some() {
            self.note(Note::Message(place.clone(), id));
        }
    }

    /// The last note about each message, in their order.
    pub(super) fn take(&mut self) -> Vec<Note> {
        let notes = self.0.as_mut().map(std::mem::take).unwrap_or_default();
        let mut latest: Vec<(MessageId, usize)> = Vec::with_capacity(notes.len());
        latest.extend(notes.iter().enumerate().map(|(at, note)| (note.id(), at)));
        latest.sort_unstable();
        let is_latest = |at: usize, id: MessageId| {
            let next = latest.partition_point(|one| *one <= (id, at));
            latest.get(next).is_none_or(|(other, _)| *other != id)
        };
        let mut at = 0;
        let mut notes = notes;
        notes.retain(|note| {
            at += 1;
            is_latest(at - 1, note.id())
        });
        notes
    }
}
