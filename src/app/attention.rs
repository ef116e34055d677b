//! [`Attention`]: when to call the person back to the page, and how loudly.

use crate::chat::{ConversationId, News};

/// A call rests for so many milliseconds: nobody can read one a message in a burst.
pub const REST: u64 = 3_000;

/// The most letters of a message in a call.
const LETTERS: usize = 200;

/// What to call with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The conversation to open.
    pub place: ConversationId,
    /// Who wrote.
    pub sender: String,
    /// The beginning of what they wrote.
    pub text: String,
    /// How many messages came since the last call.
    pub count: usize,
}

/// What was shown of the unread messages, and whether this page is the one that calls.
///
/// ```
/// use serverless_chat::app::attention::Attention;
///
/// let mut attention = Attention::default();
/// assert_eq!(attention.unread(3, false), Some(3));
/// assert_eq!(attention.unread(3, false), None, "it is shown already");
/// assert_eq!(attention.unread(3, true), Some(0), "they look");
/// ```
#[derive(Debug, Default)]
pub struct Attention {
    /// How many times over it holds what makes it the one that calls: it may take that from itself.
    leads: usize,
    shown: usize,
    called_at: Option<u64>,
    held: News,
}

impl Attention {
    /// Of several pages of one person, this one is to call from now on, or not any more.
    pub fn lead(&mut self, leads: bool) {
        self.leads = match leads {
            true => self.leads + 1,
            false => self.leads.saturating_sub(1),
        };
    }

    /// True if this page is the one that calls.
    pub fn leads(&self) -> bool {
        self.leads > 0
    }

    /// The number to show beside the page's name, if it is another one than before; 0 for none.
    pub fn unread(&mut self, unread: usize, looked_at: bool) -> Option<usize> {
        let count = if looked_at { 0 } else { unread };
        (std::mem::replace(&mut self.shown, count) != count).then_some(count)
    }

    /// Takes what came, and says whether to call. Then this is to be asked again, with nothing new,
    /// when the call has rested.
    pub fn came(&mut self, news: News, looked_at: bool, now: u64) -> Option<Call> {
        if looked_at || !self.leads() {
            self.held = News::default();
            self.called_at = None;
            return None;
        }
        self.held.count += news.count;
        self.held.last = news.last.or(self.held.last.take());
        let rests = self
            .called_at
            .is_some_and(|at| now >= at && now - at < REST);
        if rests {
            return None;
        }
        let News { count, last } = std::mem::take(&mut self.held);
        let (place, message) = last?;
        self.called_at = Some(now);
        Some(Call {
            place,
            sender: message.sender.as_ref().to_owned(),
            text: message.text.chars().take(LETTERS).collect(),
            count,
        })
    }
}

/// The page's icon with a dot on it; `None` if it is no picture that is written in the address.
///
/// ```
/// use serverless_chat::app::attention::with_dot;
///
/// let icon = "data:image/svg+xml,%3Csvg viewBox='0 0 24 24'%3E%3C/svg%3E";
/// assert!(with_dot(icon).unwrap().contains("circle"));
/// assert_eq!(with_dot("icon.png"), None);
/// ```
pub fn with_dot(icon: &str) -> Option<String> {
    const END: &str = "%3C/svg%3E";
    const DOT: &str = "%3Ccircle cx='18' cy='6' r='6' fill='%23e5484d'/%3E";
    let start = icon.strip_suffix(END)?;
    Some([start, DOT, END].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Chat, Incoming, Me, Timestamp};

    fn news(count: usize) -> News {
        let mut chat = Chat::new(Me::User("alice".into()), || "name".into());
        for number in 1..=count {
            let incoming = Incoming {
                sender: "bob".into(),
                text: number.to_string(),
                private: true,
                ..Incoming::default()
            };
            chat.receive(incoming, Timestamp(1));
        }
        chat.take_news()
    }

    fn leading() -> Attention {
        let mut attention = Attention::default();
        attention.lead(true);
        attention
    }

    #[test]
    fn a_person_who_does_not_look_is_called() {
        let call = leading().came(news(1), false, 5).unwrap();
        assert_eq!(call.place, ConversationId::With("bob".into()));
        assert_eq!((call.sender.as_str(), call.text.as_str()), ("bob", "1"));
        assert_eq!(leading().came(news(0), false, 5), None, "nothing came");
    }

    #[test]
    fn whoever_looks_is_left_alone() {
        let mut attention = leading();
        assert_eq!(attention.came(news(2), true, 5), None);
        let call = attention.came(news(1), false, 6).unwrap();
        assert_eq!(call.count, 1, "the others were seen");
        attention.came(news(0), true, 7);
        assert!(attention.came(news(1), false, 8).is_some(), "a new absence");
    }

    #[test]
    fn one_page_calls() {
        let mut attention = Attention::default();
        assert_eq!(attention.came(news(1), false, 5), None);
        attention.lead(true);
        // Taken from itself: the new hold may come before the old one ends.
        attention.lead(true);
        attention.lead(false);
        assert!(attention.came(news(1), false, 6).is_some());
        attention.lead(false);
        assert_eq!(attention.came(news(1), false, 60_000), None);
    }

    #[test]
    fn a_burst_is_one_call_and_one_more_when_it_has_rested() {
        let mut attention = leading();
        assert!(attention.came(news(1), false, 10_000).is_some());
        for now in [10_001, 10_500, 12_999] {
            assert_eq!(attention.came(news(2), false, now), None);
        }
        let call = attention.came(news(0), false, 13_000).unwrap();
        assert_eq!((call.count, call.text.as_str()), (6, "2"), "the newest");
        assert_eq!(attention.came(news(0), false, 16_000), None, "all was told");
        assert!(
            attention.came(news(1), false, 5_000).is_some(),
            "the clock was set back"
        );
    }

    #[test]
    fn a_call_is_short() {
        let mut chat = Chat::new(Me::User("alice".into()), || "name".into());
        let incoming = Incoming {
            sender: "bob".into(),
            text: "ä".repeat(10_000),
            private: true,
            ..Incoming::default()
        };
        chat.receive(incoming, Timestamp(1));
        let call = leading().came(chat.take_news(), false, 5).unwrap();
        assert_eq!(call.text.chars().count(), LETTERS);
    }
}
