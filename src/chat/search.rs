//! Finding what was said, in all that this page holds.

use std::sync::Arc;

use super::conversation::ConversationId;
use super::fold;
use super::ignored::Measure;
use super::message::Message;
use super::state::Chat;
use super::timeline::Entry;
use crate::text::{before, from};

/// The most letters that are looked for, so that no text takes long to search.
const MAX_LETTERS: usize = 100;

/// How many letters stand before and after what was found.
const BEFORE: usize = 30;
const AFTER: usize = 90;

/// A message that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Where it was said.
    pub place: ConversationId,
    /// What was said.
    pub message: Arc<Message>,
    /// What was looked for, in bytes of the text.
    pub found: (usize, usize),
}

/// The newest messages whose text holds `wanted`, whatever its case, the newest first and at most
/// `most` of them. Nothing is found where nothing is looked for.
pub fn search(chat: &Chat, wanted: &str, most: usize) -> Vec<Hit> {
    let wanted: String = fold::folded(wanted.trim())
        .chars()
        .take(MAX_LETTERS)
        .collect();
    let mut hits = Vec::new();
    for conversation in std::iter::once(chat.room()).chain(chat.private()) {
        let timeline = &conversation.timeline;
        let newest_first = (0..timeline.len()).rev().filter_map(|at| timeline.get(at));
        let found = newest_first.filter_map(|entry| {
            let Entry::Message(message) = entry else {
                return None;
            };
            let found = fold::position(&message.text, &wanted)?;
            let is_hidden = chat.ignored().has(&message.sender, Measure::Hide);
            (!is_hidden).then(|| Hit {
                place: conversation.id.clone(),
                message: message.clone(),
                found,
            })
        });
        hits.extend(found.take(most));
    }
    hits.sort_by_key(|hit| std::cmp::Reverse((hit.message.at, hit.message.id)));
    hits.truncate(most);
    hits
}

impl Hit {
    /// What was found, with a little of the text before and after it, each on one line.
    pub fn excerpt(&self) -> [String; 3] {
        let text = &*self.message.text;
        let (start, end) = self.found;
        let sooner = before(text, start).char_indices().rev().nth(BEFORE);
        let first = sooner.map_or(0, |(at, _)| at);
        let later = from(text, end).char_indices().nth(AFTER);
        let last = later.map_or(text.len(), |(at, _)| end + at);
        let mut excerpt = [
            from(before(text, start), first),
            from(before(text, end), start),
            from(before(text, last), end),
        ]
        .map(one_line);
        if first > 0 {
            excerpt[0].insert(0, '…');
        }
        if last < text.len() {
            excerpt[2].push('…');
        }
        excerpt
    }
}

/// A text on one line, without what could turn its letters around.
pub fn one_line(text: &str) -> String {
    let shown = super::name::harmless(text);
    let breaks = |c: char| if matches!(c, '\n' | '\t') { ' ' } else { c };
    shown.chars().map(breaks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Incoming, Me, Timestamp};

    fn chat(said: &[(&str, bool, &str)]) -> Chat {
        let mut chat = Chat::new(Me::User("me".into()), || "name".to_owned());
        for (at, (sender, private, text)) in said.iter().enumerate() {
            let incoming = Incoming {
                sender: (*sender).into(),
                text: (*text).into(),
                private: *private,
                ..Incoming::default()
            };
            chat.receive(incoming, Timestamp(at as u64));
        }
        chat
    }

    fn texts(chat: &Chat, wanted: &str, most: usize) -> Vec<String> {
        let hits = search(chat, wanted, most);
        hits.iter()
            .map(|hit| hit.message.text.to_string())
            .collect()
    }

    #[test]
    fn the_newest_of_all_conversations_comes_first() {
        let mut chat = chat(&[
            ("bob", false, "One apple"),
            ("bob", true, "two APPLES"),
            ("carol", true, "pear"),
            ("carol", false, "Äpfel, apple"),
        ]);
        let all = ["Äpfel, apple", "two APPLES", "One apple"];
        assert_eq!(texts(&chat, "apple", 9), all);
        assert_eq!(texts(&chat, " Apple ", 2), all[..2]);
        assert_eq!(texts(&chat, "äPFEL", 9), all[..1]);
        assert!(texts(&chat, " ", 9).is_empty());
        assert!(texts(&chat, "plum", 9).is_empty());
        chat.ignore("carol", Measure::Hide, true);
        assert_eq!(texts(&chat, "apple", 9), all[1..]);
    }

    #[test]
    fn an_excerpt_shows_what_was_found() {
        let long = ["a\u{202e}\n".repeat(40), "Apple".into(), "b ".repeat(80)].concat();
        let chat = chat(&[("bob", false, &long), ("bob", false, "an apple")]);
        let hits = search(&chat, "apple", 9);
        assert_eq!(hits[0].excerpt(), ["an ", "apple", ""]);
        let [before, found, after] = hits[1].excerpt();
        assert_eq!(found, "Apple");
        assert!(
            before.starts_with('…') && before.ends_with("a a "),
            "{before}"
        );
        assert!(after.ends_with('…') && after.len() < 100, "{after}");
    }
}
