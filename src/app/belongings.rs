//! What this browser keeps for the person, and what becomes of it when they go.

use crate::platform::storage;

/// Forgets all that belongs to whoever was here: they sign out, or somebody else has signed in.
/// Whatever is kept anywhere for a person must be forgotten here. `ignored` is where it stands whom
/// they ignore.
pub(super) fn forget(ignored: &str) {
    storage::remove(storage::local().as_ref(), ignored);
    if let Some(session) = storage::session() {
        // Fails only where nothing is kept.
        let _ = session.clear();
    }
}
