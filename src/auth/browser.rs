//! Requests to the Function App, the session token's storage, and the ways to the sign-in and
//! back. What the answers mean is decided elsewhere.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestCredentials};

use super::PostError;
use super::principal::WhoAmI;
use super::sign_in::{self, Fragment};
use super::token::SessionToken;
use crate::config::{AuthMode, Config};
use crate::platform::{page, storage, task};
use crate::signalr::Authorization;

/// Where this tab keeps the token, with the address that it is for.
const TOKEN: &str = "chat.token";
/// Where this tab remembers that it went to sign in, and at which address.
const SIGNING_IN: &str = "chat.signing-in";

/// How long an answer may take, in milliseconds: a function that sleeps needs its time to wake up.
const TIMEOUT: u32 = 60_000;

/// The person's session at the Function App. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Auth(Rc<Inner>);

struct Inner {
    api_base_url: String,
    mode: AuthMode,
    token: RefCell<Option<SessionToken>>,
    /// What a sign-in that this page comes back from ended with.
    error: RefCell<Option<String>>,
    /// The refresh that is under way. Whoever else needs one waits for the same.
    refreshing: RefCell<Option<Promise>>,
}

impl Auth {
    /// Takes up the session of this tab, and what a sign-in left in the page's address.
    ///
    /// Must be the first thing that the page does: until then the token is in the address.
    pub(crate) fn begin(config: &Config) -> Auth {
        let session = storage::session();
        let api = &config.api_base_url;
        let expected = storage::get(session.as_ref(), SIGNING_IN).as_ref() == Some(api);
        let fragment = page::fragment();
        if Fragment::is_about_signing_in(&fragment) {
            page::clear_fragment();
        }
        storage::remove(session.as_ref(), SIGNING_IN);
        let (new, error) = match Fragment::parse(&fragment, expected) {
            Fragment::None => (None, None),
            Fragment::Token(token) => (Some(token), None),
            Fragment::Error(words) => (None, Some(words)),
        };
        let auth = Auth(Rc::new(Inner {
            api_base_url: api.clone(),
            mode: config.auth_mode,
            token: RefCell::new(None),
            error: RefCell::new(error),
            refreshing: RefCell::new(None),
        }));
        match new {
            Some(token) => auth.0.keep(token),
            None => auth.0.take_up(),
        }
        auth
    }

    /// What a sign-in ended with, if it failed: the server's words, once.
    pub(crate) fn take_error(&self) -> Option<String> {
        self.0.error.take()
    }

    /// Asks the Function App who is here.
    pub(crate) async fn who_am_i(&self) -> WhoAmI {
        if self.0.mode == AuthMode::None {
            return WhoAmI::Anonymous;
        }
        match self.ask().await {
            // A session that is over can be renewed for three days: the person who opens the page
            // the next morning is still signed in.
            WhoAmI::SignedOut if self.0.has_session() && self.refresh().await => self.ask().await,
            answer => answer,
        }
    }

    async fn ask(&self) -> WhoAmI {
        let request = Request::get(&self.0.url("/.auth/me"));
        let Some(answer) = self.0.send(request, None).await else {
            return WhoAmI::Unreachable;
        };
        let status = answer.status();
        let body = answer.text().await.unwrap_or_default();
        WhoAmI::from_answer(status, &body)
    }

    /// Leaves the page to sign in with `provider`.
    pub(crate) fn sign_in(&self, provider: &str) {
        let inner = &self.0;
        storage::set(storage::session().as_ref(), SIGNING_IN, &inner.api_base_url);
        page::leave(&sign_in::login_url(
            &inner.api_base_url,
            provider,
            &page::address(),
            inner.mode,
        ));
    }

    /// Forgets the session, and everything else that this tab keeps, and leaves the page to sign
    /// out at the Function App too.
    pub(crate) fn sign_out(&self) {
        self.0.token.take();
        if let Some(session) = storage::session() {
            // Fails only where nothing is kept.
            let _ = session.clear();
        }
        page::leave(&sign_in::logout_url(&self.0.api_base_url, &page::address()));
    }

    /// What to show when negotiating. `renew` if what was shown last was answered with 401.
    ///
    /// # Errors
    /// The session is over and cannot be renewed.
    pub(crate) async fn authorization(&self, renew: bool) -> Result<Authorization, PostError> {
        if renew && !self.refresh().await {
            return Err(PostError::SignedOut);
        }
        let header = |token: &SessionToken| (HEADER.to_owned(), token.reveal().to_owned());
        Ok(Authorization {
            access_token: None,
            headers: self
                .0
                .token
                .borrow()
                .as_ref()
                .map(header)
                .into_iter()
                .collect(),
            include_credentials: self.0.mode == AuthMode::Cookie,
        })
    }

    /// Posts JSON to a path of the Function App. A session that has just expired is renewed, once.
    ///
    /// # Errors
    /// The message was not accepted, or nobody can say.
    pub(crate) async fn post_json(&self, path: &str, body: &str) -> Result<(), PostError> {
        let mut renewed = false;
        loop {
            let answer = self
                .0
                .send(Request::post(&self.0.url(path)), Some(body))
                .await;
            match answer.map(|answer| answer.status()) {
                None => return Err(PostError::NoAnswer),
                Some(200..300) => return Ok(()),
                Some(401) if !renewed && self.refresh().await => renewed = true,
                Some(401) => return Err(PostError::SignedOut),
                Some(status) => return Err(PostError::Status(status)),
            }
        }
    }

    /// Renews the session. True if that worked.
    async fn refresh(&self) -> bool {
        let under_way = self.0.refreshing.borrow().clone();
        let promise = under_way.unwrap_or_else(|| {
            let promise = Promise::new(&mut |resolve, _| {
                let inner = self.0.clone();
                task::spawn(async move {
                    let renewed = inner.refresh().await;
                    inner.refreshing.take();
                    let _ = resolve.call1(&JsValue::UNDEFINED, &JsValue::from_bool(renewed));
                });
            });
            self.0.refreshing.replace(Some(promise.clone()));
            promise
        });
        JsFuture::from(promise)
            .await
            .is_ok_and(|renewed| renewed.is_truthy())
    }
}

/// The header that shows a session token.
const HEADER: &str = "x-zumo-auth";

impl Inner {
    fn url(&self, path: &str) -> String {
        [self.api_base_url.as_str(), path].concat()
    }

    /// True if there may be a session to renew. A cookie cannot be seen from here.
    fn has_session(&self) -> bool {
        match self.mode {
            AuthMode::Cookie => true,
            AuthMode::Token => self.token.borrow().is_some(),
            AuthMode::None => false,
        }
    }

    async fn refresh(&self) -> bool {
        if self.mode == AuthMode::None {
            return false;
        }
        let Some(answer) = self
            .send(Request::get(&self.url("/.auth/refresh")), None)
            .await
        else {
            return false;
        };
        if !answer.ok() {
            return false;
        }
        if self.mode == AuthMode::Token {
            let body = answer.text().await.unwrap_or_default();
            let Some(token) = SessionToken::from_json(&body) else {
                return false;
            };
            self.keep(token);
        }
        true
    }

    /// Sends a request to the Function App, with what shows who sends it. `None` if no answer came.
    async fn send(&self, builder: RequestBuilder, json: Option<&str>) -> Option<Response> {
        // Credentials only where they are of use: with them, CORS must name this origin and allow
        // them; without, any setting that lets the page in will do.
        let credentials = match self.mode {
            AuthMode::Cookie => RequestCredentials::Include,
            AuthMode::Token | AuthMode::None => RequestCredentials::Omit,
        };
        let mut builder = builder
            .credentials(credentials)
            .cache(RequestCache::NoStore)
            .abort_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT)));
        if let Some(token) = &*self.token.borrow() {
            builder = builder.header(HEADER, token.reveal());
        }
        let request = match json {
            Some(body) => builder
                .header("content-type", "application/json")
                .body(body),
            None => builder.build(),
        };
        request.ok()?.send().await.ok()
    }

    fn keep(&self, token: SessionToken) {
        // The address first: a token is of no use without knowing where it may go.
        let kept = [&self.api_base_url, "\n", token.reveal()].concat();
        storage::set(storage::session().as_ref(), TOKEN, &kept);
        self.token.replace(Some(token));
    }

    /// Takes the token up that this tab keeps, if it is for this address.
    fn take_up(&self) {
        let kept = storage::get(storage::session().as_ref(), TOKEN).unwrap_or_default();
        if let Some((address, token)) = kept.split_once('\n')
            && address == self.api_base_url
            && self.mode == AuthMode::Token
        {
            self.token
                .replace(Some(SessionToken::new(token.to_owned())));
        }
    }
}
