//! The conversations, and who is signed in.

use std::borrow::Cow;

use leptos::prelude::*;

use super::part::{Part, follow};
use super::{avatar, words};
use crate::app::Session;
use crate::chat::name::{start, visible};
use crate::chat::search::one_line;
use crate::chat::{Chat, Conversation, ConversationId, Me, Measure, Message};
use crate::later::{self, Task};
use crate::platform::clock;

/// The list shows one line: no need to hand on a text of any length.
const LAST_BYTES: usize = 300;

/// The list of conversations; on a phone a drawer that `drawer` opens.
#[component]
pub(super) fn Sidebar(session: Session, drawer: RwSignal<bool>) -> Part {
    let sidebar = Part::copy("sidebar");
    let room = item(session, drawer);
    sidebar.at("[data-place=room]").add(room.clone());
    let private = sidebar.at("[data-place=private]");
    let mut items = Vec::new();
    let hint = sidebar.at(".conversations-hint");
    follow(move || {
        session.read(|chat| {
            show_conversation(&room, chat, chat.room());
            // Items stay in their places, and the conversations move through them: what has the
            // focus is never taken off the page.
            while items.len() < chat.private().len() {
                let item = item(session, drawer);
                private.add(item.clone());
                items.push(item);
            }
            for (item, conversation) in items.iter().zip(chat.private()) {
                show_conversation(item, chat, conversation);
            }
            hint.text(match chat.me() {
                Me::Anonymous => words::private_anonymous(),
                Me::User(_) if chat.private().is_empty() => words::private_empty(),
                Me::User(_) => "",
            });
        });
    });
    for (hook, open) in [
        (".find", Task::Switch as fn(Session) -> Task),
        (".search", Task::Search),
        (".to-settings", Task::Settings),
    ] {
        sidebar.at(hook).on("click", move |_| {
            drawer.set(false);
            later::run(open(session));
        });
    }
    show_account(&sidebar, session);
    later::run(Task::Bell(session, sidebar.at(".bell")));
    sidebar
}

fn show_account(sidebar: &Part, session: Session) {
    let name = session.display_name();
    let signed_in = session.peek(|chat| matches!(chat.me(), Me::User(_)));
    face(&sidebar.at(".account .avatar"), &name);
    sidebar
        .at("#me")
        .text(&shown_name(if signed_in { &name } else { "" }));
    let sign_out = sidebar.at("#sign-out");
    if signed_in {
        sign_out.on("click", move |_| session.sign_out());
    } else {
        sign_out.remove();
    }
}

/// An item of the list, which opens whatever conversation it shows.
fn item(session: Session, drawer: RwSignal<bool>) -> Part {
    let item = Part::copy("conversation-item");
    let button = item.at("button");
    let shown = button.clone();
    button.on("click", move |_| {
        drawer.set(false);
        let shown = shown.get(CONVERSATION);
        if let Some(id) = shown.as_deref().and_then(ConversationId::of_key) {
            session.open(id);
        }
    });
    item
}

/// The attribute of an item that says which conversation it shows, by its key.
const CONVERSATION: &str = "data-conversation";

fn show_conversation(item: &Part, chat: &Chat, conversation: &Conversation) {
    let id = &conversation.id;
    let button = item.at("button");
    button.set(CONVERSATION, &id.key());
    button.set_if(chat.open().id == *id, "aria-current", "true");
    face_of(&item.at(".avatar"), id);
    item.at(".conversation-name").text(&name_of(id));
    let last = conversation.timeline.last_message();
    let said = last.map_or_else(String::new, |last| last_said(chat, id, last));
    item.at(".conversation-last").text(&said);
    let time = item.at("time");
    let at = last.map(|last| last.at.0 as f64);
    time.text(&at.map_or_else(String::new, clock::short));
    if let Some(at) = at {
        time.set("datetime", &clock::iso(at));
    }
    let is_quiet = id
        .recipient()
        .is_some_and(|name| chat.ignored().is_quiet(name));
    item.at("[data-place=muted]")
        .keep(is_quiet, || Part::copy("muted"));
    mention_badge(&item.at("[data-place=mentions]"), conversation.mentions);
    badge(&item.at("[data-place=badge]"), conversation.unread);
}

/// The last message of a conversation, on one line.
fn last_said(chat: &Chat, place: &ConversationId, last: &Message) -> String {
    if !last.own && chat.ignored().has(&last.sender, Measure::Hide) {
        return words::hidden().to_owned();
    }
    let text = one_line(start(&last.text, LAST_BYTES));
    // Between two people only one of them needs to be named.
    if last.own || *place == ConversationId::Room {
        words::last_said(last.own, &shown_name(&last.sender), &text)
    } else {
        text
    }
}

/// Shows how many of the unread messages name this person; nothing for none.
pub(super) fn mention_badge(place: &Part, mentions: usize) {
    let Some(badge) = place.keep(mentions > 0, || Part::copy("mention-badge")) else {
        return;
    };
    let shown = ["@", &mentions.min(99).to_string()].concat();
    badge.at("[aria-hidden]").text(&shown);
    badge.at(".aloud").text(&words::mentions(mentions));
}

/// Shows how many messages are unread; nothing for none.
pub(super) fn badge(place: &Part, unread: usize) {
    let Some(badge) = place.keep(unread > 0, || Part::copy("badge")) else {
        return;
    };
    badge.at("[aria-hidden]").text(&unread.min(99).to_string());
    badge.at(".aloud").text(&words::unread(unread));
}

/// Shows what stands for a conversation.
pub(super) fn face_of(avatar: &Part, id: &ConversationId) {
    match id {
        ConversationId::Room => {
            avatar.set("class", "avatar room");
            avatar.text("#");
        }
        ConversationId::With(name) => face(avatar, name),
    }
}

/// Shows the initials of a person.
pub(super) fn face(avatar: &Part, name: &str) {
    if name.is_empty() {
        avatar.set("class", "avatar nobody");
        avatar.text("?");
    } else {
        let hue = avatar::hue(name).to_string();
        avatar.set("class", &["avatar hue-", &hue].concat());
        avatar.text(&avatar::initials(name));
    }
}

/// What a conversation is called.
pub(super) fn name_of(id: &ConversationId) -> Cow<'_, str> {
    match id {
        ConversationId::Room => words::room().into(),
        ConversationId::With(name) => shown_name(name),
    }
}

/// A user name with everything in it made visible, or what stands for somebody without one.
pub(super) fn shown_name(name: &str) -> Cow<'_, str> {
    if name.is_empty() {
        words::anonymous().into()
    } else {
        visible(name)
    }
}
