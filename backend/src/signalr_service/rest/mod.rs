//! The REST API through which functions send, in both its versions.
//!
//! As in "Azure SignalR Service REST API" of its documentation. A message to somebody who is not there
//! is accepted all the same: there are no receipts.

mod groups;

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;

use super::hub::{Audience, Parting};
use super::{HUB, token};
use crate::App;

pub(crate) fn router(app: Arc<App>) -> Router<Arc<App>> {
    let health = || get(async || StatusCode::OK);
    let connection = || get(connection_exists).delete(close_connection);
    Router::new()
        // The names of its operations begin with a colon.
        .without_v07_checks()
        .route("/api/v1/hubs/{hub}", post(to_all))
        .route(
            "/api/v1/hubs/{hub}/users/{user}",
            post(to_user).get(user_exists),
        )
        .route(
            "/api/v1/hubs/{hub}/connections/{connection}",
            connection().post(to_connection),
        )
        .route("/api/hubs/{hub}/:send", post(to_all))
        .route("/api/hubs/{hub}/:closeConnections", post(close_all))
        .route("/api/hubs/{hub}/users/{user}", get(user_exists))
        .route(
            "/api/hubs/{hub}/users/{user}/:closeConnections",
            post(close_user),
        )
        .route("/api/hubs/{hub}/users/{user}/:send", post(to_user))
        .route("/api/hubs/{hub}/connections/{connection}", connection())
        .route(
            "/api/hubs/{hub}/connections/{connection}/:send",
            post(to_connection),
        )
        .merge(groups::router())
        .layer(from_fn_with_state(app, authorize))
        // Whoever asks how the service is need not be known to it.
        .route("/api/v1/health", health())
        .route("/api/health", health())
}

/// Lets those through whose token is for this address.
async fn authorize(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let header = request.headers().get(header::AUTHORIZATION);
    let token = header.and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
    let path = request.uri().path().to_owned();
    // The documentation has the address without its query, and the SDK has it with the query.
    let is_for = |audience: &str| {
        let audience = audience.split('?').next().unwrap_or_default();
        audience.trim_end_matches('/').ends_with(&path)
    };
    let key = &app.options.access_key;
    match token.map(|token| token::verify(token, key, is_for)) {
        Some(Ok(_)) => next.run(request).await,
        Some(Err(error)) => {
            tracing::info!(%error, "a token for the REST API is refused");
            StatusCode::UNAUTHORIZED.into_response()
        }
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

#[derive(Deserialize)]
struct Message {
    target: String,
    arguments: Vec<Value>,
}

fn send(app: &App, hub: &str, audience: Audience<'_>, message: Message) -> StatusCode {
    // Names of hubs have no case; in any but this one, nobody is.
    if hub.eq_ignore_ascii_case(HUB) {
        let arguments = Value::from(message.arguments);
        app.hub.send_to(audience, &message.target, &arguments);
    }
    StatusCode::ACCEPTED
}

async fn to_all(
    State(app): State<Arc<App>>,
    Path(hub): Path<String>,
    Json(message): Json<Message>,
) -> StatusCode {
    send(&app, &hub, Audience::All, message)
}

async fn to_user(
    State(app): State<Arc<App>>,
    Path((hub, user)): Path<(String, String)>,
    Json(message): Json<Message>,
) -> StatusCode {
    send(&app, &hub, Audience::User(&user), message)
}

async fn to_connection(
    State(app): State<Arc<App>>,
    Path((hub, connection)): Path<(String, String)>,
    Json(message): Json<Message>,
) -> StatusCode {
    send(&app, &hub, Audience::Connection(&connection), message)
}

fn found(is_there: bool) -> StatusCode {
    match is_there {
        true => StatusCode::OK,
        false => StatusCode::NOT_FOUND,
    }
}

async fn user_exists(
    State(app): State<Arc<App>>,
    Path((hub, user)): Path<(String, String)>,
) -> StatusCode {
    found(hub.eq_ignore_ascii_case(HUB) && app.hub.has(Audience::User(&user)))
}

async fn connection_exists(
    State(app): State<Arc<App>>,
    Path((hub, connection)): Path<(String, String)>,
) -> StatusCode {
    found(hub.eq_ignore_ascii_case(HUB) && app.hub.has(Audience::Connection(&connection)))
}

#[derive(Deserialize)]
struct Closing {
    reason: Option<String>,
}

/// Clients are told why, and may come back.
fn close(app: &App, audience: Audience<'_>, closing: &Closing) {
    let parting = Parting::Close {
        error: closing.reason.as_deref(),
        allow_reconnect: true,
    };
    app.hub.part(audience, parting);
}

async fn close_all(
    State(app): State<Arc<App>>,
    Path(hub): Path<String>,
    Query(closing): Query<Closing>,
) -> StatusCode {
    if hub.eq_ignore_ascii_case(HUB) {
        close(&app, Audience::All, &closing);
    }
    StatusCode::NO_CONTENT
}

async fn close_user(
    State(app): State<Arc<App>>,
    Path((hub, user)): Path<(String, String)>,
    Query(closing): Query<Closing>,
) -> StatusCode {
    if hub.eq_ignore_ascii_case(HUB) {
        close(&app, Audience::User(&user), &closing);
    }
    StatusCode::NO_CONTENT
}

async fn close_connection(
    State(app): State<Arc<App>>,
    Path((hub, connection)): Path<(String, String)>,
    Query(closing): Query<Closing>,
) -> StatusCode {
    if hub.eq_ignore_ascii_case(HUB) {
        close(&app, Audience::Connection(&connection), &closing);
    }
    StatusCode::OK
}
