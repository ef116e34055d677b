//! What came and deserves that the person is called back to the page.

use super::conversation::ConversationId;
use super::message::Message;

/// True for what somebody else wrote to this person alone, or names them in.
pub fn deserves_notice(message: &Message, place: &ConversationId) -> bool {
    *place != ConversationId::Room || message.mention
}

/// Messages that came since somebody asked, most of them only counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// How many.
    pub count: usize,
    /// The newest of them, and where it stands.
    pub last: Option<(ConversationId, Message)>,
}

impl News {
    /// A message has come of somebody else, who is not ignored.
    pub(super) fn came(&mut self, message: &Message, place: &ConversationId) {
        if deserves_notice(message, place) {
            self.count += 1;
            self.last = Some((place.clone(), message.clone()));
        }
    }
}
