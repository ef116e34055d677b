//! Whether anything answers at an address.

use gloo_net::http::Request;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestMode};

/// How long an answer may take, in milliseconds. What was asked before has had its time to wake up.
const TIMEOUT: u32 = 5_000;

/// True if anything answers. The answer itself is hidden from the page, which is why it needs
/// nobody's leave.
pub(crate) async fn answers(url: &str) -> bool {
    let request = Request::get(url)
        .mode(RequestMode::NoCors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT)));
    request.send().await.is_ok()
}
