//! Requests that wait until there is something to answer; the client posts its own text.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::sleep;

use crate::App;
use crate::options::Transport;
use crate::signalr_service::connections::{Line, Place};
use crate::signalr_service::session::Session;

/// A connection between and during its polls.
pub(in crate::signalr_service) struct LongPolling {
    id: String,
    session: Mutex<Session>,
    posts: mpsc::Sender<String>,
    /// The number of the latest poll: all others end.
    latest: watch::Sender<u64>,
}

/// Opens a connection. The first poll is answered at once, so that the client knows.
pub(super) fn open(app: Arc<App>, place: Place) -> Response {
    let id = place.id.clone();
    let (session, posts) = Session::open(app.clone(), place, Transport::LongPolling);
    let polling = Arc::new(LongPolling {
        id: id.clone(),
        session: Mutex::new(session),
        posts,
        latest: watch::Sender::new(0),
    });
    drop(Poll::begin(&app, &polling));
    app.connections.set_line(&id, Line::LongPolling(polling));
    answer(StatusCode::OK, String::new())
}

impl LongPolling {
    /// Waits for something to answer. 200 with all texts that are there, or with none after
    /// [`crate::Options::poll_timeout`]; 204 if the connection is over or polled anew.
    pub(super) async fn poll(self: Arc<Self>, app: &Arc<App>) -> Response {
        let poll = Poll::begin(app, &self);
        let mut latest = self.latest.subscribe();
        let mut replaced = std::pin::pin!(latest.wait_for(|latest| *latest != poll.number));
        // Whoever polled before lets go of it, since it sees this poll's number.
        let mut session = tokio::select! {
            biased;
            _ = &mut replaced => return answer(StatusCode::NO_CONTENT, String::new()),
            session = self.session.lock() => session,
        };
        tokio::select! {
            biased;
            _ = &mut replaced => answer(StatusCode::NO_CONTENT, String::new()),
            text = session.next() => match text {
                Some(text) => {
                    let mut body = text.to_string();
                    while let Some(text) = session.try_next() {
                        body.push_str(&text);
                    }
                    answer(StatusCode::OK, body)
                }
                None => {
                    self.end(app);
                    answer(StatusCode::NO_CONTENT, String::new())
                }
            },
            () = sleep(app.options.poll_timeout) => answer(StatusCode::OK, String::new()),
        }
    }

    /// Where what is posted goes.
    pub(super) fn posts(&self) -> mpsc::Sender<String> {
        self.posts.clone()
    }

    /// Ends the connection, and a poll with it.
    pub(super) fn end(&self, app: &App) {
        self.latest.send_modify(|latest| *latest += 1);
        app.connections.release(&self.id);
    }
}

/// A poll that is being answered. When the latest one is done, answered or not, the client has
/// [`crate::Options::disconnect_timeout`] to begin the next.
struct Poll {
    app: Arc<App>,
    polling: Arc<LongPolling>,
    number: u64,
}

impl Poll {
    fn begin(app: &Arc<App>, polling: &Arc<LongPolling>) -> Poll {
        let mut number = 0;
        polling.latest.send_modify(|latest| {
            *latest += 1;
            number = *latest;
        });
        Poll {
            app: app.clone(),
            polling: polling.clone(),
            number,
        }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        if *self.polling.latest.borrow() != self.number {
            return;
        }
        // Dropped with the process, there is nobody to wait for.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        // A connection that has ended otherwise must not live on for this.
        let polling = Arc::downgrade(&self.polling);
        let (app, number) = (self.app.clone(), self.number);
        runtime.spawn(async move {
            sleep(app.options.disconnect_timeout).await;
            if let Some(polling) = polling.upgrade()
                && *polling.latest.borrow() == number
            {
                polling.end(&app);
            }
        });
    }
}

fn answer(status: StatusCode, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache, no-store"),
    ];
    (status, headers, body).into_response()
}
