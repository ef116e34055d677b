//! What was typed and not sent yet, kept by conversation for as long as the tab is there.

use leptos::prelude::*;

use super::Session;
use crate::chat::ConversationId;
use crate::platform::storage;

impl Session {
    /// What was typed in a conversation and not sent yet. It survives a reload and the way to the
    /// sign-in and back.
    pub(crate) fn draft(self, id: &ConversationId) -> String {
        let key = draft_key(id);
        let unkept = self.parts.with_value(|parts| {
            let unkept = parts.unkept_drafts.iter().find(|one| one.0 == key);
            unkept.map(|one| one.1.clone())
        });
        unkept
            .or_else(|| storage::get(storage::session().as_ref(), &key))
            .unwrap_or_default()
    }

    /// Keeps what is typed. Where the browser keeps nothing, or has no room, it is kept for as long as
    /// the page is there.
    pub(crate) fn keep_draft(self, id: &ConversationId, text: &str) {
        let (session, key) = (storage::session(), draft_key(id));
        let kept = if text.is_empty() {
            storage::remove(session.as_ref(), &key);
            true
        } else {
            storage::set(session.as_ref(), &key, text)
        };
        self.parts.update_value(|parts| {
            parts.unkept_drafts.retain(|one| one.0 != key);
            if !kept {
                parts.unkept_drafts.push((key, text.to_owned()));
            }
        });
    }
}

fn draft_key(id: &ConversationId) -> String {
    ["chat.draft:", &id.key()].concat()
}
