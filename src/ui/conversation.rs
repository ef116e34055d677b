//! The open conversation: head, notices, timeline, composer.

use leptos::prelude::*;

use super::composer::Composer;
use super::notice::Notices;
use super::sidebar::{badge, shown_name};
use super::timeline::TimelineView;
use super::words;
use crate::app::Session;
use crate::chat::ConversationId;

/// Everything beside the list of conversations. `drawer` opens that list on a phone.
#[component]
pub(super) fn OpenConversation(session: Session, drawer: RwSignal<bool>) -> impl IntoView {
    let elsewhere = move || {
        session.read(|chat| {
            chat.private().iter().map(|one| one.unread).sum::<usize>() + chat.room().unread
        })
    };
    let title = move || match session.open_id() {
        ConversationId::Room => (words::ROOM.to_owned(), words::ROOM_HINT),
        ConversationId::With(name) => (shown_name(&name), words::PRIVATE_HINT),
    };
    view! {
        <main class="conversation">
            <header class="conversation-head">
                <button class="drawer-button" aria-label=words::OPEN_LIST on:click=move |_| drawer.set(true)>
                    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
                        <path stroke="currentColor" stroke-width="2" stroke-linecap="round" d="M4 6h16M4 12h16M4 18h16" />
                    </svg>
                    {move || badge(elsewhere())}
                </button>
                <div class="conversation-title">
                    <h1><bdi>{move || title().0}</bdi></h1>
                    <p>{move || title().1}</p>
                </div>
                {move || connection(session)}
            </header>
            <Notices session />
            {move || {
                // A conversation has a window and a draft of its own: both start anew with it.
                let id = session.open_id();
                view! {
                    <TimelineView session id=id.clone() />
                    <Composer session id />
                }
            }}
        </main>
    }
    .into_any()
}

fn connection(session: Session) -> AnyView {
    let state = session.link.with(|link| link.state);
    let class = ["connection ", state.name()].concat();
    view! { <p class=class role="status">{state.words()}</p> }.into_any()
}
