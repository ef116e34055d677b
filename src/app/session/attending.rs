//! Calling the person back to the page: the count in its title, and notifications.

use std::time::Duration;

use leptos::prelude::*;

use super::Session;
use crate::app::attention::{Call, REST, with_dot};
use crate::later::{self, Task};
use crate::platform::lock::{self, IfHeld};
use crate::platform::notification::{self, Permission};
use crate::platform::{clock, page, sound, storage, task};
use crate::ui::words;

/// Where this device remembers what the person wants.
const CALLS: &str = "chat.notifications";
const SOUND: &str = "chat.sound";
const ON: &str = "on";

/// Whether the person is called by notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calls {
    /// This browser has none.
    Missing,
    /// The person has not asked for them.
    Off,
    /// They have.
    On,
    /// They have, and the browser was told to show none.
    Denied,
}

impl Session {
    /// Follows whether somebody looks, and what they want. Once, for as long as the page lives.
    pub(crate) fn attend(self) {
        page::on_attention(move |event| match event {
            "storage" => {
                self.calls.set(calls());
                later::run(Task::LanguageSet(self));
                self.look_as_kept();
                if !self.has_history() {
                    self.forget_history();
                }
            }
            "languagechange" => later::run(Task::LanguageSet(self)),
            "pagehide" => self.keep_now(true),
            _ => {
                self.attention_changed();
                if page::is_hidden() {
                    self.keep_now(false);
                }
            }
        });
    }

    /// Of several pages of one person, the one that they looked at last calls them.
    pub(crate) fn begin_to_lead(self) {
        task::spawn(async move {
            loop {
                let name = self.attention_lock();
                let asked = lock::hold(&name, IfHeld::Wait, move |held| self.lead(held)).await;
                if asked.is_err() {
                    // Where pages cannot agree, each is on its own.
                    return self.lead(true);
                }
                self.lead(false);
            }
        });
        self.attention_changed();
    }

    fn attention_lock(self) -> String {
        self.parts.with_value(|parts| {
            let api = parts.config.api_base_url.as_str();
            ["chat.attention ", api, " ", &parts.user_id].concat()
        })
    }

    fn lead(self, leads: bool) {
        self.parts.update_value(|parts| parts.attention.lead(leads));
    }

    /// The person looks at the page, or does not any more.
    fn attention_changed(self) {
        self.show_unread();
        let takes_over = self
            .parts
            .with_value(|parts| parts.connection.is_some() && !parts.attention.leads());
        if takes_over && page::is_looked_at() {
            later::run(Task::TakeOver(self));
        }
    }

    /// Calls the person from now on, in place of whatever page does.
    pub(crate) fn take_over(self) {
        task::spawn(async move {
            let name = self.attention_lock();
            let asked = lock::hold(&name, IfHeld::Take, move |held| self.lead(held)).await;
            if asked.is_ok() {
                self.lead(false);
            }
        });
    }

    /// A message has come, or a call has rested. Not left to the next frame: a page behind others has none.
    pub(super) fn came(self) {
        let looked_at = page::is_looked_at();
        let call = self.parts.try_update_value(|parts| {
            let news = parts.chat.take_news();
            parts.attention.came(news, looked_at, clock::now() as u64)
        });
        self.show_unread();
        if let Some(call) = call.flatten() {
            later::run(Task::Call(self, call));
            set_timeout(move || self.came(), Duration::from_millis(REST));
        }
    }

    fn show_unread(self) {
        let looked_at = page::is_looked_at();
        let count = self.parts.try_update_value(|parts| {
            let private = parts.chat.private().iter().map(|one| one.unread);
            let unread = private.sum::<usize>() + parts.chat.room().unread;
            parts.attention.unread(unread, looked_at)
        });
        if let Some(count) = count.flatten() {
            page::set_title(&words::title(count));
            page::set_icon(|icon| with_dot(icon).filter(|_| count > 0));
        }
    }

    pub(crate) fn call(self, call: Call) {
        if calls() == Calls::On {
            let (title, text) = match call.count {
                1 => (call.sender, call.text),
                count => (words::title(0), words::new_messages(count)),
            };
            let place = call.place.clone();
            notification::show(&title, &text, "chat", move || self.open(place));
        }
        if is_on(SOUND) {
            sound::beep();
        }
    }

    /// Switches notifications on or off. Only what the person has just clicked on may do so.
    pub(crate) fn toggle_calls(self) {
        let local = storage::local();
        if is_on(CALLS) {
            storage::remove(local.as_ref(), CALLS);
            self.calls.set(calls());
            return;
        }
        task::spawn(async move {
            notification::ask().await;
            storage::set(storage::local().as_ref(), CALLS, ON);
            self.calls.set(calls());
        });
    }

    /// True if each call comes with a sound.
    pub(crate) fn has_sound(self) -> bool {
        is_on(SOUND)
    }

    /// Makes a sound with each call, or none. Who switches it on hears it.
    pub(crate) fn set_sound(self, on: bool) {
        let local = storage::local();
        if on {
            storage::set(local.as_ref(), SOUND, ON);
            sound::beep();
        } else {
            storage::remove(local.as_ref(), SOUND);
        }
    }
}

fn is_on(preference: &str) -> bool {
    storage::get(storage::local().as_ref(), preference).as_deref() == Some(ON)
}

/// Whether the person is called by notifications.
pub(super) fn calls() -> Calls {
    match notification::permission() {
        Permission::Missing => Calls::Missing,
        _ if !is_on(CALLS) => Calls::Off,
        Permission::Granted => Calls::On,
        Permission::Denied => Calls::Denied,
        // Asked, and put off.
        Permission::NotAsked => Calls::Off,
    }
}
