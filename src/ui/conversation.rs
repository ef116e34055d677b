//! The open conversation: head, notices, timeline, composer.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use super::composer::Composer;
use super::part::{Part, follow};
use super::sidebar::{badge, name_of};
use super::switcher::look_alike;
use super::timeline::TimelineView;
use super::words;
use crate::app::Session;
use crate::chat::ConversationId;
use crate::later::{self, Task};

/// Everything beside the list of conversations. `drawer` opens that list on a phone.
#[component]
pub(super) fn OpenConversation(session: Session, drawer: RwSignal<bool>) -> Part {
    let conversation = Part::copy("conversation");
    let drawer_button = conversation.at(".drawer-button");
    drawer_button.on("click", move |_| drawer.set(true));
    let elsewhere = drawer_button.at("[data-place=badge]");
    follow(move || {
        badge(
            &elsewhere,
            session.read(|chat| {
                chat.private().iter().map(|one| one.unread).sum::<usize>() + chat.room().unread
            }),
        );
    });
    let connection = conversation.at(".connection");
    connection.on("click", move |_| session.trail.open.set(true));
    let aloud = conversation.at(".conversation-head [role=status]");
    follow(move || {
        let state = session.link.with(|link| link.state);
        connection.set("class", &["connection ", state.name()].concat());
        connection.text(state.words());
        aloud.text(state.words());
    });
    let notices = conversation.at("[data-place=notices]");
    later::run(Task::Notices(session, notices));
    later::run(Task::Announce(session, conversation.at("#announcer")));
    let reading = conversation.clone();
    conversation.listen("keydown", move |event| scroll_by_page(&reading, &event));
    let (name, hint) = (conversation.at("h1 bdi"), conversation.at("h1 + p"));
    let person = conversation.at("[data-place=person]");
    let timeline = conversation.at("[data-place=timeline]");
    let composer = conversation.at("[data-place=composer]");
    follow(move || {
        let id = session.open_id();
        name.text(&name_of(&id));
        let look_alike = id
            .recipient()
            .map(|name| session.peek(|chat| look_alike(chat, name)));
        let look_alike = look_alike.filter(|words| !words.is_empty());
        hint.set_if(look_alike.is_some(), "class", "looks-like");
        hint.text(match (&id, &look_alike) {
            (ConversationId::Room, _) => words::room_hint(),
            (_, Some(words)) => words,
            (_, None) => words::private_hint(),
        });
        let is_somebody = id.recipient().is_some();
        person.clear();
        if is_somebody {
            later::run(Task::Person(session, person.clone(), id.clone()));
        }
        // A conversation has a window and a draft of its own: both start anew with it.
        timeline.show(view! { <TimelineView session id=id.clone() /> });
        composer.show(view! { <Composer session id /> });
    });
    conversation
}

/// Page Up and Page Down scroll what was said from wherever the focus is, without a click first:
/// from the composer too, unless its own text is longer than it is high.
fn scroll_by_page(conversation: &Part, event: &Event) {
    let key: &KeyboardEvent = event.unchecked_ref();
    let log = conversation.at("[role=log]");
    let field: Element = conversation.at("textarea").element();
    let is_plain = !(key.alt_key() || key.ctrl_key() || key.meta_key() || key.shift_key());
    // In the timeline itself they move the focus as well.
    if event.default_prevented() || !is_plain || field.scroll_height() > field.client_height() {
        return;
    }
    let log: Element = log.element();
    let page = log.client_height() - log.client_height() / 8;
    match key.key().as_str() {
        "PageUp" => log.set_scroll_top(log.scroll_top() - page),
        "PageDown" => log.set_scroll_top(log.scroll_top() + page),
        _ => return,
    }
    event.prevent_default();
}
