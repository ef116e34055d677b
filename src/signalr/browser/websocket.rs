//! A browser's WebSocket, that ends with its owner.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CloseEvent, MessageChannel, MessageEvent};

use crate::signalr::client::Backlog;
use crate::signalr::connection::{self, Event, Generation};

/// An open socket, or one that opens. Dropped, it closes and tells nothing more.
pub(super) struct WebSocket {
    socket: web_sys::WebSocket,
    intake: Rc<Intake>,
    _on_more: Closure<dyn FnMut()>,
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
        let intake = Rc::new(Intake {
            backlog: RefCell::default(),
            more: MessageChannel::new().ok()?,
            tell: Box::new(tell),
        });
        let told = intake.clone();
        let on_more = Closure::<dyn FnMut()>::new(move || told.tell_next());
        let port = intake.more.port1();
        port.set_onmessage(Some(on_more.as_ref().unchecked_ref()));
        let texted = intake.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // The JSON protocol is text; a binary message is nobody's.
            if let Some(text) = super::text(&event.data()) {
                texted.take(Event::Text(generation, text));
            }
        });
        let closed = intake.clone();
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            let closure = connection::Closure::Socket {
                code: event.code(),
                reason: event.reason(),
            };
            closed.take(Event::Closed(generation, closure));
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(WebSocket {
            socket,
            intake,
            _on_more: on_more,
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

/// Tells what came, a piece at a time.
struct Intake {
    backlog: RefCell<Backlog>,
    /// What is posted here comes back when the page has done its other work. A timer would come back
    /// later, and in a page behind others a second later.
    more: MessageChannel,
    tell: Box<dyn Fn(Event)>,
}

impl Intake {
    fn take(&self, event: Event) {
        let idle = self.backlog.borrow().is_empty();
        self.backlog.borrow_mut().push(event);
        if idle {
            self.tell_next();
        }
    }

    fn tell_next(&self) {
        // Not held while it is told: that may end the socket.
        let next = self.backlog.borrow_mut().pop();
        if let Some(event) = next {
            (self.tell)(event);
        }
        if !self.backlog.borrow().is_empty() {
            // Fails for what cannot be copied.
            let _ = self.more.port2().post_message(&JsValue::NULL);
        }
    }
}

impl Drop for WebSocket {
    fn drop(&mut self) {
        self.intake.backlog.borrow_mut().clear();
        self.intake.more.port1().set_onmessage(None);
        self.intake.more.port1().close();
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Not waited for: after a lost network the browser can take half a minute to give up.
        let _ = self.socket.close();
    }
}
