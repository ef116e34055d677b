//! Whether anything answers at an address.

use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestInit, RequestMode};

/// How long an answer may take, in milliseconds. What was asked before has had its time to wake up.
const TIMEOUT: u32 = 5_000;

/// True if anything answers. The answer itself is hidden from the page, which is why it needs
/// nobody's leave.
pub(crate) async fn answers(url: &str) -> bool {
    let options = RequestInit::new();
    options.set_mode(RequestMode::NoCors);
    options.set_credentials(RequestCredentials::Omit);
    options.set_cache(RequestCache::NoStore);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT)));
    let Some(window) = web_sys::window() else {
        return false;
    };
    JsFuture::from(window.fetch_with_str_and_init(url, &options))
        .await
        .is_ok()
}
