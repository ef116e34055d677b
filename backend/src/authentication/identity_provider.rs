//! The identity provider, which is on another origin than the functions: a page that asks for a
//! name and takes any.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::App;
use crate::signalr_service::own_origin;

/// Its one address. No page of another origin may read what is there.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new().route("/identity-provider/{provider}", get(authorize))
}

/// Leads somebody there who wants `path` and is not signed in.
pub(super) fn redirect(headers: &HeaderMap, path: &str) -> Response {
    let origin = other_origin(&own_origin(headers));
    let path = utf8_percent_encode(path, NON_ALPHANUMERIC);
    let target = format!("{origin}/identity-provider/aad?post_login_redirect_uri={path}");
    // 302, as App Service does; axum's own is 303.
    (StatusCode::FOUND, [("location", target)]).into_response()
}

async fn authorize(
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    page(&other_origin(&own_origin(&headers)), &provider, query)
}

/// The page, which leads back to the app at `origin`.
pub(super) fn page(origin: &str, provider: &str, query: Option<String>) -> Response {
    if !is_provider(provider) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let action = escape(&format!("{origin}/.auth/login/{provider}/callback{query}"));
    let page = include_str!("login.html");
    Html(
        page.replace("{provider}", provider)
            .replace("{action}", &action),
    )
    .into_response()
}

/// The same process under another name, which to browsers is another site.
fn other_origin(origin: &str) -> String {
    match origin.contains("//localhost") {
        true => origin.replacen("//localhost", "//127.0.0.1", 1),
        false => origin.replacen("//127.0.0.1", "//localhost", 1),
    }
}

/// True if a provider can be called this.
pub(super) fn is_provider(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
