//! `/.auth/refresh` and `/.auth/logout`.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde::Deserialize;

use super::sign_in::session_json;
use super::{Caller, set_cookie};
use crate::App;
use crate::signalr_service::own_origin;
use crate::switches::fault::may_fail;
use crate::switches::{Host, Step};

pub(super) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/.auth/refresh", may_fail(any(refresh), app, Step::Refresh))
        .route("/.auth/logout", any(logout))
        .route("/.auth/logout/done", get(logout_done))
        .route("/.auth/purge/{provider}", any(logout))
}

/// Renews a session, also some time after its end.
async fn refresh(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if app.switches.lock().host == Host::StaticWebApps {
        return StatusCode::NOT_FOUND.into_response();
    }
    let caller = Caller::of(&app, &headers).filter(|caller| caller.session.is_renewable(&app));
    let Some(Caller { session, by_cookie }) = caller else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let session = session.renewed();
    match session.token() {
        Ok(token) if by_cookie => [set_cookie(&app, Some(&token))].into_response(),
        Ok(token) => Json(session_json(&token, &session)).into_response(),
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
    let target = target.as_deref().unwrap_or("/.auth/logout/done");
    ([set_cookie(&app, None)], Redirect::to(target)).into_response()
}

async fn logout_done() -> Html<&'static str> {
    Html(
        "<!doctype html><link rel=icon href=data:,><title>Signed out</title><p>You have been signed out. <a href=\"/\">Return to the website</a></p>",
    )
}
