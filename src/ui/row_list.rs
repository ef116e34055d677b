//! [`RowList`]: the rows that are in the page.

use std::collections::VecDeque;
use std::ops::Range;

use super::message;
use super::part::Part;
use super::rows::{Row, row};
use crate::chat::{Changes, Chat, Conversation, ConversationId, Entry, MessageId, Timeline};
use crate::platform::clock;

/// A row in the page.
struct Shown {
    key: (MessageId, u32),
    part: Part,
    /// The message in it; a gap has none.
    article: Option<Part>,
    /// `aria-posinset`, as it was written.
    position: usize,
    /// Its height is not known.
    fresh: bool,
}

/// The rows that are in the page, in their order. Rows have the numbers of their entries.
pub(super) struct RowList {
    place: Part,
    private: bool,
    first: usize,
    shown: VecDeque<Shown>,
    /// `aria-setsize`, as it was written.
    total: usize,
}

impl RowList {
    /// An empty list in `place`, of the conversation called `id`.
    pub(super) fn new(place: Part, id: &ConversationId) -> RowList {
        RowList {
            place,
            private: id.recipient().is_some(),
            first: 0,
            shown: VecDeque::new(),
            total: 0,
        }
    }

    /// The numbers of the rows in the page.
    pub(super) fn numbers(&self) -> Range<usize> {
        self.first..self.first + self.shown.len()
    }

    /// The article of the message with this number.
    pub(super) fn article(&self, number: usize) -> Option<&Part> {
        self.shown
            .get(number.checked_sub(self.first)?)?
            .article
            .as_ref()
    }

    /// The number of the message whose article `is_it`.
    pub(super) fn find(&self, is_it: impl Fn(&Part) -> bool) -> Option<usize> {
        let mut shown = self.shown.iter();
        let index = shown.position(|shown| shown.article.as_ref().is_some_and(&is_it))?;
        Some(self.first + index)
    }

    /// The article of the message called `id`.
    pub(super) fn article_of(&self, id: MessageId) -> Option<&Part> {
        let shown = self.shown.iter().find(|shown| shown.key.0 == id)?;
        shown.article.as_ref()
    }

    /// Shows the rows with these numbers. What looks as before stays in the page as it is.
    pub(super) fn show(
        &mut self,
        chat: &Chat,
        conversation: &Conversation,
        numbers: Range<usize>,
        changes: Changes,
    ) {
        let (mut before, mut before_first) = (std::mem::take(&mut self.shown), self.first);
        self.first = numbers.start;
        for number in numbers {
            let index = number.checked_sub(before_first);
            let known = index.and_then(|index| before.get(index));
            let (key, row) = match known.filter(|_| number < changes.from) {
                Some(known) => (known.key, None),
                None => match row_of(conversation, number) {
                    Some(row) => (row.key(), Some(row)),
                    None => break,
                },
            };
            let found = before.iter().position(|one| one.key == key);
            for gone in before.drain(..found.unwrap_or(0)) {
                gone.part.remove();
                before_first += 1;
            }
            if let Some(mut stays) = found.and_then(|_| before.pop_front()) {
                before_first += 1;
                stays.fresh |= number >= changes.moved_from;
                self.shown.push_back(stays);
            } else if let Some(row) = row {
                let shown = Shown::new(chat, &row, self.private);
                let next = before.front().map(|next| &next.part);
                self.place.insert(shown.part.clone(), next);
                self.shown.push_back(shown);
            }
        }
        for gone in before {
            gone.part.remove();
        }
        self.number(&conversation.timeline);
    }

    /// Tells which of how many each message is: a screen reader sees no others.
    fn number(&mut self, timeline: &Timeline) {
        let total = timeline.message_count();
        let counted = std::mem::replace(&mut self.total, total) == total;
        let words = total.to_string();
        for (number, one) in (self.first..).zip(&mut self.shown) {
            let Some(article) = &one.article else {
                continue;
            };
            let position = timeline.messages_above(number) + 1;
            if !counted || one.position == 0 {
                article.set("aria-setsize", &words);
            }
            if std::mem::replace(&mut one.position, position) != position {
                article.set("aria-posinset", &position.to_string());
            }
        }
    }

    /// Measures the rows that are new, or all of them. Calls `measured` with the number and the
    /// height of each.
    pub(super) fn measure(&mut self, all: bool, mut measured: impl FnMut(usize, f64)) {
        for (number, one) in (self.first..).zip(&mut self.shown) {
            if std::mem::take(&mut one.fresh) || all {
                measured(number, one.part.height());
            }
        }
    }
}

impl Shown {
    fn new(chat: &Chat, row: &Row, private: bool) -> Shown {
        let part = message::row(chat, row, private);
        let article = match row.entry {
            Entry::Message(_) => Some(part.at("article")),
            Entry::Gap(_) => None,
        };
        Shown {
            key: row.key(),
            part,
            article,
            position: 0,
            fresh: true,
        }
    }
}

fn row_of(conversation: &Conversation, number: usize) -> Option<Row> {
    row(
        &conversation.timeline,
        number,
        conversation.new_from,
        |at| clock::day_number(at.0 as f64),
    )
}
