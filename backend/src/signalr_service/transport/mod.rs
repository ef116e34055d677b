//! What carries text to clients and back: one file a transport, and here which one a request is
//! for.
//!
//! As in the "SignalR transport protocol" specification.

mod long_polling;
mod server_sent_events;
pub(super) mod shared;
mod websocket;

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use super::connections::{ClaimError, Line, Place};
use super::{Parameters, is_full};
use crate::App;
use crate::options::Transport;
use crate::switches::Step;
use crate::switches::fault::may_fail;

/// What the address of the hub answers.
pub(super) fn routes(app: &Arc<App>) -> MethodRouter<Arc<App>> {
    may_fail(get(connect), app, Step::Connect)
        .post(send)
        .delete(end)
        .layer(DefaultBodyLimit::max(app.options.limits.message))
}

impl Parameters {
    /// The connection that a request is for, and the access token that it shows.
    fn connection(&self, app: &App, headers: &HeaderMap) -> Result<(&str, String), StatusCode> {
        let (token, _) = self.authenticate(app, headers)?;
        let id = self.id.as_deref().ok_or(StatusCode::BAD_REQUEST)?;
        Ok((id, token))
    }
}

/// Opens a connection, or polls one.
async fn connect(
    State(app): State<Arc<App>>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let transport = transport(&headers);
    if !app.options.transports.contains(&transport) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let (id, token) = match parameters.connection(&app, &headers) {
        Ok(connection) => connection,
        Err(status) => return status.into_response(),
    };
    let line = app.connections.line(id, &token);
    match (transport, line, upgrade) {
        (Transport::WebSockets, _, Err(rejection)) => rejection.into_response(),
        (Transport::WebSockets, Some(Line::StatefulWebSocket(shared)), Ok(upgrade)) => {
            websocket::resume(app, shared, upgrade)
        }
        (Transport::LongPolling, Some(Line::LongPolling(shared)), _) => {
            long_polling::poll(app, shared).await
        }
        (transport, _, upgrade) => match (claim(&app, id, &token), upgrade) {
            (Err(status), _) => status.into_response(),
            (Ok(place), Ok(upgrade)) => websocket::open(app, place, upgrade),
            (Ok(place), Err(_)) if transport == Transport::ServerSentEvents => {
                server_sent_events::open(app, place)
            }
            (Ok(place), Err(_)) => long_polling::open(app, place),
        },
    }
}

/// Which transport a GET means.
fn transport(headers: &HeaderMap) -> Transport {
    let accepts_events = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/event-stream"));
    if headers.contains_key(header::UPGRADE) {
        Transport::WebSockets
    } else if accepts_events {
        Transport::ServerSentEvents
    } else {
        Transport::LongPolling
    }
}

fn claim(app: &App, id: &str, token: &str) -> Result<Place, StatusCode> {
    if *app.hub.closed().borrow() {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    if is_full(app) {
        return Err(StatusCode::TOO_MANY_REQUESTS);
    }
    app.connections
        .claim(id, token)
        .map_err(|error| match error {
            ClaimError::Unknown => StatusCode::NOT_FOUND,
            ClaimError::InUse => StatusCode::CONFLICT,
        })
}

/// Takes text from a client whose transport cannot carry it.
async fn send(
    State(app): State<Arc<App>>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    text: String,
) -> Result<StatusCode, StatusCode> {
    let (id, token) = parameters.connection(&app, &headers)?;
    let line = app.connections.line(id, &token);
    let posts = match line.ok_or(StatusCode::NOT_FOUND)? {
        Line::WebSocket | Line::StatefulWebSocket(_) => return Err(StatusCode::METHOD_NOT_ALLOWED),
        Line::ServerSentEvents(posts) => posts,
        Line::LongPolling(shared) => shared.posts(),
    };
    match posts.send(text).await {
        Ok(()) => Ok(StatusCode::OK),
        Err(_) => Err(StatusCode::NOT_FOUND),
    }
}

/// Ends a connection that is polled; the others end with their stream.
async fn end(
    State(app): State<Arc<App>>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<StatusCode, StatusCode> {
    let (id, token) = parameters.connection(&app, &headers)?;
    let line = app.connections.line(id, &token);
    match line.ok_or(StatusCode::NOT_FOUND)? {
        Line::LongPolling(shared) => {
            shared.end(&app);
            Ok(StatusCode::ACCEPTED)
        }
        Line::WebSocket | Line::StatefulWebSocket(_) | Line::ServerSentEvents(_) => {
            Err(StatusCode::BAD_REQUEST)
        }
    }
}
