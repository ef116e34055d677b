//! What was said, in a window that follows the newest.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::message::row;
use super::rows::rows;
use super::sidebar::{face, shown_name};
use super::words;
use crate::app::Session;
use crate::chat::{Conversation, ConversationId};
use crate::platform::clock;

/// How many entries are in the page at the end of a conversation, and how many more each
/// "Earlier messages" brings.
const WINDOW: usize = 100;

/// Within this many pixels of the end counts as being there: zoom and elastic scrolling make an
/// exact comparison wrong.
const NEAR_END: i32 = 48;

/// The timeline of conversation `id`.
#[component]
pub(super) fn TimelineView(session: Session, id: ConversationId) -> impl IntoView {
    let log = NodeRef::<Div>::new();
    let content = NodeRef::<Div>::new();
    // The first entry in the page while the person reads back; `None` while they follow the end.
    let back_from = RwSignal::new(None::<usize>);
    // How many messages there were when they left the end.
    let seen = RwSignal::new(0_usize);
    // The height of the content before earlier messages are put on top of it.
    let height_before = StoredValue::new(None::<i32>);

    let id = StoredValue::new(id);
    let count =
        move || session.read(|chat| id.with_value(|id| message_count(chat.conversation(id))));
    let start = move || {
        session.read(|chat| {
            let entries =
                id.with_value(|id| chat.conversation(id).map_or(0, |one| one.timeline.len()));
            back_from
                .get()
                .unwrap_or(entries.saturating_sub(WINDOW))
                .min(entries)
        })
    };
    let shown = move || {
        let start = start();
        session.read(|chat| {
            let conversation = id.with_value(|id| chat.conversation(id));
            conversation.map_or_else(Vec::new, |one| {
                rows(&one.timeline, start, |at| clock::day_number(at.0 as f64))
            })
        })
    };

    let scroll_to_end = move || {
        if let Some(log) = log.get_untracked() {
            log.set_scroll_top(log.scroll_height());
        }
    };
    let on_scroll = move |_| {
        let Some(log) = log.get_untracked() else {
            return;
        };
        let at_end = log.scroll_height() - log.scroll_top() - log.client_height() < NEAR_END;
        match (at_end, back_from.get_untracked()) {
            (true, Some(_)) => back_from.set(None),
            (false, None) => {
                seen.set(untrack(count));
                back_from.set(Some(untrack(start)));
            }
            _ => {}
        }
    };
    // Called between layout and paint whenever rows came, went or changed their height: the place
    // that is being read never jumps.
    let on_resize = move || {
        let before = height_before.try_update_value(Option::take).flatten();
        match (before, log.get_untracked(), back_from.get_untracked()) {
            (_, _, None) => scroll_to_end(),
            (Some(before), Some(log), Some(_)) => {
                log.set_scroll_top(log.scroll_top() + log.scroll_height() - before);
            }
            _ => {}
        }
    };
    content.on_load(move |content| {
        let callback = Closure::<dyn FnMut()>::new(on_resize);
        let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&content);
        if let Some(log) = log.get_untracked() {
            observer.observe(&log);
        }
        let observing = StoredValue::new_local(Some((observer, callback)));
        on_cleanup(move || {
            if let Some((observer, _)) = observing.try_update_value(Option::take).flatten() {
                observer.disconnect();
            }
        });
    });
    let show_earlier = move |_| {
        height_before.set_value(log.get_untracked().map(|log| log.scroll_height()));
        back_from.set(Some(untrack(start).saturating_sub(WINDOW)));
    };
    let to_latest = move |_| {
        back_from.set(None);
        scroll_to_end();
    };

    let earlier = move || {
        (start() > 0).then(|| {
            view! { <button class="link earlier" on:click=show_earlier>{words::EARLIER}</button> }
        })
    };
    let latest = move || {
        back_from.get()?;
        let missed = count().saturating_sub(seen.get());
        let count = (missed > 0).then(|| words::new_messages(missed));
        Some(view! {
            <button class="button to-latest" on:click=to_latest>{words::LATEST} {count.map(|count| [" · ", &count].concat())}</button>
        })
    };
    view! {
        <div class="timeline-frame">
            <div class="timeline" role="log" aria-live="off" tabindex="0" data-message-count=count node_ref=log on:scroll=on_scroll>
                {move || (count() == 0).then(|| id.with_value(empty))}
                <div class="timeline-rows" node_ref=content>
                    {earlier}
                    <For each=shown key=|row| row.key() children=move |one| row(session, one) />
                </div>
            </div>
            {latest}
            <Announcer session id />
        </div>
    }
    .into_any()
}

fn message_count(conversation: Option<&Conversation>) -> usize {
    conversation.map_or(0, |one| one.timeline.message_count())
}

/// What stands where nothing was said yet.
fn empty(id: &ConversationId) -> AnyView {
    let (face, title, hint) = match id {
        ConversationId::Room => (
            view! { <span class="avatar room" aria-hidden="true">"#"</span> }.into_any(),
            words::EMPTY_ROOM.to_owned(),
            words::EMPTY_ROOM_HINT,
        ),
        ConversationId::With(name) => (face(name), shown_name(name), words::EMPTY_PRIVATE_HINT),
    };
    view! {
        <div class="empty">
            {face}
            <h2><bdi>{title}</bdi></h2>
            <p>{hint}</p>
        </div>
    }
    .into_any()
}

/// Tells a screen reader what came. The timeline itself is not live: scrolling back would read
/// the whole past again, and a burst every single message.
#[component]
fn Announcer(session: Session, id: StoredValue<ConversationId>) -> impl IntoView {
    let spoken = move |before: Option<(usize, String)>| {
        session.read(|chat| {
            let conversation = id.with_value(|id| chat.conversation(id));
            let count = message_count(conversation);
            let (before, text) = before.unwrap_or((count, String::new()));
            let last = conversation
                .and_then(|one| one.timeline.last_message())
                .filter(|last| !last.own);
            let text = match (count.saturating_sub(before), last) {
                (0, _) => text,
                (_, None) => String::new(),
                (1, Some(last)) => words::said(&shown_name(&last.sender), &last.text),
                (several, Some(_)) => words::new_messages(several),
            };
            (count, text)
        })
    };
    let spoken = Memo::new(move |before: Option<&(usize, String)>| spoken(before.cloned()));
    view! { <p class="aloud" role="status">{move || spoken.get().1}</p> }.into_any()
}
