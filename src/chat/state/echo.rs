//! The echoes of own messages: which one belongs to which, and what it tells.

use std::sync::Arc;

use super::{Chat, Me};
use crate::chat::incoming::Incoming;
use crate::chat::message::Delivery;
use crate::chat::outbox::Outgoing;

impl Chat {
    /// The own message that `incoming` is the echo of.
    ///
    /// By the name that this page gave it, where the backend brings that back; else the oldest own
    /// one in the same place with the same sender and text. One echo stands for one message, so two equal
    /// texts stay two.
    pub(super) fn match_echo(&mut self, incoming: &Incoming) -> Option<Outgoing> {
        if let Some(client_id) = &incoming.client_id {
            // Whoever has seen the name of a message may use it again; the sender is the backend's
            // word.
            if self.confirmed && incoming.sender != self.me.name() {
                return None;
            }
            return self
                .outbox
                .match_echo(true, |own| own.client_id == *client_id);
        }
        if incoming.sender != self.me.name() {
            return None;
        }
        self.outbox.match_echo(false, |own| {
            let same_place = match own.conversation.recipient() {
                None => !incoming.private,
                Some(name) => incoming.private && name == incoming.sender,
            };
            same_place && own.text == incoming.text
        })
    }

    pub(super) fn confirm_echo(&mut self, own: &Outgoing, echo: &Incoming) {
        if own.conversation.recipient().is_some() && !echo.private {
            self.private_exposed = true;
        }
        if echo.client_id.is_some() {
            self.confirm_name(&echo.sender);
        }
        self.set_delivery(&own.conversation, own.id, Delivery::Sent);
    }

    /// What the backend puts on an own message is the name that others know this person by, and may
    /// be another one than the sign-in gave. Learnt once: it is what later echoes are known by.
    fn confirm_name(&mut self, sender: &str) {
        if self.confirmed || sender.is_empty() || self.me == Me::Anonymous {
            return;
        }
        self.confirmed = true;
        if sender == self.me.name() {
            return;
        }
        let name: Arc<str> = sender.into();
        self.room.timeline.rename_own(&name);
        for conversation in &mut self.private {
            conversation.timeline.rename_own(&name);
        }
        self.people.see(&name);
        self.me = Me::User(name);
    }
}
