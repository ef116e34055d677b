//! A network, a clock and tasks for a client that runs natively: what `signalr::browser` is in a
//! browser. It needs a [`tokio::task::LocalSet`], and like a browser it decides nothing.

mod event_stream;
mod socket;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use serverless_chat::signalr::client::{Io, Sink, Task};
use serverless_chat::signalr::connection::{Action, Endpoint, Event, Method, Request, RequestId};
use serverless_chat::signalr::connection::{Generation, Response};
use serverless_chat::signalr::{Failure, Millis, Transport};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::Instant;

use event_stream::EventStream;
use socket::Socket;

/// The surroundings of one client. Clones are the same.
#[derive(Clone)]
pub(crate) struct NativeIo(Rc<Inner>);

struct Inner {
    http: reqwest::Client,
    begun: Instant,
    socket: RefCell<Option<Socket>>,
    events: RefCell<Option<EventStream>>,
    requests: RefCell<Vec<(RequestId, AbortHandle)>>,
    timer: RefCell<Option<AbortHandle>>,
    busy: Rc<Busy>,
}

/// How much is under way that reaches the server.
#[derive(Default)]
struct Busy {
    count: Cell<usize>,
    changed: Notify,
}

/// Counts as long as it is there.
struct Work(Rc<Busy>);

impl Work {
    fn begin(busy: &Rc<Busy>) -> Work {
        busy.count.set(busy.count.get() + 1);
        Work(busy.clone())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.count.set(self.0.count.get() - 1);
        self.0.changed.notify_waiters();
    }
}

impl NativeIo {
    pub(crate) fn new() -> NativeIo {
        let http = reqwest::Client::builder().no_proxy().build();
        NativeIo(Rc::new(Inner {
            http: http.expect("a client without TLS can always be built"),
            begun: Instant::now(),
            socket: RefCell::default(),
            events: RefCell::default(),
            requests: RefCell::default(),
            timer: RefCell::default(),
            busy: Rc::default(),
        }))
    }

    /// Waits until every request is answered or aborted, and every socket closed.
    pub(crate) async fn idle(&self) {
        while self.0.busy.count.get() > 0 {
            self.0.busy.changed.notified().await;
        }
    }
}

impl Io for NativeIo {
    fn attach(&self, _: &Sink) {}

    fn now(&self) -> Millis {
        self.0.begun.elapsed().as_millis() as Millis
    }

    fn wake_at(&self, at: Option<Millis>, sink: &Sink) {
        let sink = sink.clone();
        let moment = at.map(|at| self.0.begun + Duration::from_millis(at));
        let timer = moment.map(|moment| {
            spawn_local(async move {
                tokio::time::sleep_until(moment).await;
                sink.wake();
            })
            .abort_handle()
        });
        if let Some(before) = self.0.timer.replace(timer) {
            before.abort();
        }
    }

    fn carry_out(&self, action: Action, sink: &Sink) {
        match action {
            Action::Request(id, request) => self.request(id, request, sink.clone()),
            Action::Abort(id) => {
                let mut requests = self.0.requests.borrow_mut();
                if let Some(at) = requests.iter().position(|one| one.0 == id) {
                    requests.swap_remove(at).1.abort();
                }
            }
            Action::Open(generation, endpoint) => self.open(generation, endpoint, sink.clone()),
            Action::Send(text) => {
                if let Some(socket) = &*self.0.socket.borrow() {
                    socket.send(text);
                }
            }
            Action::Abandon => {
                self.0.socket.take();
                self.0.events.take();
                for (_, request) in self.0.requests.take() {
                    request.abort();
                }
            }
        }
    }

    fn spawn(&self, task: Task) {
        spawn_local(task);
    }
}

impl NativeIo {
    fn open(&self, generation: Generation, endpoint: Endpoint, sink: Sink) {
        let work = Work::begin(&self.0.busy);
        match endpoint.transport {
            Transport::WebSockets => {
                let socket = Socket::open(generation, endpoint.url, sink, work);
                self.0.socket.replace(Some(socket));
            }
            _ => {
                let http = self.0.http.clone();
                let events = EventStream::open(http, generation, endpoint.url, sink, work);
                self.0.events.replace(Some(events));
            }
        }
    }

    fn request(&self, id: RequestId, request: Request, sink: Sink) {
        let work = Work::begin(&self.0.busy);
        let this = self.clone();
        let task = spawn_local(async move {
            let outcome = fetch(&this.0.http, request).await;
            this.0.requests.borrow_mut().retain(|one| one.0 != id);
            sink.event(Event::Answered(id, outcome.map_err(|_| Failure::Network)));
            drop(work);
        });
        let entry = (id, task.abort_handle());
        self.0.requests.borrow_mut().push(entry);
    }
}

async fn fetch(http: &reqwest::Client, request: Request) -> reqwest::Result<Response> {
    let mut sending = match request.method {
        Method::Get => http.get(request.url),
        Method::Post => http.post(request.url),
        Method::Delete => http.delete(request.url),
    };
    for (name, value) in &request.headers {
        sending = sending.header(name, value);
    }
    if !request.body.is_empty() {
        // As a browser says of a string.
        sending = sending.header("content-type", "text/plain;charset=UTF-8");
        sending = sending.body(request.body);
    }
    let response = sending.send().await?;
    let status = response.status();
    let seconds = response.headers().get("retry-after").cloned();
    let seconds = seconds.and_then(|seconds| seconds.to_str().ok()?.parse::<Millis>().ok());
    Ok(Response {
        status: status.as_u16(),
        reason: status.canonical_reason().unwrap_or_default().to_owned(),
        retry_after: seconds.map(|seconds| seconds * 1000),
        body: response.text().await?,
    })
}
