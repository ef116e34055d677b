//! Azure SignalR Service in serverless mode: clients connect and listen, and only the functions
//! send.
//!
//! As in "Client negotiation" of its documentation, and the SignalR transport protocol.
//!
//! A client negotiates (here), which gives it a place in [`connections`]; it takes the place with
//! a request that opens one of the three in `transport`; what that carries goes through a
//! `session`, which speaks `protocol` and listens to the [`hub`].

pub(crate) mod connections;
pub(crate) mod hub;
mod protocol;
mod replay;
pub(crate) mod rest;
mod session;
pub(crate) mod token;
mod transport;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::App;
use crate::switches::Step;
use crate::switches::fault::may_fail;
use token::Holder;

/// The only hub.
pub(crate) const HUB: &str = "chat";

pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let negotiate = may_fail(post(negotiate), app, Step::ServiceNegotiate);
    Router::new()
        .route("/client/negotiate", negotiate)
        .route("/client/", transport::routes(app))
        .route("/client", transport::routes(app))
}

/// True if the service's tier takes no further client.
fn is_full(app: &App) -> bool {
    let limit = app.switches.lock().max_connections;
    limit.is_some_and(|limit| app.hub.connections() >= limit)
}

/// This process, by the name that the caller knows it by.
pub(crate) fn own_origin(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    format!("http://{host}")
}

/// The address of the hub, for a caller of the functions.
pub(crate) fn url(headers: &HeaderMap) -> String {
    format!("{}/client/?hub={HUB}", own_origin(headers))
}

/// What a client's address may hold.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    hub: Option<String>,
    id: Option<String>,
    #[serde(rename = "access_token")]
    access_token: Option<String>,
    negotiate_version: Option<u32>,
    use_stateful_reconnect: Option<String>,
}

impl Parameters {
    /// The access token that a request shows, if it is good for this hub.
    fn authenticate(&self, app: &App, headers: &HeaderMap) -> Result<(String, Holder), StatusCode> {
        match self.hub.as_deref() {
            Some(HUB) => {}
            Some(_) => return Err(StatusCode::NOT_FOUND),
            None => return Err(StatusCode::BAD_REQUEST),
        }
        let header = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let bearer = header.and_then(|value| value.strip_prefix("Bearer "));
        let token = bearer
            .or(self.access_token.as_deref())
            .ok_or(StatusCode::UNAUTHORIZED)?;
        // The audience holds the host that the caller knows this process by, which may be any.
        let is_for = |audience: &str| audience.ends_with(&format!("/client/?hub={HUB}"));
        let holder = token::verify(token, &app.options.access_key, is_for).map_err(|error| {
            tracing::info!(%error, "an access token is refused");
            StatusCode::UNAUTHORIZED
        })?;
        Ok((token.to_owned(), holder))
    }
}

async fn negotiate(
    State(app): State<Arc<App>>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let (token, holder) = parameters.authenticate(&app, &headers)?;
    if *app.hub.closed().borrow() {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    let version = parameters.negotiate_version.unwrap_or(0).min(1);
    let stateful = parameters.use_stateful_reconnect.as_deref() == Some("true");
    if is_full(&app) {
        return Err(StatusCode::TOO_MANY_REQUESTS);
    }
    let ids = app
        .connections
        .expect(&app.options, token, holder, version, stateful)
        .ok_or(StatusCode::TOO_MANY_REQUESTS)?;
    let transports: Vec<_> = app
        .options
        .transports
        .iter()
        .map(|transport| json!({ "transport": transport.name(), "transferFormats": ["Text"] }))
        .collect();
    let mut answer = json!({
        "negotiateVersion": version,
        "connectionId": ids.connection_id,
        "availableTransports": transports,
    });
    if stateful {
        answer["useStatefulReconnect"] = true.into();
    }
    if version > 0 {
        answer["connectionToken"] = ids.connection_token.into();
    }
    Ok(Json(answer).into_response())
}
