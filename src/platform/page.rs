//! The page's own address, leaving it, and whether somebody looks.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Event};

/// The origin of the page, such as `https://example.com`.
pub(crate) fn origin() -> String {
    location()
        .and_then(|location| location.origin().ok())
        .unwrap_or_default()
}

/// The address of the page without query and fragment.
pub(crate) fn address() -> String {
    let path = location()
        .and_then(|location| location.pathname().ok())
        .unwrap_or_default();
    [&*origin(), &path].concat()
}

/// False if the browser says that there is no network.
pub(crate) fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// The fragment of the address, with its `#`.
pub(crate) fn fragment() -> String {
    location()
        .and_then(|location| location.hash().ok())
        .unwrap_or_default()
}

/// Takes the fragment off the address, also for the Back button.
pub(crate) fn clear_fragment() {
    let Some((location, history)) =
        location().zip(web_sys::window().and_then(|window| window.history().ok()))
    else {
        return;
    };
    let address = [location.pathname(), location.search()]
        .into_iter()
        .flatten()
        .collect::<String>();
    let replaced = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    // A browser refuses only after many changes a second, and this is the page's first.
    debug_assert!(replaced.is_ok());
}

/// Goes to another page.
pub(crate) fn leave(url: &str) {
    if let Some(location) = location() {
        // Fails for what is no address, which a checked setting cannot lead to.
        let _ = location.assign(url);
    }
}

/// True while the page is behind others.
pub(crate) fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// True while somebody looks: the page is in front, and has the keyboard.
pub(crate) fn is_looked_at() -> bool {
    document().is_some_and(|document| !document.hidden() && document.has_focus().unwrap_or(true))
}

/// Calls `changed` with the event's name whenever the person may have begun or ceased to look, has
/// chosen something on another page or in the browser, or leaves. For as long as the page lives.
pub(crate) fn on_attention(changed: impl Fn(&str) + 'static) {
    let callback = Closure::<dyn FnMut(Event)>::new(move |event: Event| changed(&event.type_()));
    let function = callback.as_ref().unchecked_ref();
    if let (Some(window), Some(document)) = (web_sys::window(), document()) {
        for name in ["focus", "blur", "storage", "languagechange", "pagehide"] {
            let _ = window.add_event_listener_with_callback(name, function);
        }
        let _ = document.add_event_listener_with_callback(VISIBILITY, function);
    }
    callback.forget();
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = reportError)]
    fn report(error: &JsValue);
}

/// Tells the page of an error, at once and as the browser tells it of an exception that nobody catches.
pub(crate) fn report_error(words: &str) {
    report(&js_sys::Error::new(words));
}

/// Shows this as the page's name.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Shows what `change` makes of the page's icon, or the icon as it was.
pub(crate) fn set_icon(change: impl FnOnce(&str) -> Option<String>) {
    const AS_IT_WAS: &str = "data-icon";
    let icon = document().and_then(|document| document.query_selector("link[rel=icon]").ok()?);
    let Some(icon) = icon else {
        return;
    };
    let before = icon
        .get_attribute(AS_IT_WAS)
        .or_else(|| icon.get_attribute("href"));
    let before = before.unwrap_or_default();
    let _ = icon.set_attribute("href", &change(&before).unwrap_or_else(|| before.clone()));
    let _ = icon.set_attribute(AS_IT_WAS, &before);
}

/// Told when the page goes behind others or comes back, until it is dropped.
pub(crate) struct VisibilityListener(Closure<dyn FnMut()>);

const VISIBILITY: &str = "visibilitychange";

impl VisibilityListener {
    /// Calls `changed` each time.
    pub(crate) fn new(changed: impl FnMut() + 'static) -> VisibilityListener {
        let callback = Closure::<dyn FnMut()>::new(changed);
        if let Some(document) = document() {
            let function = callback.as_ref().unchecked_ref();
            let _ = document.add_event_listener_with_callback(VISIBILITY, function);
        }
        VisibilityListener(callback)
    }
}

impl Drop for VisibilityListener {
    fn drop(&mut self) {
        if let Some(document) = document() {
            let function = self.0.as_ref().unchecked_ref();
            let _ = document.remove_event_listener_with_callback(VISIBILITY, function);
        }
    }
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn location() -> Option<web_sys::Location> {
    Some(web_sys::window()?.location())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_fragment_is_taken_off_and_leaves_no_trace_in_the_history() {
        let location = location().expect("a browser");
        location.set_hash("token=secret").expect("it can be set");
        let entries = || web_sys::window().and_then(|window| window.history().ok()?.length().ok());
        let before = entries();
        assert_eq!(fragment(), "#token=secret");
        clear_fragment();
        assert_eq!(fragment(), "");
        assert_eq!(entries(), before, "replaced, not added to");
        assert!(address().starts_with(&origin()));
    }
}
