//! What was typed and not sent yet, kept by conversation for as long as the tab is there.

use super::Session;
use crate::chat::ConversationId;
use crate::platform::storage;

impl Session {
    /// What was typed in a conversation and not sent yet. It survives a reload and the way to the
    /// sign-in and back.
    pub(crate) fn draft(self, id: &ConversationId) -> String {
        storage::get(storage::session().as_ref(), &draft_key(id)).unwrap_or_default()
    }

    /// Keeps what is typed. A browser without storage keeps it in the field all the same.
    pub(crate) fn keep_draft(self, id: &ConversationId, text: &str) {
        let (session, key) = (storage::session(), draft_key(id));
        if text.is_empty() {
            storage::remove(session.as_ref(), &key);
        } else {
            storage::set(session.as_ref(), &key, text);
        }
    }
}

fn draft_key(id: &ConversationId) -> String {
    ["chat.draft:", &id.key()].concat()
}
