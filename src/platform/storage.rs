//! What this browser keeps for the page. It may be switched off or full: then nothing is kept,
//! and the page goes on.

use web_sys::Storage;

/// The storage of this tab. It lasts until the tab is closed, and no other tab sees it.
pub(crate) fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// The value of `key`; `None` if there is none, or no storage.
pub(crate) fn get(storage: Option<&Storage>, key: &str) -> Option<String> {
    storage?.get_item(key).ok()?
}

/// Keeps `value` under `key`. False if it could not be kept.
pub(crate) fn set(storage: Option<&Storage>, key: &str, value: &str) -> bool {
    storage.is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Forgets `key`.
pub(crate) fn remove(storage: Option<&Storage>, key: &str) {
    if let Some(storage) = storage {
        // Fails only where there is nothing to forget.
        let _ = storage.remove_item(key);
    }
}
