//! A connection that requests carry one after another, and what is between them.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{Mutex, MutexGuard, mpsc, watch};
use tokio::time::sleep;

use crate::App;
use crate::options::Transport;
use crate::signalr_service::connections::Place;
use crate::signalr_service::session::Session;

/// A connection, whichever request carries it just now.
pub(in crate::signalr_service) struct Shared {
    id: String,
    session: Mutex<Session>,
    posts: mpsc::Sender<String>,
    /// The number of the latest turn: all others end.
    latest: watch::Sender<u64>,
}

impl Shared {
    /// A connection that has just been opened.
    pub(super) fn open(app: &Arc<App>, place: Place, transport: Transport) -> Arc<Shared> {
        let id = place.id.clone();
        let (session, posts) = Session::open(app.clone(), place, transport);
        Arc::new(Shared {
            id,
            session: Mutex::new(session),
            posts,
            latest: watch::Sender::new(0),
        })
    }

    /// Where what is posted goes.
    pub(super) fn posts(&self) -> mpsc::Sender<String> {
        self.posts.clone()
    }

    /// Ends the connection, and the request that carries it.
    pub(super) fn end(&self, app: &App) {
        self.latest.send_modify(|latest| *latest += 1);
        app.connections.release(&self.id);
    }
}

/// A request that carries the connection until the next one does. When the latest one is done,
/// in whichever way, the client has [`crate::Options::disconnect_timeout`] to begin the next.
pub(super) struct Turn {
    pub(super) app: Arc<App>,
    pub(super) shared: Arc<Shared>,
    number: u64,
}

impl Turn {
    /// Ends the turn before.
    pub(super) fn begin(app: Arc<App>, shared: Arc<Shared>) -> Turn {
        let mut number = 0;
        shared.latest.send_modify(|latest| {
            *latest += 1;
            number = *latest;
        });
        Turn {
            app,
            shared,
            number,
        }
    }

    /// Returns when the next turn begins, or the connection ends.
    pub(super) async fn replaced(&self) {
        let mut latest = self.shared.latest.subscribe();
        // The sender lives as long as `self`, so there is no error to come.
        let _ = latest.wait_for(|latest| *latest != self.number).await;
    }

    /// The connection, once the turn before has let go of it. `None` if it is this one's turn no
    /// more.
    pub(super) async fn session(&self) -> Option<MutexGuard<'_, Session>> {
        tokio::select! {
            biased;
            () = self.replaced() => None,
            session = self.shared.session.lock() => Some(session),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if *self.shared.latest.borrow() != self.number {
            return;
        }
        // Dropped with the process, there is nobody to wait for.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        // A connection that has ended otherwise must not live on for this.
        let shared = Arc::downgrade(&self.shared);
        let (app, number) = (self.app.clone(), self.number);
        runtime.spawn(async move {
            sleep(app.options.disconnect_timeout).await;
            if let Some(shared) = shared.upgrade()
                && *shared.latest.borrow() == number
            {
                shared.end(&app);
            }
        });
    }
}
