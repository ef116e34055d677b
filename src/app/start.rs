//! Puts the page on the screen.

use leptos::prelude::*;

use super::{Session, Trail};
use crate::auth::Auth;
use crate::config::{Config, ConfigError};
use crate::diagnosis;
use crate::later::{self, Task};
use crate::platform::page;
use crate::ui::part::{follow, mount};
use crate::ui::root::{Root, RootProps};
use crate::ui::welcome;

/// Has the steps shown once somebody asks for them.
fn show_details(trail: Trail) {
    Owner::new().with(|| {
        follow(move || {
            if trail.open.get() {
                later::run(Task::Details(trail));
            }
        });
    });
}

/// Starts the app in place of what index.html shows while it loads.
pub fn start() {
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
    match session {
        Ok(session) => {
            remove_splash();
            let trail = session.trail;
            mount(move || Root(RootProps { session }));
            show_details(trail);
            session.attend();
            session.begin();
        }
        Err(error) => later::run(Task::Misconfigured(error)),
    }
}

/// Shows that a setting cannot be used.
pub(crate) fn misconfigured(error: &ConfigError) {
    remove_splash();
    let trail = Trail::new(Err(error));
    welcome::misconfigured(diagnosis::settings(error), trail);
    show_details(trail);
}

fn remove_splash() {
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
}
