//! Messages of the system's, outside the page.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type Notification;
    #[wasm_bindgen(constructor, catch)]
    fn new(title: &str, options: &Object) -> Result<Notification, JsValue>;
    #[wasm_bindgen(static_method_of = Notification, catch, js_name = requestPermission)]
    fn request_permission() -> Result<Promise, JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &Notification);
    #[wasm_bindgen(method, setter)]
    fn set_onclick(this: &Notification, handler: &JsValue);
}

/// Whether the person lets this page show any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// The browser has none, or not for this page.
    Missing,
    /// Nobody has asked.
    NotAsked,
    /// Yes.
    Granted,
    /// No.
    Denied,
}

/// Whether the person lets this page show any.
pub(crate) fn permission() -> Permission {
    let class = Reflect::get(&js_sys::global(), &"Notification".into());
    let permission = class.and_then(|class| Reflect::get(&class, &"permission".into()));
    match permission
        .ok()
        .and_then(|words| words.as_string())
        .as_deref()
    {
        Some("granted") => Permission::Granted,
        Some("denied") => Permission::Denied,
        Some(_) => Permission::NotAsked,
        None => Permission::Missing,
    }
}

/// Asks the person. Only what they have just clicked on may ask.
pub(crate) async fn ask() -> Permission {
    if let Ok(answer) = Notification::request_permission() {
        // The answer is what is known then.
        let _ = JsFuture::from(answer).await;
    }
    permission()
}

/// Shows a message, in place of an earlier one with the same tag. False if the browser does not.
pub(crate) fn show(title: &str, body: &str, tag: &str, clicked: impl FnOnce() + 'static) -> bool {
    let options = Object::new();
    for (name, value) in [("body", body), ("tag", tag)] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    // Android's Chromium wants a service worker to do it.
    let Ok(notification) = Notification::new(title, &options) else {
        return false;
    };
    let own = notification.clone();
    let clicked = Closure::once_into_js(move || {
        if let Some(window) = web_sys::window() {
            let _ = window.focus();
        }
        own.close();
        clicked();
    });
    notification.set_onclick(&clicked);
    true
}
