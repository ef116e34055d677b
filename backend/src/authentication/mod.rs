//! App Service Authentication: sessions, and the headers that tell the functions who calls.
//!
//! As in "Customize sign-in and sign-out" and "Work with user identities" of the App Service
//! documentation; and, by a switch, that of Azure Static Web Apps as in "Authenticate and authorize"
//! of theirs. Any provider name works, and any name can be signed in under.

mod csrf;
mod identity_provider;
mod me;
mod pages;
mod principal;
mod session;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::switches::{Host, SameSite, Unauthenticated};
pub(crate) use identity_provider::router as identity_provider;
pub(crate) use principal::name as principal_name;
pub(crate) use session::Ended;
use session::Session;

/// The endpoints below `/.auth`.
pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    me::router(app)
        .merge(sign_in::router())
        .merge(pages::router(app))
}

/// Lets only those through to the functions who are signed in, and tells the functions who they
/// are.
pub(crate) fn protect(functions: Router<Arc<App>>, app: Arc<App>) -> Router<Arc<App>> {
    functions.route_layer(from_fn_with_state(app, authenticate))
}

/// Takes off what callers claim to be, where there is no sign-in that does.
pub(crate) fn strip(functions: Router<Arc<App>>) -> Router<Arc<App>> {
    functions.route_layer(from_fn(async |mut request: Request, next: Next| {
        principal::strip(request.headers_mut());
        next.run(request).await
    }))
}

async fn authenticate(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    principal::strip(request.headers_mut());
    let caller = Caller::of(&app, request.headers());
    let Some(caller) = caller.filter(|caller| caller.session.is_live(&app)) else {
        let action = app.switches.lock().unauthenticated;
        return match action {
            Unauthenticated::Allow => next.run(request).await,
            _ => turn_away(action, request.headers(), request.uri().path()),
        };
    };
    if csrf::forbids(&app, request.method(), request.headers(), &caller) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let (host, emails) = {
        let switches = app.switches.lock();
        (switches.host, switches.emails)
    };
    match principal::inject(request.headers_mut(), &caller.session, host, emails) {
        Ok(()) => next.run(request).await,
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The answer to somebody who is not signed in.
fn turn_away(action: Unauthenticated, headers: &HeaderMap, path: &str) -> Response {
    match action {
        Unauthenticated::Return401 | Unauthenticated::Allow => {
            StatusCode::UNAUTHORIZED.into_response()
        }
        Unauthenticated::Return403 => StatusCode::FORBIDDEN.into_response(),
        Unauthenticated::Redirect => identity_provider::redirect(headers, path),
    }
}

/// Who sends a request, as far as it shows a session. That may be over.
struct Caller {
    session: Session,
    /// The session came in the cookie, which a browser sends on its own.
    by_cookie: bool,
}

impl Caller {
    /// Whoever shows a session, in the header or else in the cookie.
    fn of(app: &App, headers: &HeaderMap) -> Option<Caller> {
        let host = app.switches.lock().host;
        let header = headers
            .get("x-zumo-auth")
            .filter(|_| host == Host::AppService)
            .and_then(|value| value.to_str().ok());
        let by_cookie = header.is_none();
        let token = header.or_else(|| cookie(headers, cookie_name(host)))?;
        let session = Session::read(token)?;
        Some(Caller { session, by_cookie })
    }
}

/// The name of the cookie that holds a session.
fn cookie_name(host: Host) -> &'static str {
    match host {
        Host::AppService => "AppServiceAuthSession",
        Host::StaticWebApps => "StaticWebAppsAuthCookie",
    }
}

fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == wanted).then_some(value)
    })
}

/// The header that sets the session cookie; without a token, that takes it away.
fn set_cookie(app: &App, token: Option<&str>) -> (HeaderName, HeaderValue) {
    let (host, same_site) = {
        let switches = app.switches.lock();
        (switches.host, switches.same_site)
    };
    let cookie = cookie_of(host, same_site, token);
    // A token is Base64 and dots.
    let value = HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""));
    (header::SET_COOKIE, value)
}

fn cookie_of(host: Host, same_site: SameSite, token: Option<&str>) -> String {
    let (name, site) = (cookie_name(host), same_site.attribute());
    match token {
        Some(token) => format!("{name}={token}; Path=/; HttpOnly; {site}"),
        None => format!("{name}=; Path=/; HttpOnly; Max-Age=0; {site}"),
    }
}
