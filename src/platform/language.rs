//! What the browser and the page know of languages.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response};

/// How long the texts of a language may take, in milliseconds. English is there at once, and better
/// than nothing.
const TIMEOUT: u32 = 5_000;

/// The languages that the browser asks for, the dearest first.
pub(crate) fn asked() -> Vec<String> {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    let languages = languages
        .into_iter()
        .flat_map(|languages| languages.to_vec());
    languages.filter_map(|tag| tag.as_string()).collect()
}

/// The texts of the language with this tag, from the file that index.html names; `None` if they
/// cannot be had.
pub(crate) async fn texts(tag: &str) -> Option<String> {
    let link = [r#"link[rel=translation][hreflang=""#, tag, r#""]"#].concat();
    let link = document()?.query_selector(&link).ok()??;
    let of = |attribute| link.get_attribute(attribute).unwrap_or_default();
    let options = RequestInit::new();
    options.set_integrity(&of("integrity"));
    options.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT)));
    let sending = web_sys::window()?.fetch_with_str_and_init(&of("href"), &options);
    let answer: Response = JsFuture::from(sending).await.ok()?.unchecked_into();
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Says which language the page is in, and which way it is written.
pub(crate) fn tell(tag: &str, direction: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // Fails for what is no attribute's name.
        let _ = root.set_attribute("lang", tag);
        let _ = root.set_attribute("dir", direction);
    }
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
