//! The window of a sign-in beside the page. What it says is understood in [`popup`].

use std::rc::Rc;

use js_sys::{JSON, Object};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

use super::popup::{self, Ended, Message, Watch};
use crate::platform::{page, timer};

/// As a phone holds it: sign-in pages are made for that too.
const FEATURES: &str = "popup,width=480,height=680";

/// How often to look whether the window is still there, in milliseconds: nothing else tells.
const LOOK: i32 = 250;

/// What a window needs to know about its sign-in.
pub(super) struct SignIn {
    /// Where it begins.
    pub(super) url: String,
    /// Where it is done, if its address tells.
    pub(super) done: Option<String>,
    /// The origin of the backend.
    pub(super) api_origin: String,
}

/// An open window. It is closed, and nothing is heard of it any more, when this is dropped.
pub(super) struct PopupWindow {
    window: Window,
    _looking: Option<timer::Interval>,
    listener: Closure<dyn FnMut(MessageEvent)>,
}

/// Opens a window, and calls `ended` once. `None` if the browser does not let one open.
pub(super) fn open(sign_in: SignIn, ended: Rc<dyn Fn(Ended)>) -> Option<PopupWindow> {
    let page = web_sys::window()?;
    let opened = page.open_with_url_and_target_and_features(&sign_in.url, "_blank", FEATURES);
    let window = opened.ok()??;

    let (popup, then) = (window.clone(), ended.clone());
    let done = sign_in.done;
    let mut watch = Watch::default();
    let looking = timer::every(LOOK, move || {
        // Throws while the window shows a page of somebody else's.
        let address = popup.location().href().ok();
        let closed = popup.closed().unwrap_or(true);
        if let Some(how) = watch.look(closed, address.as_deref(), done.as_deref()) {
            then(how);
        }
    });

    let popup = window.clone();
    let trusted = [sign_in.api_origin, page::origin()];
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let from_popup = event
            .source()
            .is_some_and(|source| Object::is(&source, &popup));
        let data = event.data();
        let text = data.as_string().or_else(|| {
            let written = JSON::stringify(&data).ok()?;
            JsValue::from(written).as_string()
        });
        let message = Message {
            from_popup,
            origin: &event.origin(),
            data: text.as_deref().unwrap_or_default(),
        };
        if let Some(how) = popup::hear(message, [&trusted[0], &trusted[1]]) {
            ended(how);
        }
    });
    // Fails for no event of this name.
    let _ = page.add_event_listener_with_callback("message", listener.as_ref().unchecked_ref());
    Some(PopupWindow {
        window,
        _looking: looking,
        listener,
    })
}

impl Drop for PopupWindow {
    fn drop(&mut self) {
        if let Some(page) = web_sys::window() {
            let listener = self.listener.as_ref().unchecked_ref();
            let _ = page.remove_event_listener_with_callback("message", listener);
        }
        let _ = self.window.close();
    }
}

/// Tells the page that opened this window how the sign-in ended, and closes the window. False if
/// there is no such page.
pub(super) fn report(data: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let opener = window.opener().unwrap_or(JsValue::NULL);
    if opener.is_null() {
        return false;
    }
    let told = opener
        .unchecked_into::<Window>()
        .post_message(&data.into(), &page::origin());
    told.is_ok() && window.close().is_ok()
}
