//! What this browser keeps for the person, and what becomes of it when they go.

use std::time::Duration;

use futures_channel::oneshot;
use leptos::prelude::set_timeout;

use crate::platform::database::Database;
use crate::platform::{storage, task};

/// A page that hangs may keep a database from going at once: longer than this nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Forgets all that belongs to whoever was here: they sign out, or somebody else has signed in.
/// Whatever is kept anywhere for a person must be forgotten here. `ignored` is where it stands whom
/// they ignore, and `history` the database of what was said, which nobody may have open here any more.
pub(super) fn forget(ignored: &str, history: String) -> impl Future<Output = ()> + use<> {
    storage::remove(storage::local().as_ref(), ignored);
    if let Some(session) = storage::session() {
        // Fails only where nothing is kept.
        let _ = session.clear();
    }
    let (gone, deleted) = oneshot::channel::<()>();
    task::spawn(async move {
        // Fails where there is no database.
        let _ = Database::delete(&history).await;
        drop(gone);
    });
    let (late, given_up) = oneshot::channel::<()>();
    set_timeout(move || drop(late), PATIENCE);
    async move {
        either(deleted, given_up).await;
    }
}

/// Ends with the first of two that end.
async fn either(mut one: oneshot::Receiver<()>, mut other: oneshot::Receiver<()>) {
    std::future::poll_fn(|context| {
        let ended = |what: &mut oneshot::Receiver<()>, context: &mut _| {
            Future::poll(std::pin::Pin::new(what), context).is_ready()
        };
        if ended(&mut one, context) || ended(&mut other, context) {
            return std::task::Poll::Ready(());
        }
        std::task::Poll::Pending
    })
    .await;
}
