//! The page: which of the screens.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::conversation::OpenConversation;
use super::details::Details;
use super::dialog;
use super::part::{Part, follow, mount};
use super::sidebar::Sidebar;
use super::welcome::Welcome;
use crate::app::{Screen, Session};
use crate::later::{self, Task};

/// The whole page.
#[component]
pub(crate) fn Root(session: Session) -> Part {
    follow(move || {
        let state = session.link.with(|link| link.state.name());
        if let Some(root) = document().document_element() {
            // The one attribute that styles, tests and a curious person can read the state from.
            let _ = root.set_attribute("data-connection", state);
        }
    });
    follow(move || {
        if session.trail.open.get() {
            later::run(Task::Dialogs(session));
        }
    });
    let root = Part::copy("root");
    let place = root.clone();
    follow(move || {
        // In another language all of it is drawn anew.
        session.language.track();
        place.show(match session.screen.get() {
            Screen::Chat => view! { <Chat session /> },
            screen => view! { <Welcome session screen /> },
        });
    });
    if let Some(page) = Part::page() {
        page.on("keydown", move |event| {
            shortcut(session, &event.unchecked_into())
        });
    }
    root
}

/// Puts what opens over the page there, if it is not yet.
pub(crate) fn show_dialogs(session: Session) {
    if Part::on_page(".details").is_none() {
        mount(move || view! { <Dialogs session /> }.into());
    }
}

/// What opens over the page.
#[component]
fn Dialogs(session: Session) -> Part {
    let place = Part::copy("root");
    let shown = place.clone();
    follow(move || {
        session.language.track();
        shown.show(view! { <Details trail=session.trail /> });
    });
    place
}

/// The keys that work wherever the focus is.
fn shortcut(session: Session, event: &web_sys::KeyboardEvent) {
    let here = session
        .screen
        .with_untracked(|screen| *screen == Screen::Chat);
    if !here || dialog::is_open() || event.alt_key() {
        return;
    }
    let (key, control) = (event.key(), event.ctrl_key() || event.meta_key());
    let open = match key.as_str() {
        "k" | "K" if control && !event.shift_key() => Task::Switch(session),
        "f" | "F" if control && event.shift_key() => Task::Search(session),
        "," if control => Task::Settings(session),
        // On many keyboards it takes Shift.
        "/" if control => Task::Help,
        "?" if !control && !is_typed(event) => Task::Help,
        _ => return,
    };
    event.prevent_default();
    later::run(open);
}

/// True if the key that was pressed is typed into a field.
fn is_typed(event: &web_sys::KeyboardEvent) -> bool {
    let target = event
        .target()
        .map(JsCast::unchecked_into::<web_sys::Element>);
    target.is_some_and(|target| target.matches("input,textarea").unwrap_or(true))
}

#[component]
fn Chat(session: Session) -> Part {
    let drawer = RwSignal::new(false);
    let chat = Part::copy("chat");
    let shade = chat.at(".drawer-shade");
    shade.on("click", move |_| drawer.set(false));
    chat.insert(view! { <Sidebar session drawer /> }, Some(&shade));
    chat.add(view! { <OpenConversation session drawer /> });
    chat.on("keydown", move |event| {
        let event: web_sys::KeyboardEvent = event.unchecked_into();
        if event.key() == "Escape" {
            drawer.set(false);
        }
    });
    let shown = chat.clone();
    follow(move || {
        let class = if drawer.get() {
            "chat drawer-open"
        } else {
            "chat"
        };
        shown.set("class", class);
    });
    chat
}
