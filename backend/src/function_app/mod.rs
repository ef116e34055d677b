//! The tutorial's Function App.

mod policy;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::App;
use crate::authentication::principal_name;
use crate::signalr_service::{self, token};
use crate::switches::fault::may_fail;
use crate::switches::{Negotiate, Step};
use policy::Outgoing;

pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let functions = &app.options.functions;
    let path = |name: &str| match functions.route_prefix.as_str() {
        "" => format!("/{name}"),
        prefix => format!("/{prefix}/{name}"),
    };
    let take = may_fail(post(messages), app, Step::Messages);
    let router = Router::new().route(&path(&functions.messages), take);
    let names = functions.negotiate.iter();
    names.fold(router, |router, name| {
        let negotiate = may_fail(any(negotiate), app, Step::Negotiate);
        router.route(&path(name), negotiate)
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
    let (shape, closes) = {
        let switches = app.switches.lock();
        (switches.negotiate, switches.close_on_expiry)
    };
    let lifetime = app.options.token_lifetime;
    match token::issue(&url, user.as_deref(), lifetime, closes, key) {
        Ok(access_token) => answer(shape, &url, &access_token, lifetime),
        Err(error) => {
            tracing::error!(%error, "cannot sign a token");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A negotiate answer, in one of the shapes that there are.
fn answer(shape: Negotiate, url: &str, access_token: &str, lifetime: Duration) -> Response {
    let current = json!({ "url": url, "accessToken": access_token });
    match shape {
        Negotiate::Current => Json(current).into_response(),
        Negotiate::Text => current.to_string().into_response(),
        Negotiate::Old => {
            Json(json!({ "endpoint": url, "accessKey": access_token })).into_response()
        }
        Negotiate::Extended => Json(json!({
            "url": url,
            "accessToken": access_token,
            "tokenLifetimeSeconds": lifetime.as_secs(),
            "negotiateVersion": 0,
            "availableTransports": [],
            "connectionId": null,
            "something": { "else": ["entirely"] },
        }))
        .into_response(),
        Negotiate::Error => {
            Json(json!({ "error": "The negotiation was refused." })).into_response()
        }
    }
}

/// Sends what was posted, as the policy says: to all, or to its recipient alone.
async fn messages(State(app): State<Arc<App>>, headers: HeaderMap, body: String) -> Response {
    let message = match serde_json::from_str(&body) {
        Ok(message) => message,
        Err(error) => {
            return (
                StatusCode::BAD_REQUEST,
                format!("The body is no JSON object: {error}."),
            )
                .into_response();
        }
    };
    let switched = app.switches.lock().messages;
    let policy = switched.unwrap_or(app.options.functions.policy);
    let Outgoing {
        recipient,
        argument,
    } = policy::apply(policy, message, principal_name(&headers));
    send(&app, recipient.as_deref(), &json!([argument])).await
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
        Ok(()) => accepted(app).into_response(),
        Err(error) => {
            tracing::error!(%error, "a message is not sent");
            (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
        }
    }
}

/// The status by which the function says that it took a message.
fn accepted(app: &App) -> StatusCode {
    StatusCode::from_u16(app.switches.lock().accepted).unwrap_or(StatusCode::OK)
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
