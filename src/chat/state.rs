//! [`Chat`]: the conversations, the outbox, and the rules between them.

use std::sync::Arc;

use super::conversation::{Conversation, ConversationId};
use super::heard::Heard;
use super::ignored::Ignored;
use super::incoming::Incoming;
use super::journal::{Journal, Note};
use super::message::{Delivery, Failure, Message, MessageId, Timestamp};
use super::news::News;
use super::outbox::{Outbox, Outgoing};
use super::people::People;
use super::repeats::Repeats;
use super::timeline::{Changes, Gap};

/// The longest text that is accepted, in bytes of UTF-8.
///
/// The service takes REST bodies up to 1 MB and bills in units of 2 KB; this stays well clear of
/// the first and is more than anybody types.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// Who is typing here, as far as the chat is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Me {
    /// Nobody is signed in: everybody is the same empty sender, and nobody can be written to alone.
    Anonymous,
    /// Signed in under this user name, which the backend puts on messages as `sender`.
    User(Arc<str>),
}

impl Me {
    fn name(&self) -> &str {
        match self {
            Me::Anonymous => "",
            Me::User(name) => name,
        }
    }
}

/// Why a text was not taken. It stays with the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComposeError {
    /// There is nothing in it but white space.
    Empty,
    /// It is longer than [`MAX_TEXT_BYTES`]; this is its length in bytes.
    TooLong(usize),
    /// A private message was typed while nobody is signed in, or to nobody: the backend could not
    /// address it, and some would show it to everybody.
    NoRecipient,
}

/// Everything that was said and is about to be said.
///
/// ```
/// use serverless_chat::chat::{Chat, ConversationId, Me, Timestamp};
///
/// let random_name = || "unguessable".to_owned();
/// let mut chat = Chat::new(Me::User("alice".into()), random_name);
/// chat.compose(&ConversationId::Room, "hello", Timestamp(1)).unwrap();
/// let outgoing = chat.next_outgoing().unwrap();
/// assert_eq!(outgoing.text, "hello");
/// chat.accepted(outgoing.id);
/// assert_eq!(chat.room().timeline.message_count(), 1);
/// ```
#[derive(Debug)]
pub struct Chat {
    me: Me,
    /// True once an echo has shown that others see `me` as the sender.
    confirmed: bool,
    /// Names each message that leaves, so that its echo is never taken for somebody else's message.
    names: fn() -> String,
    ids: u64,
    room: Conversation,
    private: Vec<Conversation>,
    open: ConversationId,
    /// The person looks at the end of the open conversation.
    watched: bool,
    heard: Heard,
    repeats: Repeats,
    outbox: Outbox,
    /// Since when there is no connection; `None` while there is one, or before the first.
    lost_at: Option<Timestamp>,
    /// Since when there is a connection.
    connected_at: Option<Timestamp>,
    private_exposed: bool,
    journal: Journal,
    news: News,
    people: People,
    ignored: Ignored,
}

impl Chat {
    /// An empty chat for `me`. `names` gives a name that nobody else has and nobody can guess, each
    /// time another one: everybody sees those of public messages, and must not be able to tell the
    /// next by the last.
    pub fn new(me: Me, names: fn() -> String) -> Chat {
        let mut people = People::default();
        if let Me::User(name) = &me {
            people.see(name);
        }
        Chat {
            me,
            confirmed: false,
            names,
            ids: 0,
            room: Conversation::new(ConversationId::Room),
            private: Vec::new(),
            open: ConversationId::Room,
            watched: true,
            heard: Heard::default(),
            repeats: Repeats::default(),
            outbox: Outbox::default(),
            lost_at: None,
            connected_at: None,
            private_exposed: false,
            journal: Journal::default(),
            news: News::default(),
            people,
            ignored: Ignored::default(),
        }
    }

    /// Who is typing here.
    pub fn me(&self) -> &Me {
        &self.me
    }

    /// The public room.
    pub fn room(&self) -> &Conversation {
        &self.room
    }

    /// The private conversations, the one with the newest message first.
    pub fn private(&self) -> &[Conversation] {
        &self.private
    }

    /// The conversation called `id`, if it exists.
    pub fn conversation(&self, id: &ConversationId) -> Option<&Conversation> {
        match id {
            ConversationId::Room => Some(&self.room),
            ConversationId::With(_) => self
                .private
                .iter()
                .find(|conversation| conversation.id == *id),
        }
    }

    /// The conversation that the person looks at.
    pub fn open(&self) -> &Conversation {
        self.conversation(&self.open).unwrap_or(&self.room)
    }

    /// True when a private message can be sent to `name`: both sides need one, and the backend
    /// must have kept private messages private so far.
    pub fn can_write_to(&self, name: &str) -> bool {
        matches!(self.me, Me::User(_)) && !name.is_empty() && !self.private_exposed
    }

    /// True once a private message of this person came back as a broadcast: this backend ignores
    /// `recipient` and shows private messages to everybody.
    pub fn private_exposed(&self) -> bool {
        self.private_exposed
    }

    /// Opens a conversation, makes it if it is new, and counts it as read.
    pub fn open_conversation(&mut self, id: ConversationId) {
        if self.open != id {
            let left = self.conversation_mut(&self.open.clone());
            left.new_from = None;
            left.caught_up = true;
        }
        self.conversation_mut(&id).read();
        self.open = id;
    }

    /// The person looks at the end of the open conversation, or does not: they read further up, or
    /// the page is behind others.
    pub fn watch(&mut self, watched: bool) {
        self.watched = watched;
        if watched {
            self.conversation_mut(&self.open.clone()).seen();
        }
    }

    /// What came since this was asked last and is to be said aloud.
    pub fn take_heard(&mut self) -> Heard {
        std::mem::take(&mut self.heard)
    }

    /// What has changed in the conversation called `id` since this was asked last.
    pub fn take_changes(&mut self, id: &ConversationId) -> Changes {
        self.conversation_mut(id).timeline.take_changes()
    }

    /// Takes a text that the person typed. It waits in the outbox until [`Chat::next_outgoing`].
    ///
    /// # Errors
    /// The text is not taken, and has to stay where it was typed.
    pub fn compose(
        &mut self,
        to: &ConversationId,
        text: &str,
        now: Timestamp,
    ) -> Result<MessageId, ComposeError> {
        if text.trim().is_empty() {
            return Err(ComposeError::Empty);
        }
        if text.len() > MAX_TEXT_BYTES {
            return Err(ComposeError::TooLong(text.len()));
        }
        if to.recipient().is_some_and(|name| !self.can_write_to(name)) {
            return Err(ComposeError::NoRecipient);
        }
        let id = self.next_id();
        let sender = self.me.name().into();
        let message = Message {
            id,
            sender,
            own: true,
            text: text.into(),
            mention: false,
            at: now,
            delivery: Delivery::Waiting,
            revision: 0,
        };
        let conversation = self.conversation_mut(to);
        conversation.timeline.push(message);
        // Whoever answers has read.
        conversation.new_from = None;
        self.raise(to);
        self.enqueue(to.clone(), id, text.to_owned());
        Ok(id)
    }

    /// Takes what the hub delivered.
    pub fn receive(&mut self, incoming: Incoming, now: Timestamp) {
        if self.repeats.has(&incoming) {
            return;
        }
        if let Some(own) = self.match_echo(&incoming) {
            self.confirm_echo(&own, &incoming);
            return;
        }
        let mine = !incoming.sender.is_empty() && incoming.sender == self.me.name();
        let place = match incoming.private {
            false => ConversationId::Room,
            // Sent from another tab or device of this person, by a backend that copies it back.
            true if mine => ConversationId::With(
                incoming
                    .recipient
                    .as_deref()
                    .unwrap_or(&incoming.sender)
                    .into(),
            ),
            true => ConversationId::With(incoming.sender.as_str().into()),
        };
        let sender: Arc<str> = incoming.sender.into();
        self.people.see(&sender);
        let mention = !mine && self.names_me(&incoming.text);
        let counts = !mine && !self.ignored.is_quiet(&sender);
        let message = Message {
            id: self.next_id(),
            sender,
            own: mine,
            text: incoming.text.into(),
            mention,
            at: now,
            delivery: Delivery::Received,
            revision: 0,
        };
        let is_open = self.open == place;
        let looked_at = is_open && self.watched;
        if counts && (is_open || incoming.private) {
            self.heard.add(&message, !is_open);
        }
        if counts {
            self.news.came(&message, &place);
        }
        self.journal.message(&place, message.id);
        let conversation = self.conversation_mut(&place);
        if !looked_at && counts {
            conversation.missed(&message);
        }
        conversation.timeline.receive(message);
        self.raise(&place);
    }

    /// The next message to post, unless one is on its way already. It counts as leaving now.
    ///
    /// Its outcome must be reported with [`Chat::accepted`] or [`Chat::failed`].
    pub fn next_outgoing(&mut self) -> Option<Outgoing> {
        let outgoing = self.outbox.next()?.clone();
        self.set_delivery(&outgoing.conversation, outgoing.id, Delivery::Sending);
        Some(outgoing)
    }

    /// The backend answered the POST of `id` with a 2xx status.
    pub fn accepted(&mut self, id: MessageId) {
        if let Some((place, _)) = self.outbox.answered(id, true) {
            self.set_delivery(&place, id, Delivery::Sent);
        }
    }

    /// The POST of `id` failed. The text stays, unless the hub already showed that it arrived.
    pub fn failed(&mut self, id: MessageId, failure: Failure) {
        if let Some((place, false)) = self.outbox.answered(id, failure.ambiguous) {
            self.set_delivery(&place, id, Delivery::Failed(failure));
        }
    }

    /// The person wants a failed message to be sent again. It goes to the end of the outbox and of
    /// its conversation, since that is where everybody else will see it. False if it did not fail.
    pub fn retry(&mut self, id: MessageId, now: Timestamp) -> bool {
        let Some(place) = self.failed_place(id) else {
            return false;
        };
        let timeline = &mut self.conversation_mut(&place).timeline;
        let Some(message) = timeline.remove(id) else {
            return false;
        };
        let text = message.text.as_ref().to_owned();
        let revision = message.revision + 1;
        timeline.push(Message {
            at: now,
            delivery: Delivery::Waiting,
            revision,
            ..Arc::unwrap_or_clone(message)
        });
        self.enqueue(place, id, text);
        true
    }

    /// The person gives up a message that failed or still waits. Returns its text, for a draft to
    /// take it up; `None` if it already left.
    pub fn delete(&mut self, id: MessageId) -> Option<Arc<str>> {
        let place = self.place_of(id)?;
        if self.failed_place(id).is_none() && !self.outbox.cancel(id) {
            return None;
        }
        // If it arrived all the same, it is shown as what others see.
        self.outbox.expect_no_echo(id);
        self.journal.message(&place, id);
        let message = self.conversation_mut(&place).timeline.remove(id)?;
        Some(message.text.clone())
    }

    /// The connection was lost: from here on messages may be missed.
    pub fn disconnected(&mut self, now: Timestamp) {
        self.lost_at.get_or_insert(now);
        self.connected_at = None;
        self.outbox.lose_echoes();
    }

    /// There is a connection, for the first time or again. After an outage every conversation gets
    /// a gap.
    pub fn connected(&mut self, now: Timestamp) {
        self.connected_at = Some(now);
        let Some(from) = self.lost_at.take() else {
            return;
        };
        let gap = Gap {
            id: self.next_id(),
            from,
            to: now,
        };
        self.journal.note(Note::Gap(gap));
        self.room.timeline.mark_gap(gap);
        for conversation in &mut self.private {
            conversation.timeline.mark_gap(gap);
        }
    }

    fn next_id(&mut self) -> MessageId {
        self.ids += 1;
        MessageId(self.ids)
    }

    fn enqueue(&mut self, conversation: ConversationId, id: MessageId, text: String) {
        self.journal.message(&conversation, id);
        self.outbox.push(Outgoing {
            id,
            conversation,
            client_id: (self.names)(),
            text,
        });
    }

    fn set_delivery(&mut self, place: &ConversationId, id: MessageId, delivery: Delivery) {
        self.journal.message(place, id);
        self.conversation_mut(place)
            .timeline
            .set_delivery(id, delivery);
    }

    /// Where the message called `id` stands, if it is still held.
    pub fn place_of(&self, id: MessageId) -> Option<ConversationId> {
        let mut all = std::iter::once(&self.room).chain(&self.private);
        all.find(|conversation| conversation.timeline.find(id).is_some())
            .map(|conversation| conversation.id.clone())
    }

    fn failed_place(&self, id: MessageId) -> Option<ConversationId> {
        let place = self.place_of(id)?;
        let message = self.conversation(&place)?.timeline.find(id)?;
        matches!(message.delivery, Delivery::Failed(_)).then_some(place)
    }

    fn conversation_mut(&mut self, id: &ConversationId) -> &mut Conversation {
        if *id == ConversationId::Room {
            return &mut self.room;
        }
        let found = self
            .private
            .iter()
            .position(|conversation| conversation.id == *id);
        let index = found.unwrap_or_else(|| {
            self.private.insert(0, Conversation::new(id.clone()));
            0
        });
        &mut self.private[index]
    }

    /// Puts a private conversation in which something was said on top of the list.
    fn raise(&mut self, id: &ConversationId) {
        if let Some(index) = self
            .private
            .iter()
            .position(|conversation| conversation.id == *id)
        {
            self.private[..=index].rotate_right(1);
        }
    }
}

mod echo;
mod past;
mod people;
#[cfg(test)]
mod tests;
