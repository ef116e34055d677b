//! Requests to the Function App, the session token's storage, and the ways to the sign-in and
//! back. What the answers mean is decided elsewhere.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::PostError;
use super::popup::{self, Ended};
use super::popup_window::{self, PopupWindow};
use super::principal::{Reason, WhoAmI};
use super::refresh::{RefreshPolicy, Refreshed};
use super::sign_in::{self, Fragment};
use super::token::SessionToken;
use crate::config::{AuthMode, Config};
use crate::platform::{clock, page, storage, task};
use crate::signalr::Authorization;
use crate::signalr::browser::fetch::{Answer, Ask};
use crate::text;

/// Where this tab keeps the token, with the address that it is for.
const TOKEN: &str = "chat.token";
/// Where this tab remembers that it went to sign in, and at which address.
const SIGNING_IN: &str = "chat.signing-in";
/// In place of it in a window beside the page, which gets a copy of what the page's tab keeps.
const SIGNING_IN_BESIDE: &str = "chat.signing-in-beside";
/// Where this tab remembers that it went to sign out.
const SIGNING_OUT: &str = "chat.signing-out";

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
    /// True if this page comes back from signing out.
    signed_out: bool,
    /// The refresh that is under way. Whoever else needs one waits for the same.
    refreshing: RefCell<Option<Promise>>,
    refresh_policy: RefCell<RefreshPolicy>,
    /// The window in which somebody signs in.
    popup: RefCell<Option<PopupWindow>>,
}

impl Auth {
    /// Takes up the session of this tab, and what a sign-in left in the page's address.
    ///
    /// Must be the first thing that the page does: until then the token is in the address. `None` if
    /// this window was opened for a sign-in and has told the page that opened it how that ended:
    /// then there is nothing left to do.
    pub(crate) fn begin(config: &Config) -> Option<Auth> {
        let session = storage::session();
        let api = &config.api_base_url;
        let take = |key| {
            let value = storage::get(session.as_ref(), key);
            storage::remove(session.as_ref(), key);
            value
        };
        let beside = take(SIGNING_IN_BESIDE).as_ref() == Some(api);
        let expected = take(SIGNING_IN).as_ref() == Some(api) || beside;
        let signed_out = take(SIGNING_OUT).is_some();
        let fragment = page::fragment();
        if Fragment::is_about_signing_in(&fragment) {
            page::clear_fragment();
        }
        let fragment = match Fragment::parse(&fragment, expected) {
            Fragment::None
                if !expected
                    && Fragment::is_about_signing_in(&fragment)
                    && !storage::keeps(session.as_ref()) =>
            {
                Fragment::Error(sign_in::FORGOTTEN.to_owned())
            }
            fragment => fragment,
        };
        if beside && popup::hand_over(&fragment).is_some_and(|data| popup_window::report(&data)) {
            // This window closes.
            return None;
        }
        let (new, error) = match fragment {
            Fragment::None => (None, None),
            Fragment::Token(token) => (Some(token), None),
            Fragment::Error(words) => (None, Some(words)),
        };
        let auth = Auth(Rc::new(Inner {
            api_base_url: api.clone(),
            mode: config.auth_mode,
            token: RefCell::new(None),
            error: RefCell::new(error),
            signed_out,
            refreshing: RefCell::new(None),
            refresh_policy: RefCell::default(),
            popup: RefCell::new(None),
        }));
        match new {
            Some(token) => auth.0.keep(token),
            None => auth.0.take_up(),
        }
        Some(auth)
    }

    /// What a sign-in ended with, if it failed: the server's words, once.
    pub(crate) fn take_error(&self) -> Option<String> {
        self.0.error.take()
    }

    /// True if this page comes back from signing out.
    pub(crate) fn signed_out(&self) -> bool {
        self.0.signed_out
    }

    /// Asks the Function App who is here.
    pub(crate) async fn who_am_i(&self) -> WhoAmI {
        let token = self.0.token.borrow().clone();
        match self.0.ask(token.as_ref()).await {
            // A session that is over can be renewed for three days: the person who opens the page
            // the next morning is still signed in. Unless they have just signed out.
            WhoAmI::SignedOut(Reason::Unauthorized)
                if self.0.has_session() && !self.0.signed_out && self.refresh().await =>
            {
                let token = self.0.token.borrow().clone();
                self.0.ask(token.as_ref()).await
            }
            answer => answer,
        }
    }

    /// Asks the Function App who has just signed in beside the page: with this token, or with the
    /// browser's cookie. Nothing else is asked as that person yet.
    pub(crate) async fn who_signed_in(&self, token: Option<&SessionToken>) -> WhoAmI {
        self.0.ask(token).await
    }

    /// Takes up the session that began beside the page.
    pub(crate) fn take_over(&self, token: Option<SessionToken>) {
        self.0.refresh_policy.take();
        if let Some(token) = token {
            self.0.keep(token);
        }
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

    /// Opens a window to sign in with `provider`, in place of one that is open already, and calls
    /// `ended` once. False if the browser lets no window open, or none could be heard of.
    pub(crate) fn sign_in_beside(&self, provider: &str, ended: impl Fn(Ended) + 'static) -> bool {
        let inner = &self.0;
        let api_origin = text::origin(&inner.api_base_url).to_owned();
        // A cookie is seen by the window's address, which only one origin's own pages may read.
        if inner.mode == AuthMode::Cookie && api_origin != page::origin() {
            return false;
        }
        let (url, done) = sign_in::popup_urls(
            &inner.api_base_url,
            provider,
            &page::address(),
            &page::origin(),
            inner.mode,
        );
        let sign_in = popup_window::SignIn {
            url,
            done,
            api_origin,
        };
        inner.popup.take();
        let session = storage::session();
        // For the copy that the window gets.
        storage::set(session.as_ref(), SIGNING_IN_BESIDE, &inner.api_base_url);
        let auth = self.clone();
        let popup = popup_window::open(
            sign_in,
            Rc::new(move |how| {
                if auth.0.popup.take().is_some() {
                    ended(how);
                }
            }),
        );
        storage::remove(session.as_ref(), SIGNING_IN_BESIDE);
        let opened = popup.is_some();
        inner.popup.replace(popup);
        opened
    }

    /// Forgets the session and leaves the page to sign out at the Function App too.
    pub(crate) fn sign_out(&self) {
        self.0.popup.take();
        self.0.token.take();
        let session = storage::session();
        storage::remove(session.as_ref(), TOKEN);
        storage::set(session.as_ref(), SIGNING_OUT, "1");
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
            let token = self.0.token.borrow().clone();
            let url = self.0.url(path);
            let answer = self.0.send(&url, token.as_ref(), Some(body)).await;
            match answer.map(|answer| answer.status()) {
                None => return Err(PostError::NoAnswer),
                Some(200..300) => return Ok(()),
                // A redirect that was not followed: to a sign-in page.
                Some(401 | 0) if !renewed && self.refresh().await => renewed = true,
                Some(401 | 0) => return Err(PostError::SignedOut),
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

    /// Asks who is here, by `token` or by the browser's cookie.
    async fn ask(&self, token: Option<&SessionToken>) -> WhoAmI {
        if self.mode == AuthMode::None {
            return WhoAmI::Anonymous;
        }
        let url = self.url("/.auth/me");
        let Some(answer) = self.send(&url, token, None).await else {
            return WhoAmI::Unreachable;
        };
        let status = answer.status();
        let body = answer.text().await.unwrap_or_default();
        WhoAmI::from_answer(status, &body)
    }

    async fn refresh(&self) -> bool {
        let now = clock::now() as u64;
        if self.mode == AuthMode::None || !self.refresh_policy.borrow().may_ask(now) {
            return false;
        }
        let outcome = self.ask_for_refresh().await;
        let now = clock::now() as u64;
        self.refresh_policy.borrow_mut().ended(outcome, now);
        outcome == Refreshed::Renewed
    }

    async fn ask_for_refresh(&self) -> Refreshed {
        let token = self.token.borrow().clone();
        let url = self.url("/.auth/refresh");
        let Some(answer) = self.send(&url, token.as_ref(), None).await else {
            return Refreshed::NoAnswer;
        };
        if answer.ok() && self.mode == AuthMode::Cookie {
            return Refreshed::Renewed;
        }
        let body = answer.text().await.unwrap_or_default();
        match SessionToken::from_json(&body) {
            Some(new) if answer.ok() => {
                // Unless somebody has signed in anew meanwhile, or out.
                if *self.token.borrow() == token {
                    self.keep(new);
                }
                Refreshed::Renewed
            }
            _ => Refreshed::Status(answer.status()),
        }
    }

    /// Sends a request to the Function App, with what shows who sends it. `None` if no answer came.
    async fn send(
        &self,
        url: &str,
        token: Option<&SessionToken>,
        json: Option<&str>,
    ) -> Option<Answer> {
        // Credentials only where they are of use: with them, CORS must name this origin and allow
        // them; without, any setting that lets the page in will do.
        let with_cookies = self.mode == AuthMode::Cookie;
        let method = if json.is_some() { "POST" } else { "GET" };
        let mut asking = Ask::new(method, url, with_cookies)
            // No function redirects: it is the way to a sign-in page, which is no answer to a script.
            .without_redirects()
            .until(Some(&AbortSignal::timeout_with_u32(TIMEOUT)));
        if let Some(token) = token {
            asking = asking.header(HEADER, token.reveal());
        }
        if let Some(body) = json {
            asking = asking.header("content-type", "application/json").body(body);
        }
        asking.send().await.ok()
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
