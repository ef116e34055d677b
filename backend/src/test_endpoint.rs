//! `/test`: the switches of the running backend, for whoever tests with it on this machine.
//!
//! Nobody else gets an answer: the peer must be on loopback, the host that it asks for must be one of
//! its names, so that no page gets here by a name of its own that leads to loopback, and no page may
//! ask at all, of whatever origin.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::App;
use crate::server::Peer;
use crate::signalr_service::hub::{Audience, Parting};
use crate::switches::Switches;

pub(crate) fn router() -> Router<Arc<App>> {
    let switches = get(show).put(replace).patch(change);
    Router::new()
        .route("/test/switches", switches)
        .route("/test/sessions/expire", post(expire))
        .route("/test/sessions/revoke", post(revoke))
        .route("/test/connections", get(count))
        .route("/test/connections/close", post(close))
        .route("/test/connections/drop", post(drop_all))
        .route("/test/connections/silence", post(silence))
        .route_layer(from_fn(guard))
}

async fn guard(request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>();
    match peer.is_some_and(|peer| is_allowed(*peer, request.headers())) {
        true => next.run(request).await,
        false => StatusCode::FORBIDDEN.into_response(),
    }
}

/// True for a request from this machine, to a name of loopback, that no page has sent.
fn is_allowed(Peer(address): Peer, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST);
    address.ip().to_canonical().is_loopback()
        && host.is_some_and(|host| host.to_str().is_ok_and(is_loopback))
        && !headers.contains_key(header::ORIGIN)
        && !headers.contains_key("sec-fetch-site")
}

/// True if this is what loopback is called, with a port or without.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(rest, |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

async fn show(State(app): State<Arc<App>>) -> Json<Switches> {
    Json(app.switches.lock().clone())
}

/// Switches by their names.
type Named = Json<Map<String, Value>>;

/// Sets all switches: those that are not named to where they stand in Azure.
async fn replace(State(app): State<Arc<App>>, Json(named): Named) -> Response {
    let mut switches = app.switches.lock();
    set(&mut switches, merged(&Switches::default(), named))
}

/// Sets the switches that are named.
async fn change(State(app): State<Arc<App>>, Json(named): Named) -> Response {
    let mut switches = app.switches.lock();
    let merged = merged(&switches, named);
    set(&mut switches, merged)
}

fn set(switches: &mut Switches, new: serde_json::Result<Switches>) -> Response {
    match new {
        Ok(new) => {
            *switches = new;
            Json(&*switches).into_response()
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

fn merged(switches: &Switches, named: Map<String, Value>) -> serde_json::Result<Switches> {
    let mut all = serde_json::to_value(switches)?;
    for (name, value) in named {
        all[name] = value;
    }
    serde_json::from_value(all)
}

async fn expire(State(app): State<Arc<App>>) -> StatusCode {
    app.ended.expire();
    StatusCode::NO_CONTENT
}

async fn revoke(State(app): State<Arc<App>>) -> StatusCode {
    app.ended.revoke();
    StatusCode::NO_CONTENT
}

async fn count(State(app): State<Arc<App>>) -> Json<usize> {
    Json(app.hub.connections())
}

/// How the service parts from its clients.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Closing {
    error: Option<String>,
    allow_reconnect: bool,
}

async fn close(State(app): State<Arc<App>>, Json(closing): Json<Closing>) -> StatusCode {
    let parting = Parting::Close {
        error: closing.error.as_deref(),
        allow_reconnect: closing.allow_reconnect,
    };
    app.hub.part(Audience::All, parting);
    StatusCode::NO_CONTENT
}

async fn drop_all(State(app): State<Arc<App>>) -> StatusCode {
    app.hub.part(Audience::All, Parting::Drop);
    StatusCode::NO_CONTENT
}

async fn silence(State(app): State<Arc<App>>) -> StatusCode {
    app.hub.part(Audience::All, Parting::Silence);
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_from_elsewhere_is_not_let_in_whatever_it_asks_for() {
        let mut headers = HeaderMap::new();
        let peer = |address: &str| Peer(address.parse().unwrap());
        assert!(!is_allowed(peer("127.0.0.1:9"), &headers), "no host");
        headers.insert(header::HOST, "localhost:7071".parse().unwrap());
        for (address, allowed) in [
            ("127.0.0.1:9", true),
            ("[::1]:9", true),
            ("[::ffff:127.0.0.1]:9", true),
            ("192.168.0.7:9", false),
            ("[fe80::1]:9", false),
            ("[::ffff:192.168.0.7]:9", false),
        ] {
            assert_eq!(is_allowed(peer(address), &headers), allowed, "{address}");
        }
    }

    #[test]
    fn loopback_is_known_by_its_names_alone() {
        for host in [
            "localhost",
            "LocalHost:7071",
            "127.0.0.1:7071",
            "127.8.9.1",
            "[::1]:7071",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example:7071",
            "127.0.0.1.evil.example",
            "192.168.0.1:7071",
            "[::2]:7071",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
