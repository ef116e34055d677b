//! [`Backlog`]: what a transport has brought and the connection was not told yet.

use std::collections::VecDeque;

use super::super::connection::Event;
use super::super::protocol::framing::RECORD_SEPARATOR;
use crate::text::{before, from};

/// How much text is told at once, in bytes, but for the rest of its last record: some hundred
/// messages, which take a page a few milliseconds.
const PIECE: usize = 64 * 1024;

/// Events in the order in which they came. A long text is told in pieces, so that whoever is told
/// can do other work in between: a page answers keys and draws while thousands of messages come.
///
/// ```
/// use serverless_chat::signalr::client::Backlog;
/// use serverless_chat::signalr::connection::{Event, Generation};
///
/// let text = "{\"type\":6}\u{1e}".repeat(10_000);
/// let mut backlog = Backlog::default();
/// backlog.push(Event::Text(Generation::default(), text.clone()));
/// let mut told = String::new();
/// while let Some(Event::Text(_, piece)) = backlog.pop() {
///     assert!(piece.len() < 70_000);
///     told += &piece;
/// }
/// assert_eq!(told, text);
/// ```
#[derive(Default)]
pub struct Backlog {
    waiting: VecDeque<Event>,
    /// How much of the first, if it is text, was told.
    told: usize,
}

impl Backlog {
    /// True if all was told.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes what came.
    pub fn push(&mut self, event: Event) {
        self.waiting.push_back(event);
    }

    /// Forgets what was not told.
    pub fn clear(&mut self) {
        *self = Backlog::default();
    }

    /// What is to be told next.
    pub fn pop(&mut self) -> Option<Event> {
        if let Some(Event::Text(generation, text)) = self.waiting.front() {
            let rest = from(text, self.told);
            // The separator is one byte of its own: no character is cut.
            let after = rest.as_bytes().iter().skip(PIECE);
            let end = after
                .clone()
                .position(|&byte| byte == RECORD_SEPARATOR as u8)
                .map(|position| PIECE + position + 1);
            if let Some(end) = end.filter(|&end| end < rest.len()) {
                let piece = Event::Text(*generation, before(rest, end).to_owned());
                self.told += end;
                return Some(piece);
            }
        }
        let told = std::mem::take(&mut self.told);
        Some(match self.waiting.pop_front()? {
            Event::Text(generation, text) if told > 0 => {
                Event::Text(generation, from(&text, told).to_owned())
            }
            event => event,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::connection::{Closure, Generation};
    use super::*;

    fn text(text: &str) -> Event {
        Event::Text(Generation::default(), text.to_owned())
    }

    fn told(backlog: &mut Backlog) -> Vec<String> {
        let told = std::iter::from_fn(|| backlog.pop());
        told.map(|event| match event {
            Event::Text(_, text) => text,
            _ => "closed".to_owned(),
        })
        .collect()
    }

    #[test]
    fn all_is_told_in_order_and_no_record_is_cut() {
        let record = |length: usize| "é".repeat(length) + "\u{1e}";
        let long = record(PIECE) + &record(10) + &record(PIECE / 4) + &record(PIECE / 3);
        let mut backlog = Backlog::default();
        backlog.push(text("first\u{1e}"));
        backlog.push(text(&long));
        backlog.push(text("last\u{1e}"));
        backlog.push(Event::Closed(Generation::default(), Closure::Refused));
        let told = told(&mut backlog);
        assert_eq!(
            told.concat(),
            ["first\u{1e}", &long, "last\u{1e}closed"].concat()
        );
        assert_eq!(told.len(), 5, "the long one in two");
        assert!(told[..4].iter().all(|piece| piece.ends_with('\u{1e}')));
        assert!(backlog.is_empty());
    }

    #[test]
    fn a_record_longer_than_a_piece_is_told_whole() {
        let record = "x".repeat(5 * PIECE);
        let mut backlog = Backlog::default();
        backlog.push(text(&record));
        assert_eq!(told(&mut backlog), [record]);
    }

    #[test]
    fn what_is_forgotten_is_not_told() {
        let mut backlog = Backlog::default();
        backlog.push(text(&"{}\u{1e}".repeat(PIECE)));
        assert!(backlog.pop().is_some());
        backlog.clear();
        backlog.push(text("{}\u{1e}"));
        assert_eq!(told(&mut backlog), ["{}\u{1e}"]);
    }
}
