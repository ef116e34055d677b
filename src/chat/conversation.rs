//! The room, or the exchange with one person.

use std::sync::Arc;

use super::message::{Message, MessageId};
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

    /// The conversation as a text: `room`, or `user:` and a name. What belongs to it is kept under
    /// this key.
    pub fn key(&self) -> String {
        match self {
            ConversationId::Room => ROOM.to_owned(),
            ConversationId::With(name) => [USER, name].concat(),
        }
    }

    /// The conversation that has this key.
    pub fn of_key(key: &str) -> Option<ConversationId> {
        match key.strip_prefix(USER) {
            Some(name) => Some(ConversationId::With(name.into())),
            None => (key == ROOM).then_some(ConversationId::Room),
        }
    }
}

const ROOM: &str = "room";
const USER: &str = "user:";

/// A conversation and what this person has read of it.
#[derive(Debug)]
pub struct Conversation {
    /// Which one it is.
    pub id: ConversationId,
    /// What was said.
    pub timeline: Timeline,
    /// How many messages came while the person did not look.
    pub unread: usize,
    /// How many of those name this person.
    pub mentions: usize,
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
            mentions: 0,
            new_from: None,
            caught_up: true,
        }
    }

    /// A message of somebody else has come, and nobody looked.
    pub(super) fn missed(&mut self, message: &Message) {
        self.unread += 1;
        self.mentions += usize::from(message.mention);
        if std::mem::take(&mut self.caught_up) {
            self.new_from = Some(message.id);
        }
    }

    /// The person looks at the end.
    pub(super) fn seen(&mut self) {
        self.read();
        self.caught_up = true;
    }

    /// Nothing of it is unread any more.
    pub(super) fn read(&mut self) {
        self.unread = 0;
        self.mentions = 0;
    }
}
