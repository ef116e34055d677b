//! An answer that does not end, and carries text to the client; the client posts its own.

use std::convert::Infallible;
use std::sync::Arc;

use axum::http::{HeaderName, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::App;
use crate::options::Transport;
use crate::signalr_service::connections::{Line, Place};
use crate::signalr_service::session::Session;

/// Opens the stream. The connection is over when the stream is, whoever ends it.
pub(super) fn open(app: Arc<App>, place: Place) -> Response {
    let id = place.id.clone();
    let (session, posts) = Session::open(app.clone(), place, Transport::ServerSentEvents);
    app.connections.set_line(&id, Line::ServerSentEvents(posts));
    // Nothing is to be said before the handshake; a comment makes the browser's stream open.
    let first = Some(Event::default().comment(""));
    let events = stream::unfold((session, first), async |(mut session, first)| {
        let event = match first {
            Some(comment) => comment,
            // JSON has no line ends of its own, so that a text is one line.
            None => Event::default().data(session.next().await?.as_str()),
        };
        Some((Ok::<_, Infallible>(event), (session, None)))
    });
    let headers = [
        (header::CACHE_CONTROL, "no-cache, no-store"),
        // Neither may anything on the way collect events before it hands them on.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Sse::new(events)).into_response()
}
