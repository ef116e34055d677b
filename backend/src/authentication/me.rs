//! `/.auth/me`: who am I.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::session::Session;
use super::{Caller, csrf, turn_away};
use crate::App;
use crate::options::PROVIDER_TOKENS;
use crate::switches::fault::may_fail;
use crate::switches::{Host, Me, Step, Switches};

/// The claim that holds an email address.
pub(super) const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";

/// The claim that holds the provider's name for a person.
const ID: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";

pub(super) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new().route("/.auth/me", may_fail(any(me), app, Step::Me))
}

async fn me(State(app): State<Arc<App>>, request: Request) -> Response {
    let headers = request.headers();
    let caller = Caller::of(&app, headers).filter(|caller| caller.session.is_live(&app));
    let switches = app.switches.lock().clone();
    let answer = match (switches.host, switches.me, &caller) {
        (_, Me::Html, _) => {
            return Html("<!doctype html><title>Chat</title><div id=app></div>").into_response();
        }
        (Host::StaticWebApps, _, caller) => {
            let principal = caller
                .as_ref()
                .map(|caller| client_principal(&caller.session, switches.emails));
            json!({ "clientPrincipal": principal })
        }
        (Host::AppService, _, None) => {
            return turn_away(switches.unauthenticated, headers, request.uri().path());
        }
        (Host::AppService, _, Some(caller))
            if csrf::forbids(&app, request.method(), headers, caller) =>
        {
            return StatusCode::FORBIDDEN.into_response();
        }
        (Host::AppService, Me::Empty, Some(_)) => json!([]),
        (Host::AppService, Me::Session, Some(caller)) => json!([element(caller, &switches)]),
    };
    (
        [(header::CACHE_CONTROL, "no-cache, no-store")],
        Json(answer),
    )
        .into_response()
}

/// What App Service says of somebody, the provider's tokens included.
fn element(caller: &Caller, switches: &Switches) -> Value {
    let session = &caller.session;
    let mut element = json!({
        "provider_name": session.provider,
        "user_id": user_id(session, switches.emails),
        "user_claims": claims(session),
        "expires_on": "2100-01-01T00:00:00.0000000Z",
    });
    for (name, token) in PROVIDER_TOKENS {
        element[name] = token.into();
    }
    element
}

/// What Static Web Apps say of somebody.
pub(super) fn client_principal(session: &Session, emails: bool) -> Value {
    json!({
        "identityProvider": session.provider,
        "userId": session.id(),
        "userDetails": user_id(session, emails),
        "userRoles": ["anonymous", "authenticated"],
    })
}

/// What others see as the sender.
pub(super) fn user_id(session: &Session, emails: bool) -> String {
    match emails {
        true => session.email(),
        false => session.name.clone(),
    }
}

/// What the provider says of somebody, some under short names and some under long ones.
pub(super) fn claims(session: &Session) -> Value {
    json!([
        { "typ": "aud", "val": "00000000-0000-0000-0000-000000000000" },
        { "typ": "name", "val": session.name },
        { "typ": "preferred_username", "val": session.email() },
        { "typ": EMAIL, "val": session.email() },
        { "typ": ID, "val": session.id() },
    ])
}
