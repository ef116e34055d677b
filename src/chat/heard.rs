//! What came and is to be said aloud, for somebody who does not see it come.
//!
//! That is what others said in the open conversation, and what they said privately anywhere.

use std::sync::Arc;

use super::message::Message;

/// Messages that came, most of them only counted: in a burst nobody can listen to each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How many.
    pub count: usize,
    /// The newest of them.
    pub last: Option<Spoken>,
}

/// A message to be said aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Who said it; empty for somebody who is not signed in.
    pub sender: Arc<str>,
    /// What they said.
    pub text: Arc<str>,
    /// True if they said it in a private conversation that is not open.
    pub elsewhere: bool,
}

impl Heard {
    pub(super) fn add(&mut self, message: &Message, elsewhere: bool) {
        self.count += 1;
        self.last = Some(Spoken {
            sender: message.sender.clone(),
            text: message.text.clone(),
            elsewhere,
        });
    }

    /// Puts what came later to this.
    pub fn and(&mut self, later: Heard) {
        self.count += later.count;
        self.last = later.last.or(self.last.take());
    }
}
