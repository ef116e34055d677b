//! Puts the page on the screen.

use leptos::prelude::*;

use super::{Session, Trail, crash, speaking};
use crate::auth::Auth;
use crate::config::{Config, ConfigError};
use crate::diagnosis;
use crate::language::Language;
use crate::later::{self, Task};
use crate::platform::{page, task};
use crate::ui::details::{Details, DetailsProps};
use crate::ui::part::mount;
use crate::ui::root::{Root, RootProps};
use crate::ui::welcome;

/// Starts the app in place of what index.html shows while it loads.
pub fn start() {
    crash::tell_of_panics();
    // Before anything is drawn or asked for: a session token must not stay in the page's address.
    let auth = match settings() {
        Ok(config) => match Auth::begin(&config) {
            Some(auth) => Some(auth),
            // A window that is about to close.
            None => return,
        },
        Err(_) => None,
    };
    task::spawn(async move {
        let language = speaking::speak(true).await.unwrap_or_default();
        show(auth, language);
    });
}

/// Read where they are needed: what is wrong with them is then said in the language of the moment.
fn settings() -> Result<Config, ConfigError> {
    let block = document().get_element_by_id("chat-config");
    let json = block.and_then(|block| block.text_content());
    Config::parse(json.as_deref().unwrap_or("{}"), &page::origin())
}

fn show(auth: Option<Auth>, language: Language) {
    match (settings(), auth) {
        (Ok(config), Some(auth)) => {
            remove_splash();
            let session = Session::new(config, auth, language);
            mount(move || Root(RootProps { session }));
            session.attend();
            session.begin();
        }
        (Err(error), _) => later::run(Task::Misconfigured(error)),
        // The sign-in begins wherever the settings can be used.
        (Ok(_), None) => {}
    }
}

/// Shows that a setting cannot be used.
pub(crate) fn misconfigured(error: &ConfigError) {
    remove_splash();
    let trail = Trail::new(Err(error));
    welcome::misconfigured(diagnosis::settings(error), trail);
    mount(move || Details(DetailsProps { trail }));
}

fn remove_splash() {
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
}
