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
