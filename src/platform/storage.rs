//! What this browser keeps for the page. It may be switched off or full: then nothing is kept,
//! and the page goes on.

use web_sys::Storage;

/// The storage of this tab. It lasts until the tab is closed, and no other tab sees it.
pub(crate) fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// The storage of this device. It stays until it is emptied, and every tab of the page sees it.
pub(crate) fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The value of `key`; `None` if there is none, or no storage.
pub(crate) fn get(storage: Option<&Storage>, key: &str) -> Option<String> {
    storage?.get_item(key).ok()?
}

/// Keeps `value` under `key`. False if it could not be kept.
pub(crate) fn set(storage: Option<&Storage>, key: &str, value: &str) -> bool {
    storage.is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// True if something can be kept.
pub(crate) fn keeps(storage: Option<&Storage>) -> bool {
    const KEY: &str = "chat.keeps";
    let kept = set(storage, KEY, KEY);
    remove(storage, KEY);
    kept
}

/// Forgets `key`.
pub(crate) fn remove(storage: Option<&Storage>, key: &str) {
    if let Some(storage) = storage {
        // Fails only where there is nothing to forget.
        let _ = storage.remove_item(key);
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_is_kept_is_there_until_it_is_forgotten() {
        let storage = session();
        assert!(set(storage.as_ref(), "test.key", "value"));
        assert_eq!(get(storage.as_ref(), "test.key").as_deref(), Some("value"));
        remove(storage.as_ref(), "test.key");
        assert_eq!(get(storage.as_ref(), "test.key"), None);
    }

    #[wasm_bindgen_test]
    fn a_storage_that_is_full_or_off_keeps_nothing_and_says_so() {
        let storage = session();
        assert!(!set(storage.as_ref(), "test.huge", &"x".repeat(20_000_000)));
        assert_eq!(get(storage.as_ref(), "test.huge"), None);
        assert!(keeps(storage.as_ref()) && !keeps(None));
        assert!(!set(None, "test.key", "value"));
        assert_eq!(get(None, "test.key"), None);
        remove(None, "test.key");
    }
}
