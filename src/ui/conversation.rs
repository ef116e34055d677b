//! The open conversation: head, notices, timeline, composer.

use leptos::prelude::*;

use super::composer::Composer;
use super::notice::Notices;
use super::part::{Part, follow};
use super::sidebar::{badge, name_of};
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
    let timeline = conversation.at("[data-place=timeline]");
    let composer = conversation.at("[data-place=composer]");
    follow(move || {
        let id = session.open_id();
        name.text(name_of(&id));
        hint.text(match id {
            ConversationId::Room => words::ROOM_HINT,
            ConversationId::With(_) => words::PRIVATE_HINT,
        });
        // A conversation has a window and a draft of its own: both start anew with it.
        timeline.show(view! { <TimelineView session id=id.clone() /> });
        composer.show(view! { <Composer session id /> });
    });
    conversation
}
