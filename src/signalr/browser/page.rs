//! What the browser tells about the network and the page.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::EventTarget;

use crate::signalr::client::Sink;
use crate::signalr::connection::Event;

/// A listener to an event of the page, that ends with its owner.
pub(super) struct PageListener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut()>,
}

/// Listens to everything that bears on a connection.
pub(super) fn listen(sink: &Sink) -> Vec<PageListener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let document: Option<EventTarget> = window.document().map(Into::into);
    let window: EventTarget = window.into();
    let listen = |target: &EventTarget, name, event| PageListener::new(target, name, sink, event);
    let mut listeners = vec![
        listen(&window, "online", || Some(Event::Woken)),
        listen(&window, "offline", || Some(Event::Offline)),
        listen(&window, "pageshow", || Some(Event::Woken)),
        listen(&window, "pagehide", || Some(Event::Suspended)),
    ];
    if let Some(document) = document {
        listeners.push(listen(&document, "resume", || Some(Event::Woken)));
        listeners.push(listen(&document, "visibilitychange", || {
            is_visible().then_some(Event::Woken)
        }));
    }
    listeners
}

impl PageListener {
    fn new(
        target: &EventTarget,
        name: &'static str,
        sink: &Sink,
        event: fn() -> Option<Event>,
    ) -> PageListener {
        let sink = sink.clone();
        let callback = Closure::<dyn FnMut()>::new(move || {
            if let Some(event) = event() {
                sink.event(event);
            }
        });
        // Fails for no event of these names.
        let _ = target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
        PageListener {
            target: target.clone(),
            name,
            callback,
        }
    }
}

impl Drop for PageListener {
    fn drop(&mut self) {
        let function = self.callback.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.name, function);
    }
}

fn is_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| !document.hidden())
}
