//! A client on a network of the test's own: nothing happens but what the test says, and no time
//! passes.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use serverless_chat::signalr::client::{Connection, Io, Sink, Task};
use serverless_chat::signalr::connection::{
    Action, Closure, Endpoint, Event, Generation, Request, RequestId, Response,
};
use serverless_chat::signalr::{
    Authorization, AuthorizeReason, Error, Failure, Millis, Options, State,
};

/// Ends every record.
pub(crate) const RS: &str = "\u{1e}";

/// The hub's address.
pub(crate) const HUB: &str = "http://example.com/hub";

/// A negotiate answer that offers these transports, under the names "id" and "token".
pub(crate) fn offer(transports: &[&str]) -> String {
    let transports: Vec<String> = transports
        .iter()
        .map(|name| format!(r#"{{"transport":"{name}","transferFormats":["Text","Binary"]}}"#))
        .collect();
    let transports = transports.join(",");
    format!(
        r#"{{"negotiateVersion":1,"connectionId":"id","connectionToken":"token","availableTransports":[{transports}]}}"#
    )
}

/// What the network was asked for and did not do yet.
#[derive(Default)]
struct Network {
    now: Millis,
    wake_at: Option<Millis>,
    sink: Option<Sink>,
    requests: VecDeque<(RequestId, Request)>,
    aborted: Vec<RequestId>,
    endpoints: Vec<Endpoint>,
    open: Option<Generation>,
    sent: Vec<String>,
    tasks: Vec<Task>,
}

struct Shared(Rc<RefCell<Network>>);

impl Io for Shared {
    fn attach(&self, sink: &Sink) {
        self.0.borrow_mut().sink = Some(sink.clone());
    }

    fn now(&self) -> Millis {
        self.0.borrow().now
    }

    fn wake_at(&self, at: Option<Millis>, _: &Sink) {
        self.0.borrow_mut().wake_at = at;
    }

    fn carry_out(&self, action: Action, _: &Sink) {
        let mut network = self.0.borrow_mut();
        match action {
            Action::Request(id, request) => network.requests.push_back((id, request)),
            Action::Abort(id) => {
                network.requests.retain(|one| one.0 != id);
                network.aborted.push(id);
            }
            Action::Open(generation, endpoint) => {
                assert_eq!(network.open, None, "one transport at a time");
                network.open = Some(generation);
                network.endpoints.push(endpoint);
            }
            Action::Send(text) => {
                assert!(network.open.is_some(), "sends to nobody: {text}");
                network.sent.push(text);
            }
            Action::Abandon => {
                network.open = None;
                let requests = std::mem::take(&mut network.requests);
                network
                    .aborted
                    .extend(requests.into_iter().map(|one| one.0));
            }
        }
    }

    fn spawn(&self, task: Task) {
        self.0.borrow_mut().tasks.push(task);
    }
}

/// What will come of a future.
pub(crate) struct Pending<T>(Rc<RefCell<Option<T>>>);

impl<T> Pending<T> {
    /// What came of it. It must have ended.
    pub(crate) fn ended(&self) -> T {
        self.0.borrow_mut().take().expect("it has ended")
    }

    /// True if nothing came of it yet.
    pub(crate) fn waits(&self) -> bool {
        self.0.borrow().is_none()
    }
}

/// A client, and everything around it.
pub(crate) struct World {
    pub(crate) connection: Connection,
    network: Rc<RefCell<Network>>,
    /// The states that were reported, as short words.
    pub(crate) states: Log,
    /// The warnings.
    pub(crate) warnings: Log,
    /// How often the application was asked for authorisation, and why.
    pub(crate) authorized: Rc<RefCell<Vec<AuthorizeReason>>>,
    /// What the application answers, last first; nothing once it is used up.
    pub(crate) authorizations: Rc<RefCell<Vec<Authorization>>>,
}

/// Words that callbacks leave.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn push(&self, words: impl Into<String>) {
        self.0.borrow_mut().push(words.into());
    }

    /// All words since the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

impl World {
    /// A client of [`HUB`], with these options changed.
    pub(crate) fn new(change: impl FnOnce(&mut Options)) -> World {
        let mut options = Options::new(HUB);
        change(&mut options);
        let network = Rc::new(RefCell::new(Network::default()));
        let authorized = Rc::new(RefCell::new(Vec::new()));
        let authorizations = Rc::new(RefCell::new(Vec::new()));
        let (asked, given) = (authorized.clone(), authorizations.clone());
        let connection = Connection::new(Shared(network.clone()), options, move |reason| {
            asked.borrow_mut().push(reason);
            let answer = given.borrow_mut().pop().unwrap_or_default();
            Box::pin(async { Ok(answer) })
        });
        let (states, warnings) = (Log::default(), Log::default());
        let log = states.clone();
        connection.on_state(move |state| log.push(in_words(state)));
        let log = warnings.clone();
        connection.on_warning(move |words| log.push(words));
        World {
            connection,
            network,
            states,
            warnings,
            authorized,
            authorizations,
        }
    }

    /// A client that is connected by WebSocket, with these options changed.
    pub(crate) fn connected(change: impl FnOnce(&mut Options)) -> World {
        let world = World::new(change);
        let started = world.start();
        world.connect();
        assert_eq!(started.ended(), Ok(()));
        world.states.take();
        world
    }

    /// Starts the client.
    pub(crate) fn start(&self) -> Pending<Result<(), Error>> {
        self.follow(self.connection.start())
    }

    /// Everything up to a connection, of a client that has begun a try.
    pub(crate) fn connect(&self) {
        self.answer(200, &offer(&["WebSockets"]));
        self.shake_hands();
        assert_eq!(self.sent(), ["{\"type\":6}\u{1e}"]);
    }

    /// Opens the socket, and does the handshake over it.
    pub(crate) fn shake_hands(&self) {
        self.open();
        let requests = self.sent();
        assert!(
            requests
                .concat()
                .starts_with("{\"protocol\":\"json\",\"version\":")
        );
        self.text("{}\u{1e}");
    }

    /// Runs what was begun.
    pub(crate) fn turn(&self) {
        loop {
            let tasks = std::mem::take(&mut self.network.borrow_mut().tasks);
            let before = tasks.len();
            let mut context = Context::from_waker(Waker::noop());
            let mut waiting: Vec<Task> = tasks
                .into_iter()
                .filter_map(|mut task| match task.as_mut().poll(&mut context) {
                    std::task::Poll::Ready(()) => None,
                    std::task::Poll::Pending => Some(task),
                })
                .collect();
            let ended = waiting.len() < before;
            let mut network = self.network.borrow_mut();
            let begun = !network.tasks.is_empty();
            waiting.append(&mut network.tasks);
            network.tasks = waiting;
            if !ended && !begun {
                return;
            }
        }
    }

    /// Runs a future, as far as it goes.
    pub(crate) fn follow<T: 'static>(
        &self,
        future: impl Future<Output = T> + 'static,
    ) -> Pending<T> {
        let slot = Rc::new(RefCell::new(None));
        let filled = slot.clone();
        let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(async move {
            let outcome = future.await;
            filled.replace(Some(outcome));
        });
        self.network.borrow_mut().tasks.push(task);
        self.turn();
        Pending(slot)
    }

    /// Tells the client what happened.
    pub(crate) fn event(&self, event: Event) {
        let sink = self.network.borrow().sink.clone().expect("it is attached");
        sink.event(event);
        self.turn();
    }

    /// The next request that waits for an answer.
    pub(crate) fn request(&self) -> Request {
        let network = self.network.borrow();
        network
            .requests
            .front()
            .expect("a request is made")
            .1
            .clone()
    }

    /// How many requests wait for an answer.
    pub(crate) fn requests(&self) -> usize {
        self.network.borrow().requests.len()
    }

    /// How many requests were aborted.
    pub(crate) fn aborted(&self) -> usize {
        self.network.borrow().aborted.len()
    }

    /// Answers the next request, and returns it.
    pub(crate) fn answer(&self, status: u16, body: &str) -> Request {
        self.outcome(Ok(Response {
            status,
            body: body.to_owned(),
            ..Response::default()
        }))
    }

    /// Ends the next request, and returns it.
    pub(crate) fn outcome(&self, outcome: Result<Response, Failure>) -> Request {
        let next = self.network.borrow_mut().requests.pop_front();
        let (id, request) = next.expect("a request is made");
        self.event(Event::Answered(id, outcome));
        request
    }

    /// Where transports opened, or were to open.
    pub(crate) fn endpoints(&self) -> Vec<Endpoint> {
        self.network.borrow().endpoints.clone()
    }

    fn generation(&self) -> Generation {
        self.network.borrow().open.expect("a transport opens")
    }

    /// True if there is a transport.
    pub(crate) fn is_open(&self) -> bool {
        self.network.borrow().open.is_some()
    }

    /// The transport is open.
    pub(crate) fn open(&self) {
        self.event(Event::Opened(self.generation()));
    }

    /// Text comes.
    pub(crate) fn text(&self, text: &str) {
        self.event(Event::Text(self.generation(), text.to_owned()));
    }

    /// A hub message comes.
    pub(crate) fn receive(&self, message: &str) {
        self.text(&[message, RS].concat());
    }

    /// The socket closes.
    pub(crate) fn close(&self, code: u16, reason: &str) {
        let closure = Closure::Socket {
            code,
            reason: reason.to_owned(),
        };
        self.end(closure);
    }

    /// The transport closes.
    pub(crate) fn end(&self, closure: Closure) {
        let generation = self.network.borrow_mut().open.take();
        self.event(Event::Closed(generation.expect("a transport"), closure));
    }

    /// What was sent since the last time, one text for each frame.
    pub(crate) fn sent(&self) -> Vec<String> {
        std::mem::take(&mut self.network.borrow_mut().sent)
    }

    /// The hub messages that were sent since the last time, read as JSON.
    pub(crate) fn messages(&self) -> Vec<serde_json::Value> {
        let text = self.sent().concat();
        let records = text.split_terminator(RS);
        records
            .map(|record| serde_json::from_str(record).expect("JSON"))
            .collect()
    }

    /// The time.
    pub(crate) fn now(&self) -> Millis {
        self.network.borrow().now
    }

    /// Lets time pass. What comes due meanwhile is done in its time.
    pub(crate) fn pass(&self, time: Millis) {
        let until = self.now() + time;
        while let Some(at) = self.wake_at().filter(|at| *at <= until) {
            self.sleep_until(at.max(self.now()));
            let sink = self.network.borrow().sink.clone().expect("it is attached");
            sink.wake();
            self.turn();
        }
        self.sleep_until(until);
    }

    /// When the client wants to be woken.
    pub(crate) fn wake_at(&self) -> Option<Millis> {
        self.network.borrow().wake_at
    }

    /// Lets time pass without a timer.
    pub(crate) fn sleep_until(&self, time: Millis) {
        self.network.borrow_mut().now = time;
    }

    /// Lets time pass to the next try.
    pub(crate) fn pass_to_try(&self) {
        match self.connection.state() {
            State::Reconnecting(tries) | State::Connecting(tries) => {
                let at = tries.next_try.expect("a try follows");
                self.pass(at - self.now());
            }
            other => panic!("no try follows: {other:?}"),
        }
    }
}

/// A state as words: its name, and the reason or the name of the connection.
fn in_words(state: &State) -> String {
    let with = |name: &str, more: Option<String>| match more {
        Some(more) => format!("{name}: {more}"),
        None => name.to_owned(),
    };
    let reason = |reason: &Option<Error>| reason.as_ref().map(Error::to_string);
    match state {
        State::Disconnected { reason: why } => with("disconnected", reason(why)),
        State::Connecting(tries) => with("connecting", reason(&tries.reason)),
        State::Connected { connection_id } => with("connected", connection_id.clone()),
        State::Reconnecting(tries) => with("reconnecting", reason(&tries.reason)),
    }
}
