//! [`Aloud`]: what a screen reader says of what comes, and when.
//!
//! A message is one sentence. What comes while that is said is counted, and said as one sentence
//! more: a reader that is given a sentence a message falls behind for minutes.

use crate::chat::{Heard, Spoken};

/// What is to be said now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// One message.
    Message(Spoken),
    /// So many came.
    Several(usize),
}

/// Gathers what came, and says when.
///
/// ```
/// use serverless_chat::chat::{Heard, Spoken};
/// use serverless_chat::ui::aloud::{Aloud, Say};
///
/// let last = Spoken { sender: "bob".into(), text: "hi".into(), elsewhere: false };
/// let heard = || Heard { count: 1, last: Some(last.clone()) };
/// let mut aloud = Aloud::default();
/// assert_eq!(aloud.came(heard()), Some(Say::Message(last.clone())));
/// assert_eq!(aloud.came(heard()), None, "the first is still being said");
/// assert_eq!(aloud.came(heard()), None);
/// assert_eq!(aloud.rested(), Some(Say::Several(2)));
/// assert_eq!(aloud.rested(), None);
/// assert!(aloud.came(heard()).is_some(), "nothing is being said");
/// ```
#[derive(Debug, Default)]
pub struct Aloud {
    busy: bool,
    waiting: Heard,
}

impl Aloud {
    /// Takes what came. Returns what to say of it at once; then [`Aloud::rested`] is to be called
    /// after a while, until there is nothing more to say.
    pub fn came(&mut self, heard: Heard) -> Option<Say> {
        self.waiting.and(heard);
        if self.busy { None } else { self.next() }
    }

    /// What was said last had its time. Returns what to say now.
    pub fn rested(&mut self) -> Option<Say> {
        self.next()
    }

    fn next(&mut self) -> Option<Say> {
        let Heard { count, last } = std::mem::take(&mut self.waiting);
        let say = match (count, last) {
            (0, _) => None,
            (1, Some(one)) => Some(Say::Message(one)),
            (several, _) => Some(Say::Several(several)),
        };
        self.busy = say.is_some();
        say
    }
}
