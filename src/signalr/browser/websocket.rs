//! A browser's WebSocket, that ends with its owner.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CloseEvent, MessageEvent};

use crate::signalr::connection::{self, Event, Generation};

/// An open socket, or one that opens. Dropped, it closes and tells nothing more.
pub(super) struct WebSocket {
    socket: web_sys::WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl WebSocket {
    /// Begins to open a socket at `url`. `None` if the browser refuses to try.
    pub(super) fn open(
        generation: Generation,
        url: &str,
        tell: impl Fn(Event) + Clone + 'static,
    ) -> Option<WebSocket> {
        let socket = web_sys::WebSocket::new(url).ok()?;
        let opened = tell.clone();
        let on_open = Closure::<dyn FnMut()>::new(move || opened(Event::Opened(generation)));
        let texted = tell.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // The JSON protocol is text; a binary message is nobody's.
            if let Some(text) = super::text(&event.data()) {
                texted(Event::Text(generation, text));
            }
        });
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            let closure = connection::Closure::Socket {
                code: event.code(),
                reason: event.reason(),
            };
            tell(Event::Closed(generation, closure));
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(WebSocket {
            socket,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        })
    }

    /// Sends text. A socket that is closing drops it, and tells of its end by itself.
    pub(super) fn send(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for WebSocket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Not waited for: after a lost network the browser can take half a minute to give up.
        let _ = self.socket.close();
    }
}
