//! The endpoints below `/.auth`.

use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::session::Session;
use super::{COOKIE, session_of};
use crate::App;
use crate::signalr_service::own_origin;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/.auth/login/done", get(login_done))
        .route("/.auth/login/{provider}", get(login))
        .route("/.auth/login/{provider}/callback", post(callback))
        .route("/.auth/me", any(me))
        .route("/.auth/refresh", any(refresh))
        .route("/.auth/logout", any(logout))
        .route("/.auth/logout/done", get(logout_done))
}

/// How a sign-in ends, as its address says.
#[derive(Deserialize)]
struct Login {
    post_login_redirect_url: Option<String>,
    post_login_redirect_uri: Option<String>,
    session_mode: Option<String>,
}

/// The identity provider's page: asks for a name and takes any.
async fn login(Path(provider): Path<String>, uri: axum::http::Uri) -> Response {
    if !is_provider(&provider) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let query = uri
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let page = include_str!("login.html")
        .replace("{provider}", &provider)
        .replace(
            "{action}",
            &escape(&format!("/.auth/login/{provider}/callback{query}")),
        );
    Html(page).into_response()
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// The provider sends the person back, with a name.
async fn callback(
    State(app): State<Arc<App>>,
    Path(provider): Path<String>,
    Query(login): Query<Login>,
    headers: HeaderMap,
    Form(Name { name }): Form<Name>,
) -> Response {
    let name = name.trim();
    let too_long = name.chars().count() > 64;
    if name.is_empty() || too_long || name.chars().any(char::is_control) || !is_provider(&provider)
    {
        return (
            StatusCode::BAD_REQUEST,
            "A name has 1 to 64 characters. Go back and try again.",
        )
            .into_response();
    }
    let session = Session::new(name.to_owned(), provider);
    let target = login
        .post_login_redirect_uri
        .or(login.post_login_redirect_url);
    let target = target.filter(|target| app.options.allows_redirect(target, &own_origin(&headers)));
    let target = target.unwrap_or_else(|| "/.auth/login/done".to_owned());
    let Ok(token) = session.token() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if login.session_mode.as_deref() == Some("token") {
        let json = session_json(&token, &session).to_string();
        let fragment = utf8_percent_encode(&json, NON_ALPHANUMERIC);
        return Redirect::to(&format!("{target}#token={fragment}")).into_response();
    }
    ([set_cookie(&token)], Redirect::to(&target)).into_response()
}

/// What a page gets that asked for a session token.
fn session_json(token: &str, session: &Session) -> Value {
    json!({ "authenticationToken": token, "user": { "userId": format!("sid:{}", session.id()) } })
}

fn set_cookie(token: &str) -> (header::HeaderName, HeaderValue) {
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax");
    // A token is Base64 and dots.
    (
        header::SET_COOKIE,
        HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static("")),
    )
}

async fn login_done() -> Html<&'static str> {
    Html(
        "<!doctype html><link rel=icon href=data:,><title>Signed in</title><p>You have successfully signed in. <a href=\"/\">Return to the website</a></p>",
    )
}

async fn logout_done() -> Html<&'static str> {
    Html(
        "<!doctype html><link rel=icon href=data:,><title>Signed out</title><p>You have been signed out. <a href=\"/\">Return to the website</a></p>",
    )
}

/// Who am I, in App Service's words.
async fn me(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let Some(session) = session_of(&headers).filter(|session| session.is_live(&app)) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    Json(json!([{
        "provider_name": session.provider,
        "user_id": session.name,
        "user_claims": [
            { "typ": "name", "val": session.name },
            { "typ": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "val": session.id() },
        ],
    }]))
    .into_response()
}

/// Renews a session, also some time after its end.
async fn refresh(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let by_header = headers.contains_key("x-zumo-auth");
    let Some(session) = session_of(&headers).filter(|session| session.is_renewable(&app)) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let session = session.renewed();
    match session.token() {
        Ok(token) if by_header => Json(session_json(&token, &session)).into_response(),
        Ok(token) => [set_cookie(&token)].into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Deserialize)]
struct Logout {
    post_logout_redirect_uri: Option<String>,
}

async fn logout(
    State(app): State<Arc<App>>,
    Query(logout): Query<Logout>,
    headers: HeaderMap,
) -> Response {
    let target = logout.post_logout_redirect_uri;
    let target = target.filter(|target| app.options.allows_redirect(target, &own_origin(&headers)));
    let gone = HeaderValue::from_static(
        "AppServiceAuthSession=; Path=/; HttpOnly; Max-Age=0; SameSite=Lax",
    );
    let target = target.as_deref().unwrap_or("/.auth/logout/done");
    ([(header::SET_COOKIE, gone)], Redirect::to(target)).into_response()
}

fn is_provider(name: &str) -> bool {
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
