//! Whom the person ignores: kept on this device, by backend and account, until they sign out.

use leptos::prelude::*;

use super::Session;
use crate::chat::{Ignored, Measure};
use crate::platform::storage;

impl Session {
    /// Takes a measure against somebody, or takes it back.
    pub(crate) fn ignore(self, name: &str, measure: Measure, taken: bool) {
        self.change(|chat, _| chat.ignore(name, measure, taken));
        // What another tab has kept meanwhile stays.
        let mut ignored = self.kept_ignored();
        ignored.set(name, measure, taken);
        let (local, key, text) = (storage::local(), self.ignored_key(), ignored.written());
        if text.is_empty() {
            storage::remove(local.as_ref(), &key);
        } else {
            storage::set(local.as_ref(), &key, &text);
        }
    }

    /// Takes up what this device knows.
    pub(super) fn take_up_ignored(self) {
        let ignored = self.kept_ignored();
        self.change(|chat, _| chat.take_up_ignored(ignored));
    }

    fn kept_ignored(self) -> Ignored {
        let kept = storage::get(storage::local().as_ref(), &self.ignored_key());
        Ignored::read(&kept.unwrap_or_default())
    }

    /// Where it is kept.
    pub(super) fn ignored_key(self) -> String {
        self.parts.with_value(|parts| {
            let (backend, account) = (&parts.config.api_base_url, &parts.user_id);
            ["chat.ignored:", backend, " ", account].concat()
        })
    }
}
