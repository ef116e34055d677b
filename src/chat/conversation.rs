//! The room, or the exchange with one person.

use std::sync::Arc;

use super::message::MessageId;
use super::timeline::Timeline;

/// Which conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConversationId {
    /// The public room, which everybody reads.
    Room,
    /// The private conversation with this user name, compared letter by letter as the service does.
    With(Arc<str>),
}

impl ConversationId {
    /// The user name that a message in this conversation is addressed to; `None` for everybody.
    pub fn recipient(&self) -> Option<&str> {
        match self {
            ConversationId::Room => None,
            ConversationId::With(name) => Some(name),
        }
    }
}

/// A conversation and what this person has read of it.
#[derive(Debug)]
pub struct Conversation {
    /// Which one it is.
    pub id: ConversationId,
    /// What was said.
    pub timeline: Timeline,
    /// How many messages came while the person did not look.
    pub unread: usize,
    /// The first message that came after the person looked away: where they left.
    pub new_from: Option<MessageId>,
    /// True when the person has seen the end since [`Conversation::new_from`] was chosen.
    pub(super) caught_up: bool,
}

impl Conversation {
    pub(super) fn new(id: ConversationId) -> Conversation {
        Conversation {
            id,
            timeline: Timeline::default(),
            unread: 0,
            new_from: None,
            caught_up: true,
        }
    }

    /// A message of somebody else has come, and nobody looked.
    pub(super) fn missed(&mut self, id: MessageId) {
        self.unread += 1;
        if std::mem::take(&mut self.caught_up) {
            self.new_from = Some(id);
        }
    }

    /// The person looks at the end.
    pub(super) fn seen(&mut self) {
        self.unread = 0;
        self.caught_up = true;
    }
}
