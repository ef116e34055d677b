//! Where a message is typed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, InputEvent, KeyboardEvent};

use super::completion::{Suggestion, What, finished, suggestions};
use super::length::Length;
use super::listbox::Listbox;
use super::part::{Part, follow};
use super::sidebar::{face, shown_name};
use super::switcher::look_alike;
use super::words;
use crate::app::Session;
use crate::chat::{ComposeError, ConversationId, MAX_TEXT_BYTES};
use crate::later::{self, Task};
use crate::platform::{pointer, style};
use crate::text;

/// The composer of conversation `id`. What is typed stays until it is taken.
#[component]
pub(super) fn Composer(session: Session, id: ConversationId) -> Part {
    let composer = Part::copy("composer");
    let field = composer.at("textarea");
    let writing = Writing::new(session, id.clone(), &composer);
    writing.put(&session.draft(&id));
    follow_recipient(session, &id, &composer);

    let on_the_page = field.clone();
    // Whoever comes for a message that was found wants to read.
    let reads = session.revealed.get_untracked().is_some();
    // Once it is on the page, which a part is not yet while its component builds it.
    follow(move || {
        // A phone's keyboard would cover what the person came to read.
        if !reads && !pointer::is_coarse() {
            on_the_page.focus();
        }
    });

    let (keys, form) = (writing.clone(), composer.clone());
    field.listen("keydown", move |event| {
        let event: KeyboardEvent = event.unchecked_into();
        if keys.key(&event, &form) {
            event.prevent_default();
        }
    });
    let typing = writing.clone();
    field.listen("input", move |event| {
        typing.typed(event.unchecked_into::<InputEvent>().is_composing());
    });
    let choosing = writing.clone();
    writing
        .list
        .on_choice(move |index| later::run(Task::Choose(choosing.clone(), index)));
    for left in ["blur", "click"] {
        let closing = writing.clone();
        field.on(left, move |_| closing.close_list());
    }
    composer.listen("submit", move |event| {
        event.prevent_default();
        writing.send();
        field.focus();
    });
    composer
}

/// Names whom the text goes to, and takes none where it cannot go there: a backend that turns out to
/// show private messages to everybody gets no more of them.
fn follow_recipient(session: Session, id: &ConversationId, composer: &Part) {
    let (to, shown) = (id.clone(), composer.clone());
    let mut before = None;
    follow(move || {
        let (name, writable) = match &to {
            ConversationId::Room => (words::room().into(), true),
            ConversationId::With(name) => (
                shown_name(name),
                session.read(|chat| chat.can_write_to(name)),
            ),
        };
        if before.replace(writable) == Some(writable) {
            return;
        }
        let label = if writable {
            words::write_to(&name)
        } else {
            words::no_recipient().to_owned()
        };
        let field = shown.at("textarea");
        field.set("placeholder", &label);
        field.set("aria-label", &label);
        field.set_if(!writable, "disabled", "");
        shown.at("button").set_if(!writable, "disabled", "");
    });
}

/// A text on its way from the keyboard to the chat. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Writing {
    session: Session,
    id: Rc<ConversationId>,
    area: HtmlTextAreaElement,
    problem: Part,
    length: Part,
    status: Part,
    list: Listbox,
    offered: Rc<RefCell<Vec<Suggestion>>>,
    /// What stands in the field is an own message that was called back, and nothing else.
    recalled: Rc<Cell<bool>>,
}

impl Writing {
    fn new(session: Session, id: ConversationId, composer: &Part) -> Writing {
        let field = composer.at("textarea");
        let list = Listbox::new(field.clone(), composer.at("[role=listbox]"));
        Writing {
            session,
            id: Rc::new(id),
            area: field.element(),
            problem: composer.at("[role=alert]"),
            length: composer.at(".composer-length"),
            status: composer.at(".composer-status"),
            list,
            offered: Rc::default(),
            recalled: Rc::default(),
        }
    }

    /// Puts `text` into the field in place of what is there.
    fn put(&self, text: &str) {
        self.area.set_value(text);
        self.changed(text);
    }

    /// Something was typed or pasted.
    fn typed(&self, composing: bool) {
        self.recalled.set(false);
        let text = self.area.value();
        self.changed(&text);
        // Nothing else begins anything that can be completed.
        if text.contains(['@', ':']) {
            later::run(Task::Complete(self.clone(), composing));
        } else {
            self.close_list();
        }
    }

    /// Offers what may be meant by what is being typed, or takes what is meant for certain.
    pub(crate) fn complete(&self, composing: bool) {
        let before = self.before_caret();
        match finished(&before) {
            Some(emoji) if !composing => self.take(&emoji),
            _ => {
                let offered = self.session.peek(|chat| suggestions(&before, chat));
                self.offer(offered);
            }
        }
    }

    /// Offers nothing any more.
    fn close_list(&self) {
        if self.list.marked().is_some() {
            self.status.text(&words::suggestions(0));
            self.offered.take();
            self.list.show(Vec::new());
        }
    }

    /// The text is another one: it is kept, the field grows, and its length is told near the limit.
    fn changed(&self, text: &str) {
        self.session.keep_draft(&self.id, text);
        style::grow(&self.area);
        let (length, problem) = match Length::of(text.len()) {
            Length::Fine => (String::new(), String::new()),
            Length::Near(kilobytes) => (words::kilobytes_left(kilobytes), String::new()),
            Length::Over(bytes) => (String::new(), words::too_many_bytes(bytes, MAX_TEXT_BYTES)),
        };
        self.length.text(&length);
        self.problem.text(&problem);
    }

    /// A key was pressed. True if nothing else is to come of it.
    fn key(&self, event: &KeyboardEvent, form: &Part) -> bool {
        // Enter that confirms an input method's candidate must not send; Safari reports it after
        // the composition has ended, as key code 229.
        if event.is_composing() || event.key_code() == 229 {
            return false;
        }
        let key = event.key();
        let plain = !(event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key());
        if let Some(marked) = self.list.marked().filter(|_| plain) {
            match key.as_str() {
                "Enter" | "Tab" => later::run(Task::Choose(self.clone(), marked)),
                "Escape" => self.close_list(),
                "ArrowLeft" | "ArrowRight" | "Home" | "End" => {
                    self.close_list();
                    return false;
                }
                _ => return self.list.step(&key),
            }
            return true;
        }
        match key.as_str() {
            "Enter" if !event.shift_key() && !pointer::is_coarse() => form.submit(),
            "ArrowUp" if plain && self.area.value().is_empty() => return self.recall(),
            "Escape" if self.recalled.take() => self.put(""),
            "Escape" => {
                if let Some(timeline) = Part::on_page("[role=log]") {
                    timeline.focus();
                }
            }
            _ => return false,
        }
        true
    }

    /// Calls the last own message back into the field.
    fn recall(&self) -> bool {
        let last = self
            .session
            .peek(|chat| chat.last_own(&self.id).map(|last| last.text.clone()));
        let Some(text) = last else {
            return false;
        };
        self.put(&text);
        self.recalled.set(true);
        true
    }

    fn send(&self) {
        match self.session.compose(&self.id, &self.area.value()) {
            Ok(()) => {
                self.recalled.set(false);
                self.put("");
            }
            Err(ComposeError::Empty) => {}
            Err(ComposeError::NoRecipient) => self.problem.text(words::no_recipient()),
            Err(ComposeError::TooLong(bytes)) => {
                self.problem
                    .text(&words::too_many_bytes(bytes, MAX_TEXT_BYTES));
            }
        }
        self.close_list();
    }

    /// Shows what may be meant.
    fn offer(&self, offered: Vec<Suggestion>) {
        if offered.is_empty() {
            return self.close_list();
        }
        self.status.text(&words::suggestions(offered.len()));
        let parts = offered.iter().map(|one| self.draw(one)).collect();
        *self.offered.borrow_mut() = offered;
        self.list.show(parts);
    }

    /// Takes the suggestion with this number.
    pub(crate) fn choose(&self, index: usize) {
        let chosen = self.offered.borrow().get(index).cloned();
        chosen.iter().for_each(|chosen| self.take(chosen));
    }

    fn draw(&self, suggestion: &Suggestion) -> Part {
        let part = Part::copy("suggestion");
        let (avatar, name) = (part.at(".avatar"), part.at("bdi"));
        match &suggestion.what {
            What::Person(person) => {
                face(&avatar, person);
                name.text(&shown_name(person));
                part.at(".choice-note")
                    .text(&self.session.peek(|chat| look_alike(chat, person)));
            }
            What::Emoji(known, emoji) => {
                avatar.set("class", "emoji");
                avatar.text(emoji);
                name.text(known);
            }
        }
        part
    }

    /// Puts a suggestion in place of what was typed for it.
    fn take(&self, suggestion: &Suggestion) {
        let before = self.before_caret();
        let replaced = before.len().saturating_sub(suggestion.replaces);
        let end = units(&before);
        let start = units(text::before(&before, replaced));
        let _ = self
            .area
            .set_range_text_with_start_and_end(&suggestion.text, start, end);
        let caret = start + units(&suggestion.text);
        let _ = self.area.set_selection_range(caret, caret);
        self.changed(&self.area.value());
        self.close_list();
    }

    /// The text up to the caret.
    fn before_caret(&self) -> String {
        let caret = self.area.selection_start().ok().flatten().unwrap_or(0) as usize;
        let value: Vec<u16> = self.area.value().encode_utf16().take(caret).collect();
        String::from_utf16_lossy(&value)
    }
}

/// The length of a text as a browser counts it.
fn units(text: &str) -> u32 {
    text.encode_utf16().count() as u32
}
