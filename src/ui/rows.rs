//! Which rows a timeline shows: messages in groups, days and gaps.

use std::sync::Arc;

use crate::chat::{Entry, Gap, Message, MessageId, Timeline, Timestamp};

/// Messages of one person that follow each other within this many milliseconds share one head.
const GROUP_MS: u64 = 5 * 60 * 1000;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The first message of a day follows.
    Day {
        /// The message that follows: with it, the row is named apart from every other even when
        /// this device's clock is set back to a day that is there already.
        first: MessageId,
        /// A time in that day.
        at: Timestamp,
    },
    /// Messages may have been missed here.
    Gap(Gap),
    /// A message.
    Message {
        /// What was said.
        message: Arc<Message>,
        /// True if the sender's name goes above it.
        opens_group: bool,
    },
}

impl Row {
    /// What the row is drawn from: rows with the same key look the same, so one that is on the
    /// page already can stay.
    pub fn key(&self) -> (u64, u32) {
        match self {
            Row::Day { first, .. } => (first.0, u32::MAX),
            Row::Gap(gap) => (gap.id.0, u32::MAX - 1),
            Row::Message {
                message,
                opens_group,
            } => (message.id.0, message.revision * 2 + u32::from(*opens_group)),
        }
    }
}

/// The rows from the entry with index `start` to the end of `timeline`.
///
/// `day_of` numbers the days of the person's own time zone.
pub fn rows(timeline: &Timeline, start: usize, day_of: impl Fn(Timestamp) -> i64) -> Vec<Row> {
    let mut rows = Vec::with_capacity(timeline.len().saturating_sub(start) + 1);
    let mut day_before = None;
    let mut before: Option<&Message> = None;
    for entry in (start..timeline.len()).filter_map(|index| timeline.get(index)) {
        match entry {
            Entry::Gap(gap) => {
                rows.push(Row::Gap(*gap));
                before = None;
            }
            Entry::Message(message) => {
                let day = day_of(message.at);
                if day_before.replace(day) != Some(day) {
                    rows.push(Row::Day {
                        first: message.id,
                        at: message.at,
                    });
                    before = None;
                }
                let opens_group = before.is_none_or(|before| !same_group(before, message));
                rows.push(Row::Message {
                    message: message.clone(),
                    opens_group,
                });
                before = Some(message);
            }
        }
    }
    rows
}

fn same_group(before: &Message, message: &Message) -> bool {
    before.sender == message.sender
        && before.own == message.own
        && message.at.since(before.at) < GROUP_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Chat, Incoming, Me};

    const DAY: u64 = 24 * 60 * 60 * 1000;

    fn drawn(chat: &Chat, start: usize) -> Vec<String> {
        let rows = rows(&chat.room().timeline, start, |at| (at.0 / DAY) as i64);
        let draw = |row: &Row| match row {
            Row::Day { at, .. } => format!("day {}", at.0 / DAY),
            Row::Gap(_) => "gap".to_owned(),
            Row::Message {
                message,
                opens_group: true,
            } => {
                format!("{}: {}", message.sender, message.text)
            }
            Row::Message { message, .. } => format!("+ {}", message.text),
        };
        rows.iter().map(draw).collect()
    }

    fn chat(said: &[(&str, &str, u64)]) -> Chat {
        let mut chat = Chat::new(Me::User("me".into()), || "name".to_owned());
        for (sender, text, at) in said {
            let incoming = Incoming {
                sender: (*sender).into(),
                text: (*text).into(),
                ..Incoming::default()
            };
            chat.receive(incoming, Timestamp(*at));
        }
        chat
    }

    #[test]
    fn a_head_stands_where_the_sender_or_the_time_changes() {
        let chat = chat(&[
            ("bob", "1", 0),
            ("bob", "2", GROUP_MS - 1),
            ("bob", "3", 2 * GROUP_MS - 1),
            ("carol", "4", 2 * GROUP_MS),
        ]);
        assert_eq!(
            drawn(&chat, 0),
            ["day 0", "bob: 1", "+ 2", "bob: 3", "carol: 4"]
        );
        assert_eq!(
            drawn(&chat, 1),
            ["day 0", "bob: 2", "bob: 3", "carol: 4"],
            "a window from there"
        );
    }

    #[test]
    fn a_new_day_and_a_gap_open_a_group() {
        let mut chat = chat(&[("bob", "1", DAY - 1), ("bob", "2", DAY)]);
        assert_eq!(drawn(&chat, 0), ["day 0", "bob: 1", "day 1", "bob: 2"]);
        chat.disconnected(Timestamp(DAY + 1));
        chat.connected(Timestamp(DAY + 2));
        chat.receive(
            Incoming {
                sender: "bob".into(),
                text: "3".into(),
                ..Incoming::default()
            },
            Timestamp(DAY + 3),
        );
        assert_eq!(drawn(&chat, 1), ["day 1", "bob: 2", "gap", "bob: 3"]);
    }

    #[test]
    fn a_row_that_looks_different_has_another_key() {
        let mut chat = chat(&[]);
        let id = chat
            .compose(&crate::chat::ConversationId::Room, "hi", Timestamp(0))
            .unwrap();
        let key = |chat: &Chat| rows(&chat.room().timeline, 0, |_| 0).last().unwrap().key();
        let waiting = key(&chat);
        chat.next_outgoing().unwrap();
        let sending = key(&chat);
        assert_ne!(waiting, sending);
        chat.accepted(id);
        assert_ne!(sending, key(&chat));
    }
}
