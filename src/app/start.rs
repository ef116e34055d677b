//! Puts the page on the screen.

use leptos::prelude::*;

use super::{Session, Trail, crash};
use crate::auth::Auth;
use crate::config::Config;
use crate::diagnosis;
use crate::platform::page;
use crate::ui::details::{Details, DetailsProps};
use crate::ui::part::Part;
use crate::ui::root::{Root, RootProps};
use crate::ui::welcome::{Broken, BrokenProps};

/// Puts `root` at the end of the page.
fn mount(root: impl FnOnce() -> Part + 'static) {
    if let Some(body) = document().body() {
        leptos::mount::mount_to_renderer(&body, root).forget();
    }
}

/// Starts the app in place of what index.html shows while it loads.
pub fn start() {
    crash::tell_of_panics();
    let settings = document()
        .get_element_by_id("chat-config")
        .and_then(|block| block.text_content());
    let config = Config::parse(settings.as_deref().unwrap_or("{}"), &page::origin());
    // Before anything is drawn: a session token must not stay in the page's address.
    let session = match config {
        Ok(config) => match Auth::begin(&config) {
            Some(auth) => Ok(Session::new(config, auth)),
            // A window that is about to close.
            None => return,
        },
        Err(error) => Err(error),
    };
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
    match session {
        Ok(session) => {
            let trail = session.trail;
            mount(move || Root(RootProps { session }));
            mount(move || Details(DetailsProps { trail }));
            session.attend();
            session.begin();
        }
        Err(error) => {
            let problem = diagnosis::settings(&error);
            let trail = Trail::new(Err(&error));
            mount(move || Broken(BrokenProps { problem, trail }));
            mount(move || Details(DetailsProps { trail }));
        }
    }
}
