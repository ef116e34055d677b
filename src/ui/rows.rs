//! Which rows a timeline shows: messages in groups, days and gaps.

use crate::chat::{Entry, Gap, Message, MessageId, Timeline, Timestamp};

/// Messages of one person that follow each other within this many milliseconds share one head.
const GROUP_MS: u64 = 5 * 60 * 1000;

/// One row: an entry, and what stands above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A message or a gap.
    pub entry: Entry,
    /// The first of a day.
    pub opens_day: bool,
    /// The first that the person has not seen.
    pub opens_new: bool,
    /// The sender's name goes above it.
    pub opens_group: bool,
}

impl Row {
    /// What the row is drawn from: rows with the same key look the same, so one that is on the
    /// page already can stay.
    pub fn key(&self) -> (MessageId, u32) {
        let flags = u32::from(self.opens_day)
            | u32::from(self.opens_new) << 1
            | u32::from(self.opens_group) << 2;
        match &self.entry {
            // Outages in between make it longer.
            Entry::Gap(Gap { id, .. }) => (*id, flags),
            Entry::Message(message) => (message.id, message.revision << 3 | flags),
        }
    }
}

/// The row of the entry with this number. It depends on that entry and what was said directly above,
/// so rows come and go without a look at the others.
///
/// `new_from` is the first message that the person has not seen; `day_of` numbers the days of their
/// time zone.
pub fn row(
    timeline: &Timeline,
    number: usize,
    new_from: Option<MessageId>,
    day_of: impl Fn(Timestamp) -> i64,
) -> Option<Row> {
    let entry = timeline.entry(number)?.clone();
    let mut above = (timeline.first()..number).rev();
    let directly_above = above.clone().next().and_then(|above| timeline.entry(above));
    let opens_new = new_from == Some(entry.id());
    let (mut opens_day, mut opens_group) = (false, true);
    if let Entry::Message(message) = &entry {
        // An outage may last until the next day.
        let said_before = above.find_map(|above| match timeline.entry(above)? {
            Entry::Message(message) => Some(message),
            Entry::Gap(_) => None,
        });
        opens_day = said_before.is_none_or(|above| day_of(above.at) != day_of(message.at));
        if let Some(Entry::Message(above)) = directly_above {
            opens_group = opens_day || opens_new || !same_group(above, message);
        }
    }
    Some(Row {
        entry,
        opens_day,
        opens_new,
        opens_group,
    })
}

fn same_group(before: &Message, message: &Message) -> bool {
    before.sender == message.sender
        && before.own == message.own
        && message.at.since(before.at) < GROUP_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Chat, ConversationId, Incoming, Me};

    const DAY: u64 = 24 * 60 * 60 * 1000;

    /// The row with this number.
    fn row(chat: &Chat, number: usize) -> Option<Row> {
        let room = chat.room();
        super::row(&room.timeline, number, room.new_from, |at| {
            (at.0 / DAY) as i64
        })
    }

    /// One line for each thing that a person sees.
    fn drawn(chat: &Chat) -> Vec<String> {
        let mut lines = Vec::new();
        for row in (0..).map_while(|number| row(chat, number)) {
            if let (true, Entry::Message(message)) = (row.opens_day, &row.entry) {
                lines.push(format!("day {}", message.at.0 / DAY));
            }
            lines.extend(row.opens_new.then(|| "new".to_owned()));
            lines.push(match &row.entry {
                Entry::Gap(_) => "gap".to_owned(),
                Entry::Message(message) if row.opens_group => {
                    format!("{}: {}", message.sender, message.text)
                }
                Entry::Message(message) => format!("+ {}", message.text),
            });
        }
        lines
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
            drawn(&chat),
            ["day 0", "bob: 1", "+ 2", "bob: 3", "carol: 4"]
        );
    }

    #[test]
    fn a_new_day_and_a_gap_open_a_group() {
        let mut chat = chat(&[("bob", "1", DAY - 1), ("bob", "2", DAY)]);
        assert_eq!(drawn(&chat), ["day 0", "bob: 1", "day 1", "bob: 2"]);
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
        assert_eq!(drawn(&chat)[2..], ["day 1", "bob: 2", "gap", "bob: 3"]);
        chat.disconnected(Timestamp(DAY + 4));
        chat.connected(Timestamp(2 * DAY));
        chat.compose(&ConversationId::Room, "4", Timestamp(2 * DAY + 1))
            .unwrap();
        assert_eq!(drawn(&chat)[6..], ["gap", "day 2", "me: 4"]);
    }

    #[test]
    fn a_line_stands_above_the_first_message_that_was_not_seen() {
        let mut chat = chat(&[("bob", "1", 0)]);
        let say = |chat: &mut Chat, text: &str| {
            let incoming = Incoming {
                sender: "bob".into(),
                text: text.into(),
                ..Incoming::default()
            };
            chat.receive(incoming, Timestamp(1));
        };
        chat.watch(false);
        say(&mut chat, "2");
        say(&mut chat, "3");
        let lines = ["day 0", "bob: 1", "new", "bob: 2", "+ 3"];
        assert_eq!(drawn(&chat), lines);
        chat.watch(true);
        say(&mut chat, "4");
        assert_eq!(
            drawn(&chat)[..5],
            lines,
            "it stays for as long as they look"
        );
        chat.watch(false);
        say(&mut chat, "5");
        assert_eq!(drawn(&chat)[2..], ["+ 2", "+ 3", "+ 4", "new", "bob: 5"]);
    }

    #[test]
    fn a_row_that_looks_different_has_another_key() {
        let mut chat = chat(&[]);
        let id = chat
            .compose(&ConversationId::Room, "hi", Timestamp(0))
            .unwrap();
        let key = |chat: &Chat| row(chat, 0).unwrap().key();
        let waiting = key(&chat);
        chat.next_outgoing().unwrap();
        let sending = key(&chat);
        assert_ne!(waiting, sending);
        chat.accepted(id);
        assert_ne!(sending, key(&chat));
    }
}
