//! The open conversation: head, notices, timeline, composer.

use leptos::prelude::*;

use super::composer::Composer;
use super::notice::Notices;
use super::part::{Part, follow};
use super::person::PersonMenu;
use super::sidebar::{badge, name_of};
use super::switcher::look_alike;
use super::timeline::TimelineView;
use super::words;
use crate::app::Session;
use crate::chat::ConversationId;

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
    conversation
        .at("[data-place=notices]")
        .add(view! { <Notices session /> });
    let (name, hint) = (conversation.at("h1 bdi"), conversation.at("h1 + p"));
    let person = conversation.at("[data-place=person]");
    let timeline = conversation.at("[data-place=timeline]");
    let composer = conversation.at("[data-place=composer]");
    follow(move || {
        let id = session.open_id();
        name.text(&name_of(&id));
        let look_alike = id.recipient().map(|name| look_alike(session, name));
        let look_alike = look_alike.filter(|words| !words.is_empty());
        hint.set_if(look_alike.is_some(), "class", "looks-like");
        hint.text(match (&id, &look_alike) {
            (ConversationId::Room, _) => words::ROOM_HINT,
            (_, Some(words)) => words,
            (_, None) => words::PRIVATE_HINT,
        });
        let is_somebody = id.recipient().is_some();
        person.show_if(is_somebody.then(|| view! { <PersonMenu session id=id.clone() /> }.into()));
        // A conversation has a window and a draft of its own: both start anew with it.
        timeline.show(view! { <TimelineView session id=id.clone() /> });
        composer.show(view! { <Composer session id /> });
    });
    conversation
}
