//! Puts the page on the screen.

use leptos::prelude::*;

use super::{Session, Trail, crash, speaking};
use crate::auth::Auth;
use crate::config::{Config, ConfigError};
use crate::diagnosis;
use crate::language::Language;
use crate::platform::{page, task};
use crate::ui::details::{Details, DetailsProps};
use crate::ui::part::Part;
use crate::ui::root::{Dialogs, DialogsProps, Root, RootProps};
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
        let language = speaking::speak().await.unwrap_or_default();
        if let Some(splash) = document().get_element_by_id("splash") {
            splash.remove();
        }
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
            let session = Session::new(config, auth, language);
            mount(move || Root(RootProps { session }));
            mount(move || Dialogs(DialogsProps { session }));
            session.attend();
            session.begin();
        }
        (Err(error), _) => {
            let problem = diagnosis::settings(&error);
            let trail = Trail::new(Err(&error));
            mount(move || Broken(BrokenProps { problem, trail }));
            mount(move || Details(DetailsProps { trail }));
        }
        // The sign-in begins wherever the settings can be used.
        (Ok(_), None) => {}
    }
}
