//! Requests that wait until there is something to answer; the client posts its own text.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::sleep;

use super::shared::{Shared, Turn};
use crate::App;
use crate::options::Transport;
use crate::signalr_service::connections::{Line, Place};

/// Opens a connection. The first poll is answered at once, so that the client knows.
pub(super) fn open(app: Arc<App>, place: Place) -> Response {
    let id = place.id.clone();
    let shared = Shared::open(&app, place, Transport::LongPolling);
    app.connections
        .set_line(&id, Line::LongPolling(shared.clone()));
    drop(Turn::begin(app, shared));
    answer(StatusCode::OK, String::new())
}

/// Waits for something to answer. 200 with all texts that are there, or with none after
/// [`crate::Options::poll_timeout`]; 204 if the connection is over or polled anew.
pub(super) async fn poll(app: Arc<App>, shared: Arc<Shared>) -> Response {
    let turn = Turn::begin(app, shared);
    let Some(mut session) = turn.session().await else {
        return answer(StatusCode::NO_CONTENT, String::new());
    };
    tokio::select! {
        biased;
        () = turn.replaced() => answer(StatusCode::NO_CONTENT, String::new()),
        text = session.next() => match text {
            Some(text) => {
                let mut body = text.to_string();
                while let Some(text) = session.try_next() {
                    body.push_str(&text);
                }
                answer(StatusCode::OK, body)
            }
            None => {
                turn.shared.end(&turn.app);
                answer(StatusCode::NO_CONTENT, String::new())
            }
        },
        () = sleep(turn.app.options.poll_timeout) => answer(StatusCode::OK, String::new()),
    }
}

fn answer(status: StatusCode, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache, no-store"),
    ];
    (status, headers, body).into_response()
}
