//! Where a message is typed.

use leptos::html::Textarea;
use leptos::prelude::*;

use super::words;
use crate::app::Session;
use crate::chat::{ComposeError, ConversationId, MAX_TEXT_BYTES};
use crate::platform::pointer;

/// The composer of conversation `id`. What is typed stays until it is taken.
#[component]
pub(super) fn Composer(session: Session, id: ConversationId) -> impl IntoView {
    let field = NodeRef::<Textarea>::new();
    let problem = RwSignal::new(None::<String>);
    let (name, writable) = match &id {
        ConversationId::Room => (words::ROOM.to_owned(), true),
        ConversationId::With(name) => (
            name.to_string(),
            session.peek(|chat| chat.can_write_to(name)),
        ),
    };
    let label = if writable {
        words::write_to(&name)
    } else {
        words::NO_RECIPIENT.to_owned()
    };
    let draft = session.draft(&id);

    field.on_load(move |field| {
        field.set_value(&draft);
        if !pointer::is_coarse() {
            // A phone's keyboard would cover what the person came to read.
            let _ = field.focus();
        }
    });

    let send = {
        let id = id.clone();
        move || {
            let Some(field) = field.get_untracked() else {
                return;
            };
            match session.compose(&id, &field.value()) {
                Ok(()) => {
                    field.set_value("");
                    session.keep_draft(&id, "");
                    problem.set(None);
                }
                Err(ComposeError::Empty) => {}
                Err(ComposeError::NoRecipient) => problem.set(Some(words::NO_RECIPIENT.to_owned())),
                Err(ComposeError::TooLong(bytes)) => {
                    problem.set(Some(words::too_long(bytes, MAX_TEXT_BYTES)));
                }
            }
            let _ = field.focus();
        }
    };
    let send_by_key = send.clone();
    let on_keydown = move |event: web_sys::KeyboardEvent| {
        // Enter that confirms an input method's candidate must not send; Safari reports it after
        // the composition has ended, as key code 229.
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composing && !pointer::is_coarse() {
            event.prevent_default();
            send_by_key();
        }
    };
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        send();
    };
    let on_input = move |_| {
        if let Some(field) = field.get_untracked() {
            session.keep_draft(&id, &field.value());
        }
    };
    view! {
        <form class="composer" on:submit=on_submit>
            <div class="composer-box">
                <textarea
                    id="message-box"
                    rows="1"
                    node_ref=field
                    placeholder=label.clone()
                    aria-label=label
                    enterkeyhint="send"
                    autocomplete="off"
                    disabled=!writable
                    on:keydown=on_keydown
                    on:input=on_input
                ></textarea>
                <button class="button primary" type="submit" disabled=!writable>{words::SEND}</button>
            </div>
            <p class="composer-problem" role="alert">{problem}</p>
        </form>
    }
    .into_any()
}
