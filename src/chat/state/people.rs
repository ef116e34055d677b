//! The people of a chat: who was seen, who is named in a text, who is ignored.

use std::sync::Arc;

use super::{Chat, Me};
use crate::chat::conversation::ConversationId;
use crate::chat::fold;
use crate::chat::ignored::{Ignored, Measure};
use crate::chat::markup;
use crate::chat::message::Message;
use crate::chat::people::People;
use crate::chat::timeline::Entry;

impl Chat {
    /// Who was seen, this person included.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Who is ignored.
    pub fn ignored(&self) -> &Ignored {
        &self.ignored
    }

    /// Compares the looks of names in their compatibility form, which `normal` makes.
    pub fn normalize_names_with(&mut self, normal: fn(&str) -> String) {
        self.people.normalize_with(normal);
    }

    /// Takes up what this device knows of whom the person ignores.
    pub fn take_up_ignored(&mut self, ignored: Ignored) {
        self.ignored = ignored;
    }

    /// Takes a measure against `name`, or takes it back. What they said is drawn anew, and nothing
    /// of what they wrote privately is unread any more.
    pub fn ignore(&mut self, name: &str, measure: Measure, taken: bool) {
        self.ignored.set(name, measure, taken);
        self.room.timeline.redraw(name);
        for conversation in &mut self.private {
            conversation.timeline.redraw(name);
            if taken && conversation.id.recipient() == Some(name) {
                conversation.read();
            }
        }
    }

    /// True if `name` was typed for somebody who was seen, or for this person.
    pub fn is_somebody(&self, name: &str) -> bool {
        self.is_me(name) || self.people.find(name).is_some()
    }

    /// True if `name` was typed for this person, whatever its case.
    pub fn is_me(&self, name: &str) -> bool {
        match &self.me {
            Me::Anonymous => false,
            Me::User(me) => fold::same(me, name),
        }
    }

    /// True if `text` mentions this person.
    pub(super) fn names_me(&self, text: &str) -> bool {
        markup::mentions(text, &|name| self.is_somebody(name), &|name| {
            self.is_me(name)
        })
    }

    /// The newest message that this person wrote in a conversation.
    pub fn last_own(&self, id: &ConversationId) -> Option<&Arc<Message>> {
        let timeline = &self.conversation(id)?.timeline;
        let newest_first = (0..timeline.len()).rev();
        newest_first
            .filter_map(|at| timeline.get(at))
            .find_map(|entry| match entry {
                Entry::Message(message) if message.own => Some(message),
                _ => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Heard, Incoming, Timestamp};

    fn alice() -> Chat {
        Chat::new(Me::User("alice".into()), || "name".to_owned())
    }

    fn hear(chat: &mut Chat, sender: &str, private: bool, text: &str) {
        let incoming = Incoming {
            sender: sender.into(),
            text: text.into(),
            private,
            ..Incoming::default()
        };
        chat.receive(incoming, Timestamp(1));
    }

    #[test]
    fn a_message_that_names_this_person_counts_as_a_mention() {
        let mut chat = alice();
        chat.open_conversation(ConversationId::With("bob".into()));
        for text in [
            "hi @Alice!",
            "hi alice",
            "`@alice`",
            "hi @alicia",
            "@alice: yes",
        ] {
            hear(&mut chat, "carol", false, text);
        }
        hear(&mut chat, "alice", false, "@alice, from another device");
        assert_eq!((chat.room().unread, chat.room().mentions), (5, 2));
        chat.open_conversation(ConversationId::Room);
        assert_eq!((chat.room().unread, chat.room().mentions), (0, 0));
        chat.watch(false);
        hear(&mut chat, "carol", false, "@alice");
        assert_eq!(chat.room().mentions, 1, "while the page is behind others");
        chat.watch(true);
        assert_eq!(chat.room().mentions, 0);
    }

    #[test]
    fn nothing_is_heard_of_somebody_who_is_ignored() {
        for measure in [Measure::Mute, Measure::Hide] {
            let mut chat = alice();
            let bob = ConversationId::With("bob".into());
            hear(&mut chat, "bob", true, "@alice");
            chat.take_heard();
            chat.ignore("bob", measure, true);
            assert_eq!(chat.conversation(&bob).unwrap().unread, 0);
            hear(&mut chat, "bob", true, "@alice");
            hear(&mut chat, "bob", false, "@alice");
            assert_eq!(chat.take_heard(), Heard::default());
            let conversation = chat.conversation(&bob).unwrap();
            assert_eq!((conversation.unread, conversation.mentions), (0, 0));
            assert_eq!(conversation.timeline.message_count(), 2, "it is there");
            chat.ignore("bob", measure, false);
            hear(&mut chat, "bob", true, "again");
            assert_eq!(chat.conversation(&bob).unwrap().unread, 1);
            assert_eq!(chat.take_heard().count, 1);
        }
    }

    #[test]
    fn what_somebody_said_is_drawn_anew_when_they_are_hidden() {
        let mut chat = alice();
        for sender in ["carol", "bob", "carol"] {
            hear(&mut chat, sender, false, "hi");
        }
        chat.take_changes(&ConversationId::Room);
        chat.ignore("bob", Measure::Hide, true);
        let changes = chat.take_changes(&ConversationId::Room);
        assert_eq!((changes.from, changes.moved_from), (1, usize::MAX));
    }

    #[test]
    fn the_last_own_message_is_called_back() {
        let mut chat = alice();
        let room = ConversationId::Room;
        assert!(chat.last_own(&room).is_none());
        chat.compose(&room, "mine", Timestamp(1)).unwrap();
        hear(&mut chat, "bob", false, "theirs");
        let bob = ConversationId::With("bob".into());
        chat.compose(&bob, "elsewhere", Timestamp(2)).unwrap();
        assert_eq!(&*chat.last_own(&room).unwrap().text, "mine");
    }
}
