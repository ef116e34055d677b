//! Runs the state machine in a browser: a socket, a fetch, one timer, and the page's own events.
//! It decides nothing.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use gloo_net::http::Request as HttpRequest;
use serde_json::value::RawValue;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, EventTarget, RequestCache, RequestCredentials};

use super::connection::{self, Command, Event, Generation, Request, Response};
use super::protocol::message::Invocation;
use super::transport::{SocketEvent, WebSocket};
use super::{Authorization, AuthorizeReason, Failure, Millis, Options, State};

type Authorize =
    dyn Fn(AuthorizeReason) -> Pin<Box<dyn Future<Output = Result<Authorization, String>>>>;
type Handler = dyn Fn(&[&RawValue]);
type Observer = dyn Fn(&State);

/// A connection to a hub. Cheap to clone; the clones are one connection.
///
/// ```no_run
/// # use serverless_chat::signalr::{Options, client::Connection};
/// let connection = Connection::new(Options::new("https://example.com/hub"), |_| {
///     Box::pin(async { Ok(Default::default()) })
/// });
/// connection.on("newMessage", |arguments| { /* each still in JSON */ });
/// connection.on_state(|state| { /* show it */ });
/// connection.start();
/// ```
#[derive(Clone)]
pub struct Connection(Rc<Inner>);

struct Inner {
    machine: RefCell<connection::Connection>,
    authorize: Box<Authorize>,
    handlers: RefCell<Vec<(String, Rc<Handler>)>>,
    observers: RefCell<Vec<Rc<Observer>>>,
    socket: RefCell<Option<WebSocket>>,
    /// Aborts the request that is under way.
    request: RefCell<Option<AbortController>>,
    timer: RefCell<Timer>,
    page: RefCell<Vec<PageListener>>,
    /// Counts the stops, so that a handler that stops is the last one to be called.
    stops: Cell<u32>,
}

#[derive(Default)]
struct Timer {
    id: Option<i32>,
    callback: Option<Closure<dyn FnMut()>>,
}

impl Connection {
    /// A connection that does nothing until [`Connection::start`]. `authorize` is asked before each
    /// negotiation at the hub's own address; an error ends the connection, with its words.
    pub fn new(
        options: Options,
        authorize: impl Fn(
            AuthorizeReason,
        ) -> Pin<Box<dyn Future<Output = Result<Authorization, String>>>>
        + 'static,
    ) -> Connection {
        let inner = Rc::new(Inner {
            machine: RefCell::new(connection::Connection::new(options)),
            authorize: Box::new(authorize),
            handlers: RefCell::default(),
            observers: RefCell::default(),
            socket: RefCell::default(),
            request: RefCell::default(),
            timer: RefCell::default(),
            page: RefCell::default(),
            stops: Cell::default(),
        });
        let weak = Rc::downgrade(&inner);
        inner.timer.borrow_mut().callback = Some(Closure::new(move || {
            if let Some(inner) = weak.upgrade() {
                inner.timer.borrow_mut().id = None;
                inner.machine.borrow_mut().handle_timeout(now());
                inner.run();
            }
        }));
        Inner::follow_the_page(&inner);
        Connection(inner)
    }

    /// Calls `handler` with the arguments, still in JSON, each time the server calls `target`, whose
    /// case does not matter. A target may have several handlers; they run in this order, and all of
    /// them before those of the next call.
    pub fn on(&self, target: &str, handler: impl Fn(&[&RawValue]) + 'static) {
        self.0
            .handlers
            .borrow_mut()
            .push((target.to_lowercase(), Rc::new(handler)));
    }

    /// Calls `observer` at each change of the state.
    pub fn on_state(&self, observer: impl Fn(&State) + 'static) {
        self.0.observers.borrow_mut().push(Rc::new(observer));
    }

    /// Begins to connect, and to stay connected, until [`Connection::stop`] or an error that trying
    /// again cannot help. How it goes is told to [`Connection::on_state`].
    pub fn start(&self) {
        self.0.event(Event::Start);
    }

    /// Ends the connection, and whatever is under way, at once.
    pub fn stop(&self) {
        self.0.stops.set(self.0.stops.get() + 1);
        self.0.event(Event::Stop);
    }

    /// Makes the next try now, also after an error that ended trying.
    pub fn try_now(&self) {
        self.0.event(Event::TryNow);
    }
}

impl Inner {
    fn event(self: &Rc<Self>, event: Event) {
        self.machine.borrow_mut().handle_event(now(), event);
        self.run();
    }

    /// Carries out what the machine wants, until it wants nothing more.
    fn run(self: &Rc<Self>) {
        loop {
            // Not held while a command runs: it may call back.
            let command = self.machine.borrow_mut().poll_command();
            match command {
                None => break,
                Some(Command::Authorize(generation, reason)) => self.authorize(generation, reason),
                Some(Command::Post(generation, request)) => self.post(generation, request),
                Some(Command::Open(generation, url)) => self.open(generation, &url),
                Some(Command::Send(text)) => {
                    if let Some(socket) = &*self.socket.borrow() {
                        socket.send(&text);
                    }
                }
                Some(Command::Abandon) => {
                    self.socket.take();
                    if let Some(request) = self.request.take() {
                        request.abort();
                    }
                }
                Some(Command::Report(state)) => {
                    let observers = self.observers.borrow().clone();
                    for observer in observers {
                        observer(&state);
                    }
                }
            }
        }
        self.wake_at(self.machine.borrow().poll_timeout());
    }

    fn wake_at(&self, at: Option<Millis>) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let mut timer = self.timer.borrow_mut();
        if let Some(id) = timer.id.take() {
            window.clear_timeout_with_handle(id);
        }
        if let (Some(at), Some(callback)) = (at, &timer.callback) {
            let delay = i32::try_from(at.saturating_sub(now())).unwrap_or(i32::MAX);
            let function = callback.as_ref().unchecked_ref();
            timer.id = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(function, delay)
                .ok();
        }
    }

    fn authorize(self: &Rc<Self>, generation: Generation, reason: AuthorizeReason) {
        let answer = (self.authorize)(reason);
        let inner = self.clone();
        spawn_local(async move {
            let outcome = answer.await;
            inner.event(Event::Authorized(generation, outcome));
        });
    }

    fn post(self: &Rc<Self>, generation: Generation, request: Request) {
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        self.request.replace(controller);
        let inner = self.clone();
        spawn_local(async move {
            let credentials = match request.include_credentials {
                true => RequestCredentials::Include,
                false => RequestCredentials::Omit,
            };
            let mut builder = HttpRequest::post(&request.url)
                .credentials(credentials)
                .cache(RequestCache::NoStore)
                .abort_signal(signal.as_ref());
            for (name, value) in &request.headers {
                builder = builder.header(name, value);
            }
            let outcome = match builder.send().await {
                Err(_) => Err(Failure::Network),
                Ok(response) => {
                    let status = response.status();
                    let seconds = response.headers().get("retry-after");
                    let retry_after = seconds
                        .and_then(|seconds| seconds.parse::<Millis>().ok())
                        .map(|one| one * 1000);
                    // A body that breaks off is as good as none.
                    response
                        .text()
                        .await
                        .map(|body| Response {
                            status,
                            body,
                            retry_after,
                        })
                        .map_err(|_| Failure::Network)
                }
            };
            inner.event(Event::Answered(generation, outcome));
        });
    }

    fn open(self: &Rc<Self>, generation: Generation, url: &str) {
        let weak = Rc::downgrade(self);
        let socket = WebSocket::open(url, move |event| {
            if let Some(inner) = weak.upgrade() {
                inner.socket_event(generation, event);
            }
        });
        let refused = socket.is_none();
        self.socket.replace(socket);
        if refused {
            self.machine
                .borrow_mut()
                .handle_event(now(), Event::Closed(generation, 1006, String::new()));
        }
    }

    fn socket_event(self: &Rc<Self>, generation: Generation, event: SocketEvent) {
        match event {
            SocketEvent::Opened => self.event(Event::Opened(generation)),
            SocketEvent::Closed(code, reason) => {
                self.event(Event::Closed(generation, code, reason))
            }
            SocketEvent::Text(piece) => {
                let now = now();
                let records = self.machine.borrow_mut().frame(now, generation, piece);
                let Some(records) = records else {
                    return self.run();
                };
                let invocations = self.machine.borrow_mut().receive(now, generation, &records);
                // The state first: a handler of the first message may ask for it.
                self.run();
                let stops = self.stops.get();
                for invocation in &invocations {
                    self.dispatch(invocation, stops);
                }
            }
        }
    }

    fn dispatch(&self, invocation: &Invocation<'_>, stops: u32) {
        let handlers: Vec<Rc<Handler>> = {
            let handlers = self.handlers.borrow();
            let target = invocation.target.to_lowercase();
            handlers
                .iter()
                .filter(|one| one.0 == target)
                .map(|one| one.1.clone())
                .collect()
        };
        for handler in handlers {
            if self.stops.get() != stops {
                return;
            }
            handler(&invocation.arguments);
        }
    }

    /// Listens to what the browser tells about the network and the page.
    fn follow_the_page(inner: &Rc<Inner>) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let document: Option<EventTarget> = window.document().map(Into::into);
        let window: EventTarget = window.into();
        let listen = |target: &EventTarget, name, event| {
            PageListener::new(target, name, Rc::downgrade(inner), event)
        };
        let mut page = inner.page.borrow_mut();
        page.push(listen(&window, "online", || Some(Event::Woken)));
        page.push(listen(&window, "offline", || Some(Event::Offline)));
        page.push(listen(&window, "pageshow", || Some(Event::Woken)));
        page.push(listen(&window, "pagehide", || Some(Event::Suspended)));
        if let Some(document) = document {
            page.push(listen(&document, "resume", || Some(Event::Woken)));
            page.push(listen(&document, "visibilitychange", || {
                is_visible().then_some(Event::Woken)
            }));
        }
    }
}

/// A listener to an event of the page, that ends with its owner.
struct PageListener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut()>,
}

impl PageListener {
    fn new(
        target: &EventTarget,
        name: &'static str,
        inner: Weak<Inner>,
        event: fn() -> Option<Event>,
    ) -> PageListener {
        let callback = Closure::<dyn FnMut()>::new(move || {
            if let (Some(inner), Some(event)) = (inner.upgrade(), event()) {
                inner.event(event);
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

/// The wall clock: it goes on while the device sleeps, which is what a timeout has to notice.
fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// A seed for [`Options::seed`].
pub fn seed() -> u64 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u64
}
