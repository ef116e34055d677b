//! How the person wants the page to look.

use super::Session;
use crate::app::looks::{LOOKS, Look, key};
use crate::platform::{looks, storage};

impl Session {
    /// How the page looks.
    pub(crate) fn look(self, look: &Look) -> &'static str {
        look.chosen(looks::get(look.name).as_deref())
    }

    /// Has this page, and those that come on this device, look like that.
    pub(crate) fn set_look(self, name: &str, value: &str) {
        // Where nothing can be kept, it holds as long as the page.
        storage::set(storage::local().as_ref(), &key(name), value);
        looks::set(name, value);
    }

    /// Another page of this device may have chosen.
    pub(super) fn look_as_kept(self) {
        let local = storage::local();
        for look in &LOOKS {
            let kept = storage::get(local.as_ref(), &look.key());
            looks::set(look.name, look.chosen(kept.as_deref()));
        }
    }
}
