//! The page: which of the screens.

use leptos::prelude::*;

use super::conversation::OpenConversation;
use super::sidebar::Sidebar;
use super::welcome::Welcome;
use crate::app::{Screen, Session};

/// The whole page.
#[component]
pub(crate) fn Root(session: Session) -> impl IntoView {
    Effect::new(move || {
        let state = session.link.with(|link| link.state.name());
        if let Some(root) = document().document_element() {
            // The one attribute that styles, tests and a curious person can read the state from.
            let _ = root.set_attribute("data-connection", state);
        }
    });
    move || match session.screen.get() {
        Screen::Chat => view! { <Chat session /> }.into_any(),
        screen => view! { <Welcome session screen /> }.into_any(),
    }
}

#[component]
fn Chat(session: Session) -> impl IntoView {
    let drawer = RwSignal::new(false);
    let on_escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            drawer.set(false);
        }
    };
    view! {
        <div class="chat" class:drawer-open=drawer on:keydown=on_escape>
            <Sidebar session drawer />
            <button class="drawer-shade" aria-label=super::words::CLOSE_LIST on:click=move |_| drawer.set(false)></button>
            <OpenConversation session drawer />
        </div>
    }
    .into_any()
}
