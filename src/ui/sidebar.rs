//! The conversations, and who is signed in.

use leptos::prelude::*;

use super::bell::bell;
use super::part::{Part, follow};
use super::{avatar, words};
use crate::app::Session;
use crate::chat::{Chat, Conversation, ConversationId, Me};

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
                Me::Anonymous => words::PRIVATE_ANONYMOUS,
                Me::User(_) if chat.private().is_empty() => words::PRIVATE_EMPTY,
                Me::User(_) => "",
            });
        });
    });
    show_account(&sidebar, session);
    bell(sidebar.at(".bell"), session);
    sidebar
}

fn show_account(sidebar: &Part, session: Session) {
    let name = session.display_name();
    let signed_in = session.peek(|chat| matches!(chat.me(), Me::User(_)));
    face(&sidebar.at(".account .avatar"), &name);
    let shown = if signed_in { &name } else { words::ANONYMOUS };
    sidebar.at("#me").text(shown);
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
        let hook = shown.get(CONVERSATION).unwrap_or_default();
        session.open(match hook.strip_prefix(USER) {
            Some(name) => ConversationId::With(name.into()),
            None => ConversationId::Room,
        });
    });
    item
}

/// The attribute of an item that says which conversation it shows: `room`, or `user:` and a name.
const CONVERSATION: &str = "data-conversation";
const USER: &str = "user:";

fn show_conversation(item: &Part, chat: &Chat, conversation: &Conversation) {
    let id = &conversation.id;
    let button = item.at("button");
    match id {
        ConversationId::Room => button.set(CONVERSATION, "room"),
        ConversationId::With(name) => button.set(CONVERSATION, &[USER, name].concat()),
    }
    button.set_if(chat.open().id == *id, "aria-current", "true");
    face_of(&item.at(".avatar"), id);
    item.at(".conversation-name").text(name_of(id));
    let last = conversation.timeline.last_message();
    // The list shows one line: no need to hand on a text of any length.
    let last: String = last.map_or_else(String::new, |last| last.text.chars().take(80).collect());
    item.at(".conversation-last").text(&last);
    badge(&item.at("[data-place=badge]"), conversation.unread);
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
pub(super) fn name_of(id: &ConversationId) -> &str {
    match id {
        ConversationId::Room => words::ROOM,
        ConversationId::With(name) => shown_name(name),
    }
}

/// A user name, or what stands for somebody without one.
pub(super) fn shown_name(name: &str) -> &str {
    if name.is_empty() {
        words::ANONYMOUS
    } else {
        name
    }
}
