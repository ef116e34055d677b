//! A browser's WebSocket, that ends with its owner.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CloseEvent, Event, MessageEvent};

/// What a socket tells.
pub(in crate::signalr) enum SocketEvent {
    /// It is open.
    Opened,
    /// Text came.
    Text(String),
    /// It is closed, or could not be opened: the close code and the reason.
    Closed(u16, String),
}

/// An open socket, or one that opens. Dropped, it closes and tells nothing more.
pub(in crate::signalr) struct WebSocket {
    socket: web_sys::WebSocket,
    _on_open: Closure<dyn FnMut(Event)>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl WebSocket {
    /// Begins to open a socket at `url`. `None` if the browser refuses to try, as it does with an
    /// insecure address on a secure page.
    pub(in crate::signalr) fn open(
        url: &str,
        tell: impl Fn(SocketEvent) + Clone + 'static,
    ) -> Option<WebSocket> {
        let socket = web_sys::WebSocket::new(url).ok()?;
        let opened = tell.clone();
        let on_open = Closure::<dyn FnMut(Event)>::new(move |_| opened(SocketEvent::Opened));
        let texted = tell.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // The JSON protocol is text; a binary message is nobody's.
            if let Some(text) = event.data().as_string() {
                texted(SocketEvent::Text(text));
            }
        });
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            tell(SocketEvent::Closed(event.code(), event.reason()));
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
    pub(in crate::signalr) fn send(&self, text: &str) {
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
