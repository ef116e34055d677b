//! The keyboard in a timeline: one message has the focus, and the keys move it.

use std::sync::Arc;

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

use super::super::message;
use super::View;
use crate::chat::{Entry, Message, MessageId, Timeline};

impl View {
    /// A message has the focus, or something in it.
    pub(super) fn focused(&mut self, event: &Event) {
        let id = self.message_at(event).map(|(article, message)| {
            message::show_full_time(article, &message);
            message.id
        });
        self.active = id.or(self.active);
    }

    pub(super) fn key_pressed(&mut self, event: &Event) {
        let key: &KeyboardEvent = event.unchecked_ref();
        if key.alt_key() || key.ctrl_key() || key.meta_key() || key.shift_key() {
            return;
        }
        let rows = self.window.in_sight();
        if rows.is_empty() {
            return;
        }
        let active = self.active_row();
        // Without one it begins at the end of what can be seen.
        let last = rows.end - 1;
        let from = active.unwrap_or(last);
        let (row, down) = match key.key().as_str() {
            "ArrowUp" => (active.map_or(last, |row| row.saturating_sub(1)), false),
            "ArrowDown" => (active.map_or(last, |row| row + 1), true),
            "PageUp" => (self.window.page_from(from, false), false),
            "PageDown" => (self.window.page_from(from, true), true),
            "Home" => (0, true),
            "End" => (self.window.len() - 1, false),
            _ => return,
        };
        event.prevent_default();
        self.go_to_message(row + self.first, down);
    }

    /// The row of the message that had the focus last, if it is near enough to go on from.
    fn active_row(&self) -> Option<usize> {
        let active = self.active?;
        let position = self.session.peek(|chat| {
            let timeline = &chat.conversation(&self.id)?.timeline;
            timeline.number_of(active)
        });
        let near = self.list.numbers();
        position
            .filter(|number| near.contains(number))
            .map(|number| number - self.first)
    }

    /// Gives the focus to a message, wherever it stands.
    pub(super) fn reveal(&mut self, id: MessageId) {
        let number = self
            .session
            .peek(|chat| chat.conversation(&self.id)?.timeline.number_of(id));
        if let Some(number) = number {
            self.go_to_message(number, false);
        }
    }

    /// Gives the focus to the message with this number, or to the next one below it or above.
    pub(super) fn go_to_message(&mut self, number: usize, down: bool) {
        let found = self.session.peek(|chat| {
            let timeline = &chat.conversation(&self.id)?.timeline;
            nearest_message(timeline, number, down)
        });
        let Some((number, message)) = found else {
            return;
        };
        let row = number - self.first;
        // What has the focus is not carried off by what comes.
        self.window.stay(self.top());
        // Once on what is taken for the height, and again when it is measured.
        for _ in 0..2 {
            self.window.reveal(row);
            self.update(false);
        }
        self.active = Some(message.id);
        if let Some(article) = self.list.article(number) {
            message::show_full_time(article, &message);
            article.focus_in_place();
        }
    }
}

/// The message with this number, or the nearest below it or above.
fn nearest_message(
    timeline: &Timeline,
    number: usize,
    down: bool,
) -> Option<(usize, Arc<Message>)> {
    let message = |number: usize| match timeline.entry(number)? {
        Entry::Message(message) => Some((number, message.clone())),
        Entry::Gap(_) => None,
    };
    if down {
        (number..timeline.end()).find_map(message)
    } else {
        (timeline.first()..=number).rev().find_map(message)
    }
}
