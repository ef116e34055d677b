//! App Service Authentication: sessions, and the headers that tell the functions who calls.
//!
//! As in "Customize sign-in and sign-out" and "Work with user identities" of the App Service
//! documentation. Any provider name works, and any name can be signed in under.

mod pages;
mod session;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use crate::App;
pub(crate) use session::Ended;
use session::Session;

pub(crate) use pages::router;

const PRINCIPAL_NAME: HeaderName = HeaderName::from_static("x-ms-client-principal-name");
const PRINCIPAL_ID: HeaderName = HeaderName::from_static("x-ms-client-principal-id");
const PRINCIPAL_IDP: HeaderName = HeaderName::from_static("x-ms-client-principal-idp");
const PRINCIPAL: HeaderName = HeaderName::from_static("x-ms-client-principal");

/// The name of the cookie that holds a session.
const COOKIE: &str = "AppServiceAuthSession";

/// The name of whoever calls a function; `None` if nobody is signed in.
pub(crate) fn principal_name(headers: &HeaderMap) -> Option<String> {
    let name = headers.get(PRINCIPAL_NAME)?;
    String::from_utf8(name.as_bytes().to_vec())
        .ok()
        .filter(|name| !name.is_empty())
}

/// Lets only those through to the functions who are signed in, and tells the functions who they
/// are.
pub(crate) fn protect(functions: Router<Arc<App>>, app: Arc<App>) -> Router<Arc<App>> {
    functions.route_layer(from_fn_with_state(app, authenticate))
}

async fn authenticate(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let Some(session) = session_of(request.headers()).filter(|session| session.is_live(&app))
    else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let headers = request.headers_mut();
    // Whatever a caller claims to be is taken off first.
    for name in [PRINCIPAL_NAME, PRINCIPAL_ID, PRINCIPAL_IDP, PRINCIPAL] {
        headers.remove(name);
    }
    for (name, value) in [
        (PRINCIPAL_NAME, &session.name),
        (PRINCIPAL_ID, &session.id()),
        (PRINCIPAL_IDP, &session.provider),
    ] {
        match HeaderValue::from_bytes(value.as_bytes()) {
            Ok(value) => {
                headers.insert(name, value);
            }
            Err(_) => return StatusCode::BAD_REQUEST.into_response(),
        }
    }
    next.run(request).await
}

/// The session that a request shows, in its header or else in its cookie. It may be over.
fn session_of(headers: &HeaderMap) -> Option<Session> {
    let header = headers
        .get("x-zumo-auth")
        .and_then(|value| value.to_str().ok());
    header.or_else(|| cookie(headers)).and_then(Session::read)
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })
}
