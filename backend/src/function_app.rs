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
use crate::options::{Functions, MessagePolicy};
use crate::signalr_service::{self, token};

/// The service takes no larger bodies.
const MAX_BODY: usize = 1024 * 1024;

pub(crate) fn router(functions: &Functions) -> Router<Arc<App>> {
    let path = |name: &str| match functions.route_prefix.as_str() {
        "" => format!("/{name}"),
        prefix => format!("/{prefix}/{name}"),
    };
    let take = post(messages).layer(DefaultBodyLimit::max(MAX_BODY));
    let router = Router::new().route(&path(&functions.messages), take);
    let names = functions.negotiate.iter();
    names.fold(router, |router, name| {
        router.route(&path(name), any(negotiate))
    })
}

/// Says where the hub is, and gives a token for it.
async fn negotiate(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let (url, key) = match &app.service {
        Some(service) => (service.client_url(), service.access_key()),
        None => (
            signalr_service::url(&headers),
            app.options.access_key.as_str(),
        ),
    };
    let user = principal_name(&headers);
    match token::issue(&url, user.as_deref(), app.options.token_lifetime, key) {
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
/// along; the sender is who the principal header says, whatever the body claims, unless the policy
/// is another.
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
    let functions = &app.options.functions;
    if functions.policy == MessagePolicy::Echo {
        return send(&app, None, &json!([message])).await;
    }
    let principal = principal_name(&headers);
    if principal.is_some() || functions.policy == MessagePolicy::Principal {
        message.insert("sender".into(), principal.unwrap_or_default().into());
    }
    let recipient = message
        .get("recipient")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let recipient = (!recipient.is_empty()).then_some(recipient);
    if recipient.is_some() {
        message.insert("isPrivate".into(), true.into());
    }
    send(&app, recipient.as_deref(), &json!([message])).await
}

/// What the functions' output binding does.
async fn send(app: &App, user: Option<&str>, arguments: &Value) -> Response {
    let target = &app.options.functions.target;
    let sent = match &app.service {
        Some(service) => service.send(user, target, arguments).await,
        None => {
            app.hub.send(user, target, arguments);
            Ok(())
        }
    };
    match sent {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => {
            tracing::error!(%error, "a message is not sent");
            (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
        }
    }
}

/// A client calls over the hub: it says something to all, or to one user.
///
/// # Errors
/// What the service says of a function that is not there, or failed.
pub(crate) fn called(
    app: &App,
    connection: &str,
    user: Option<&str>,
    target: &str,
    arguments: &[Value],
) -> Result<(), &'static str> {
    let is = |name: &str| target.eq_ignore_ascii_case(name);
    let (recipient, text) = match arguments {
        [text] if is("broadcast") => (None, text),
        [recipient, text] if is("sendToUser") => (recipient.as_str(), text),
        _ => return Err("Invocation failed, status code 404"),
    };
    // The bidirectional samples write their fields so.
    let message = json!({ "ConnectionId": connection, "Sender": user, "Text": text });
    let target = &app.options.functions.target;
    app.hub.send(recipient, target, &json!([message]));
    Ok(())
}
