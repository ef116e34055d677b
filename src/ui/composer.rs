//! Where a message is typed.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::part::{Part, follow};
use super::words;
use crate::app::Session;
use crate::chat::{ComposeError, ConversationId, MAX_TEXT_BYTES};
use crate::platform::pointer;

/// The composer of conversation `id`. What is typed stays until it is taken.
#[component]
pub(super) fn Composer(session: Session, id: ConversationId) -> Part {
    let composer = Part::copy("composer");
    let field = composer.at("textarea");
    let area: HtmlTextAreaElement = field.element();
    area.set_value(&session.draft(&id));

    let (to, shown) = (id.clone(), composer.clone());
    let mut before = None;
    // A backend that turns out to show private messages to everybody gets no more of them.
    follow(move || {
        let (name, writable) = match &to {
            ConversationId::Room => (words::ROOM, true),
            ConversationId::With(name) => (&**name, session.read(|chat| chat.can_write_to(name))),
        };
        if before.replace(writable) == Some(writable) {
            return;
        }
        let label = if writable {
            words::write_to(name)
        } else {
            words::NO_RECIPIENT.to_owned()
        };
        let field = shown.at("textarea");
        field.set("placeholder", &label);
        field.set("aria-label", &label);
        field.set_if(!writable, "disabled", "");
        shown.at("button").set_if(!writable, "disabled", "");
    });

    let on_the_page = field.clone();
    // Once it is on the page, which a part is not yet while its component builds it.
    follow(move || {
        // A phone's keyboard would cover what the person came to read.
        if !pointer::is_coarse() {
            on_the_page.focus();
        }
    });

    let form = composer.clone();
    field.listen("keydown", move |event| {
        let event: KeyboardEvent = event.unchecked_into();
        // Enter that confirms an input method's candidate must not send; Safari reports it after
        // the composition has ended, as key code 229.
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composing && !pointer::is_coarse() {
            event.prevent_default();
            form.submit();
        }
    });
    let (typed, to) = (area.clone(), id.clone());
    field.listen("input", move |_| session.keep_draft(&to, &typed.value()));
    let problem = composer.at("[role=alert]");
    composer.listen("submit", move |event| {
        event.prevent_default();
        match session.compose(&id, &area.value()) {
            Ok(()) => {
                area.set_value("");
                session.keep_draft(&id, "");
                problem.text("");
            }
            Err(ComposeError::Empty) => {}
            Err(ComposeError::NoRecipient) => problem.text(words::NO_RECIPIENT),
            Err(ComposeError::TooLong(bytes)) => {
                problem.text(&words::too_long(bytes, MAX_TEXT_BYTES));
            }
        }
        field.focus();
    });
    composer
}
