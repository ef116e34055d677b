//! A browser's event stream, that ends with its owner.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, EventSourceInit, MessageEvent};

use crate::signalr::connection::{self, Endpoint, Event, Generation};

/// An open event stream, or one that opens. Dropped, it closes and tells nothing more.
pub(super) struct EventStream {
    source: EventSource,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut()>,
}

impl EventStream {
    /// Begins to open a stream. `None` if the browser refuses to try.
    pub(super) fn open(
        generation: Generation,
        endpoint: &Endpoint,
        tell: impl Fn(Event) + Clone + 'static,
    ) -> Option<EventStream> {
        let init = EventSourceInit::new();
        init.set_with_credentials(endpoint.include_credentials);
        let source = EventSource::new_with_event_source_init_dict(&endpoint.url, &init).ok()?;
        let opened = tell.clone();
        let on_open = Closure::<dyn FnMut()>::new(move || opened(Event::Opened(generation)));
        let texted = tell.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = super::text(&event.data()) {
                texted(Event::Text(generation, text));
            }
        });
        // A browser would open the stream again by itself; the connection wants to know instead.
        let on_error = Closure::<dyn FnMut()>::new(move || {
            tell(Event::Closed(generation, connection::Closure::EventStream));
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(EventStream {
            source,
            _on_open: on_open,
            _on_message: on_message,
            _on_error: on_error,
        })
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
