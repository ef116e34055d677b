//! Which pages of other origins may call, and what they may show.

use std::sync::Arc;

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{App, Options};

/// The headers that a SignalR client or this chat sends.
const HEADERS: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::CACHE_CONTROL,
    header::CONTENT_TYPE,
    HeaderName::from_static("x-zumo-auth"),
    HeaderName::from_static("x-requested-with"),
    HeaderName::from_static("x-signalr-user-agent"),
];

const METHODS: [Method; 3] = [Method::GET, Method::POST, Method::DELETE];

/// The Function App's: the origins on its list, with credentials.
pub(crate) fn function_app(options: &Options) -> CorsLayer {
    let allowed = options.allow_origins.clone();
    let is_allowed = AllowOrigin::predicate(move |origin, _| {
        allowed
            .iter()
            .any(|allowed| allowed.as_bytes() == origin.as_bytes())
    });
    CorsLayer::new()
        .allow_origin(is_allowed)
        .allow_credentials(true)
        .allow_methods(METHODS)
        .allow_headers(HEADERS)
}

/// The SignalR Service's: the origins that its switch names, with credentials.
pub(crate) fn signalr_service(app: &Arc<App>) -> CorsLayer {
    let app = app.clone();
    let is_allowed = AllowOrigin::predicate(move |origin, _| {
        let switches = app.switches.lock();
        switches.service_origins.as_ref().is_none_or(|allowed| {
            allowed
                .iter()
                .any(|allowed| allowed.as_bytes() == origin.as_bytes())
        })
    });
    CorsLayer::new()
        .allow_origin(is_allowed)
        .allow_credentials(true)
        .allow_methods(METHODS)
        .allow_headers(HEADERS)
}
