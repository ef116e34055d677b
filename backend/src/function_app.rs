//! The tutorial's Function App.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::App;
use crate::authentication::principal_name;
use crate::signalr_service::{self, token};

/// The target that chat messages are sent to.
const NEW_MESSAGE: &str = "newMessage";

/// The service takes no larger bodies.
const MAX_BODY: usize = 1024 * 1024;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/api/negotiate", any(negotiate))
        // The name that the negotiate function had before there was a convention.
        .route("/api/SignalRInfo", any(negotiate))
        .route(
            "/api/messages",
            post(messages).layer(DefaultBodyLimit::max(MAX_BODY)),
        )
}

/// Says where the hub is, and gives a token for it.
async fn negotiate(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let url = signalr_service::url(&headers);
    match token::issue(
        &url,
        principal_name(&headers).as_deref(),
        app.options.token_lifetime,
    ) {
        Ok(access_token) => {
            Json(json!({ "url": url, "accessToken": access_token })).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "cannot sign a token");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Sends what was posted to all, or to its recipient alone. Whatever else the body holds goes
/// along; the sender is who the principal header says, whatever the body claims.
async fn messages(State(app): State<Arc<App>>, headers: HeaderMap, body: String) -> Response {
    let mut message: Map<String, Value> = match serde_json::from_str(&body) {
        Ok(message) => message,
        Err(error) => {
            return (
                StatusCode::BAD_REQUEST,
                format!("The body is no JSON object: {error}."),
            )
                .into_response();
        }
    };
    message.insert(
        "sender".into(),
        principal_name(&headers).unwrap_or_default().into(),
    );
    let recipient = message
        .get("recipient")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let recipient = (!recipient.is_empty()).then_some(recipient);
    if recipient.is_some() {
        message.insert("isPrivate".into(), true.into());
    }
    app.hub
        .send(recipient.as_deref(), NEW_MESSAGE, &json!([message]));
    StatusCode::OK.into_response()
}
