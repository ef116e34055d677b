//! One request of the browser's own.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response,
};

/// A request that is not sent yet. No answer is ever taken from the browser's cache.
pub(crate) struct Ask {
    url: String,
    options: RequestInit,
    headers: Vec<(String, String)>,
}

impl Ask {
    /// A request with this method. The cookies of the other side go along only if `with_cookies`.
    pub(crate) fn new(method: &str, url: &str, with_cookies: bool) -> Ask {
        let options = RequestInit::new();
        options.set_method(method);
        options.set_cache(RequestCache::NoStore);
        options.set_credentials(match with_cookies {
            true => RequestCredentials::Include,
            false => RequestCredentials::Omit,
        });
        Ask {
            url: url.to_owned(),
            options,
            headers: Vec::new(),
        }
    }

    /// With one header more.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Ask {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this text. The browser says that it is text/plain;charset=UTF-8, unless a header does.
    pub(crate) fn body(self, text: &str) -> Ask {
        self.options.set_body(&text.into());
        self
    }

    /// Follows no redirect: it brings an answer with status 0.
    pub(crate) fn without_redirects(self) -> Ask {
        self.options.set_redirect(RequestRedirect::Manual);
        self
    }

    /// Until this says that nobody waits any more.
    pub(crate) fn until(self, signal: Option<&AbortSignal>) -> Ask {
        self.options.set_signal(signal);
        self
    }

    /// Sends it.
    ///
    /// # Errors
    /// No answer came that this page may see, or what was asked for cannot be.
    pub(crate) async fn send(self) -> Result<Answer, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in &self.headers {
            headers.append(name, value)?;
        }
        self.options.set_headers(&headers);
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let sending = window.fetch_with_str_and_init(&self.url, &self.options);
        let answer = JsFuture::from(sending).await?;
        Ok(Answer(answer.unchecked_into()))
    }
}

/// What came back.
pub(crate) struct Answer(Response);

impl Answer {
    /// Its status; 0 for a redirect that was not followed.
    pub(crate) fn status(&self) -> u16 {
        self.0.status()
    }

    /// True for a status of success.
    pub(crate) fn ok(&self) -> bool {
        self.0.ok()
    }

    /// The words beside the status.
    pub(crate) fn reason(&self) -> String {
        self.0.status_text()
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.0.headers().get(name).ok().flatten()
    }

    /// The body as text.
    ///
    /// # Errors
    /// It broke off.
    pub(crate) async fn text(&self) -> Result<String, JsValue> {
        let text = JsFuture::from(self.0.text()?).await?;
        Ok(text.as_string().unwrap_or_default())
    }
}
