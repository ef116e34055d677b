//! A browser, as a client's surroundings: requests, sockets, event streams, one timer, and the
//! page's own events. It decides nothing.

mod event_stream;
pub(crate) mod fetch;
mod page;
mod requests;
mod text;
mod websocket;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;

use super::client::{Io, Sink, Task};
use super::connection::{self, Action, Event, Generation};
use super::{Millis, Transport};
use event_stream::EventStream;
use page::PageListener;
use requests::Requests;
use websocket::WebSocket;

pub use text::text;

/// A browser's network, clock and page.
///
/// ```no_run
/// # use serverless_chat::signalr::{Options, browser::{Browser, seed}, client::Connection};
/// let options = Options { seed: seed(), ..Options::new("https://example.com/hub") };
/// let connection = Connection::new(Browser::default(), options, |_| {
///     Box::pin(async { Ok(Default::default()) })
/// });
/// drop(connection.start());
/// ```
#[derive(Default)]
pub struct Browser {
    socket: RefCell<Option<WebSocket>>,
    events: RefCell<Option<EventStream>>,
    requests: Rc<Requests>,
    timer: RefCell<Timer>,
    page: RefCell<Vec<PageListener>>,
}

#[derive(Default)]
struct Timer {
    id: Option<i32>,
    callback: Option<Closure<dyn FnMut()>>,
}

impl Io for Browser {
    fn attach(&self, sink: &Sink) {
        self.page.replace(page::listen(sink));
        let sink = sink.clone();
        self.timer.borrow_mut().callback = Some(Closure::new(move || sink.wake()));
    }

    fn now(&self) -> Millis {
        // The wall clock: it goes on while the device sleeps, which is what a timeout has to notice.
        js_sys::Date::now() as Millis
    }

    fn wake_at(&self, at: Option<Millis>, _: &Sink) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let mut timer = self.timer.borrow_mut();
        if let Some(id) = timer.id.take() {
            window.clear_timeout_with_handle(id);
        }
        if let (Some(at), Some(callback)) = (at, &timer.callback) {
            let delay = i32::try_from(at.saturating_sub(self.now())).unwrap_or(i32::MAX);
            let function = callback.as_ref().unchecked_ref();
            timer.id = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(function, delay)
                .ok();
        }
    }

    fn carry_out(&self, action: Action, sink: &Sink) {
        match action {
            Action::Request(id, request) => Requests::send(&self.requests, id, request, sink),
            Action::Abort(id) => self.requests.abort(id),
            Action::Open(generation, endpoint) => self.open(generation, &endpoint, sink),
            Action::Send(text) => {
                if let Some(socket) = &*self.socket.borrow() {
                    socket.send(&text);
                }
            }
            Action::Abandon => {
                self.socket.take();
                self.events.take();
                self.requests.abort_all();
            }
        }
    }

    fn spawn(&self, task: Task) {
        spawn_local(task);
    }

    fn lower_case(&self, name: &str) -> String {
        match name.is_ascii() {
            true => name.to_ascii_lowercase(),
            false => js_sys::JsString::from(name).to_lower_case().into(),
        }
    }
}

impl Browser {
    fn open(&self, generation: Generation, endpoint: &connection::Endpoint, sink: &Sink) {
        let own = sink.clone();
        let tell = move |event| own.event(event);
        let opens = match endpoint.transport {
            Transport::WebSockets => {
                let socket = WebSocket::open(generation, &endpoint.url, tell);
                self.socket.replace(socket);
                self.socket.borrow().is_some()
            }
            _ => {
                let events = EventStream::open(generation, endpoint, tell);
                self.events.replace(events);
                self.events.borrow().is_some()
            }
        };
        if !opens {
            let sink = sink.clone();
            let closure = connection::Closure::Refused;
            spawn_local(async move { sink.event(Event::Closed(generation, closure)) });
        }
    }
}

/// A seed for [`Options::seed`](super::Options::seed).
///
/// ```
/// use serverless_chat::signalr::{Options, browser};
///
/// let options = Options { seed: browser::seed(), ..Options::new("https://example.com/hub") };
/// ```
pub fn seed() -> u64 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u64
}
