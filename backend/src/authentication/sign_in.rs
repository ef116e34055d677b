//! `/.auth/login`: from the provider's page back to the app's, with a session or without.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::identity_provider::{self, is_provider};
use super::session::Session;
use super::set_cookie;
use crate::App;
use crate::signalr_service::own_origin;
use crate::switches::{Completion, Host};

/// What a provider says of somebody who would rather not.
const CANCELLED: &str = "access_denied: The user has cancelled the sign-in.";

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/.auth/login/done", get(done))
        .route("/.auth/login/{provider}", get(login))
        .route("/.auth/login/{provider}/callback", post(callback))
}

/// How a sign-in ends, as its address says.
#[derive(Deserialize)]
struct Login {
    post_login_redirect_url: Option<String>,
    post_login_redirect_uri: Option<String>,
    session_mode: Option<String>,
    completion_type: Option<String>,
    completion_origin: Option<String>,
}

async fn login(Path(provider): Path<String>, RawQuery(query): RawQuery) -> Response {
    identity_provider::page("", &provider, query)
}

/// What the provider's page sends.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    name: String,
    cancel: Option<String>,
}

/// The provider sends the person back, with a name or without.
async fn callback(
    State(app): State<Arc<App>>,
    Path(provider): Path<String>,
    Query(login): Query<Login>,
    headers: HeaderMap,
    Form(answer): Form<Answer>,
) -> Response {
    let name = answer.name.trim();
    let is_cancelled = answer.cancel.is_some();
    let is_name =
        !name.is_empty() && name.chars().count() <= 64 && !name.contains(char::is_control);
    if !is_provider(&provider) || !is_name && !is_cancelled {
        return (
            StatusCode::BAD_REQUEST,
            "A name has 1 to 64 characters. Go back and try again.",
        )
            .into_response();
    }
    let session = Session::new(name.to_owned(), provider);
    let Ok(token) = session.token() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let outcome = match is_cancelled {
        true => Err(CANCELLED),
        false => Ok(session_json(&token, &session)),
    };
    match login.ending(&app, &own_origin(&headers)) {
        Ending::Popup {
            origin,
            sets_cookie,
        } => {
            let completion = app.switches.lock().completion;
            let page = Html(completion_page(&origin, completion, outcome));
            match sets_cookie && !is_cancelled {
                true => ([set_cookie(&app, Some(&token))], page).into_response(),
                false => page.into_response(),
            }
        }
        Ending::Refused => (
            StatusCode::FORBIDDEN,
            "The completion_origin is none of the allowed external redirect URLs.",
        )
            .into_response(),
        Ending::Token(target) => {
            let (key, value) = match outcome {
                Ok(json) => ("token", json.to_string()),
                Err(error) => ("error", error.to_owned()),
            };
            let value = utf8_percent_encode(&value, NON_ALPHANUMERIC);
            Redirect::to(&format!("{target}#{key}={value}")).into_response()
        }
        Ending::Cookie(_) if is_cancelled => {
            (StatusCode::FORBIDDEN, Html(FORBIDDEN)).into_response()
        }
        Ending::Cookie(target) => {
            ([set_cookie(&app, Some(&token))], Redirect::to(&target)).into_response()
        }
    }
}

/// What becomes of a session.
enum Ending {
    /// It is a cookie, and the person is led here.
    Cookie(String),
    /// It is a token behind this address.
    Token(String),
    /// The popup tells its opener, if that is of this origin.
    Popup { origin: String, sets_cookie: bool },
    /// The popup's opener may not know.
    Refused,
}

impl Login {
    fn ending(self, app: &App, own_origin: &str) -> Ending {
        let target = self
            .post_login_redirect_uri
            .or(self.post_login_redirect_url)
            .filter(|target| app.options.allows_redirect(target, own_origin));
        let target = target.unwrap_or_else(|| "/.auth/login/done".to_owned());
        if app.switches.lock().host == Host::StaticWebApps {
            return Ending::Cookie(target);
        }
        let sets_cookie = self.session_mode.as_deref() != Some("token");
        if self.completion_type.as_deref() == Some("postMessage") {
            let origin = self.completion_origin;
            let origin = origin.filter(|origin| app.options.knows_origin(origin, own_origin));
            return origin.map_or(Ending::Refused, |origin| Ending::Popup {
                origin,
                sets_cookie,
            });
        }
        match sets_cookie {
            true => Ending::Cookie(target),
            false => Ending::Token(target),
        }
    }
}

/// What a page gets that asked for a session token.
pub(super) fn session_json(token: &str, session: &Session) -> Value {
    json!({ "authenticationToken": token, "user": { "userId": format!("sid:{}", session.id()) } })
}

/// What a popup shows in the end: it tells its opener, which closes it.
fn completion_page(origin: &str, completion: Completion, outcome: Result<Value, &str>) -> String {
    let message = match outcome {
        Ok(oauth) => json!({ "type": "LoginCompleted", "oauth": oauth, "error": null }),
        Err(error) => json!({ "type": "LoginCompleted", "oauth": null, "error": error }),
    };
    let message = match completion {
        Completion::Object => message,
        Completion::Text => message.to_string().into(),
    };
    let script = |value: &Value| value.to_string().replace('<', "\\u003c");
    include_str!("completion.html")
        .replace("{message}", &script(&message))
        .replace("{origin}", &script(&origin.into()))
}

const FORBIDDEN: &str = "<!doctype html><link rel=icon href=data:,><title>Not signed in</title><p>You do not have permission to view this directory or page. <a href=\"/\">Return to the website</a></p>";

async fn done() -> Html<&'static str> {
    Html(
        "<!doctype html><link rel=icon href=data:,><title>Signed in</title><p>You have successfully signed in. <a href=\"/\">Return to the website</a></p>",
    )
}
