//! Groups: sending to them, and who is in them.
//!
//! A user stays in a group, a connection only as long as it lives.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;

use super::{Closing, Message, close, found, send};
use crate::App;
use crate::signalr_service::HUB;
use crate::signalr_service::hub::Audience;

pub(super) fn router() -> Router<Arc<App>> {
    let user = || put(set_user).delete(set_user);
    let connection = || put(set_connection).delete(set_connection);
    Router::new()
        .without_v07_checks()
        .route(
            "/api/v1/hubs/{hub}/groups/{group}",
            post(to_group).get(exists),
        )
        .route("/api/v1/hubs/{hub}/groups/{group}/users/{user}", user())
        .route("/api/v1/hubs/{hub}/users/{user}/groups/{group}", user())
        .route(
            "/api/v1/hubs/{hub}/groups/{group}/connections/{connection}",
            connection(),
        )
        .route("/api/hubs/{hub}/groups/{group}", get(exists))
        .route("/api/hubs/{hub}/groups/{group}/:send", post(to_group))
        .route(
            "/api/hubs/{hub}/groups/{group}/:closeConnections",
            post(close_group),
        )
        .route("/api/hubs/{hub}/users/{user}/groups/{group}", user())
        .route(
            "/api/hubs/{hub}/groups/{group}/connections/{connection}",
            connection(),
        )
}

async fn to_group(
    State(app): State<Arc<App>>,
    Path((hub, group)): Path<(String, String)>,
    Json(message): Json<Message>,
) -> StatusCode {
    send(&app, &hub, Audience::Group(&group), message)
}

async fn exists(
    State(app): State<Arc<App>>,
    Path((hub, group)): Path<(String, String)>,
) -> StatusCode {
    found(hub.eq_ignore_ascii_case(HUB) && app.hub.has(Audience::Group(&group)))
}

async fn close_group(
    State(app): State<Arc<App>>,
    Path((hub, group)): Path<(String, String)>,
    Query(closing): Query<Closing>,
) -> StatusCode {
    if hub.eq_ignore_ascii_case(HUB) {
        close(&app, Audience::Group(&group), &closing);
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct User {
    hub: String,
    user: String,
    group: String,
}

async fn set_user(
    State(app): State<Arc<App>>,
    Path(User { hub, user, group }): Path<User>,
    method: Method,
) -> StatusCode {
    if hub.eq_ignore_ascii_case(HUB) {
        app.hub.set_user_group(&user, &group, method == Method::PUT);
    }
    StatusCode::OK
}

#[derive(Deserialize)]
struct Connection {
    hub: String,
    group: String,
    connection: String,
}

async fn set_connection(
    State(app): State<Arc<App>>,
    Path(path): Path<Connection>,
    method: Method,
) -> StatusCode {
    let Connection {
        hub,
        group,
        connection,
    } = path;
    let is_in = method == Method::PUT;
    found(hub.eq_ignore_ascii_case(HUB) && app.hub.set_connection_group(&connection, &group, is_in))
}
