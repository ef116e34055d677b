//! The room, or the exchange with one person.

use std::sync::Arc;

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
    /// How many messages came while another conversation was open.
    pub unread: usize,
}

impl Conversation {
    pub(super) fn new(id: ConversationId) -> Conversation {
        Conversation {
            id,
            timeline: Timeline::default(),
            unread: 0,
        }
    }
}
