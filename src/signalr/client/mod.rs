//! The client that an application uses: it runs the state machine on whatever network, clock and
//! tasks there are. It decides nothing about the connection; it knows who listens and who waits.
//!
//! | module | is for |
//! |---|---|
//! | `io` | what a client needs of its surroundings |
//! | `handlers` | what the application does when the server calls it |
//! | `call` | calls of hub methods, and what comes of them |

mod call;
mod handlers;
mod io;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use futures_channel::oneshot;
use serde_json::value::RawValue;

use super::connection::{self, CallId, Command, Delivery, Event, Generation, State, Tries};
use super::error::Phase;
use super::protocol::framing;
use super::protocol::message::Invocation;
use super::protocol::outgoing::NO_RESULT;
use super::{Authorization, AuthorizeReason, Error, Millis, Options};
use call::Waiter;
use handlers::{Handlers, Mismatch};

pub use call::{Call, Items};
pub use handlers::{FromArguments, Subscription};
pub use io::{Io, Sink, Task};

/// The application's answer to a request for authorisation, some time later. An error ends the
/// connection, with its words.
///
/// ```
/// use serverless_chat::signalr::{Authorization, client::Authorizing};
///
/// let answer: Authorizing = Box::pin(async {
///     Ok(Authorization {
///         access_token: Some("secret".to_owned()),
///         ..Authorization::default()
///     })
/// });
/// ```
pub type Authorizing = Pin<Box<dyn Future<Output = Result<Authorization, String>>>>;

type StateObserver = dyn Fn(&State);
type WarningObserver = dyn Fn(&str);

/// A connection to a hub. Cheap to clone; the clones are one connection.
///
/// ```no_run
/// # use serverless_chat::signalr::{Error, Options, client::{Connection, Io}};
/// # async fn example(io: impl Io + 'static) -> Result<(), Error> {
/// let connection = Connection::new(io, Options::new("https://example.com/hub"), |_| {
///     Box::pin(async { Ok(Default::default()) })
/// });
/// connection.on("said", |(who, what): (String, String)| println!("{who}: {what}"));
/// connection.on_state(|state| println!("{state:?}"));
/// connection.start().await?;
/// connection.call("Say").arguments(("hello",)).send().await?;
/// let sum: u32 = connection.call("Add").arguments((1, 2)).timeout(5_000).invoke().await?;
/// let mut items = connection.call("Count").arguments((10,)).stream::<u32>();
/// while let Some(item) = items.next().await {
///     println!("{}", item?);
/// }
/// connection.stop();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Connection(Rc<Inner>);

struct Inner {
    machine: RefCell<connection::Connection>,
    io: Box<dyn Io>,
    authorize: Box<dyn Fn(AuthorizeReason) -> Authorizing>,
    state: RefCell<State>,
    handlers: RefCell<Handlers>,
    observers: RefCell<Vec<Rc<StateObserver>>>,
    warned: RefCell<Vec<Rc<WarningObserver>>>,
    starts: RefCell<Vec<oneshot::Sender<Result<(), Error>>>>,
    waiters: RefCell<Vec<(CallId, Waiter)>>,
    /// Commands are carried out by whoever began to, one after the other.
    running: Cell<bool>,
}

impl Connection {
    /// A connection that does nothing until [`Connection::start`]. `authorize` is asked before each
    /// negotiation at the hub's own address.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Options, client::{Connection, Io}};
    /// # fn example(io: impl Io + 'static) {
    /// let connection = Connection::new(io, Options::new("https://example.com/hub"), |reason| {
    ///     Box::pin(async move { Err(format!("Nobody is signed in ({reason:?}).")) })
    /// });
    /// # }
    /// ```
    pub fn new(
        io: impl Io + 'static,
        options: Options,
        authorize: impl Fn(AuthorizeReason) -> Authorizing + 'static,
    ) -> Connection {
        let inner = Rc::new(Inner {
            machine: RefCell::new(connection::Connection::new(options)),
            io: Box::new(io),
            authorize: Box::new(authorize),
            state: RefCell::new(State::Disconnected { reason: None }),
            handlers: RefCell::default(),
            observers: RefCell::default(),
            warned: RefCell::default(),
            starts: RefCell::default(),
            waiters: RefCell::default(),
            running: Cell::default(),
        });
        inner.io.attach(&inner.sink());
        Connection(inner)
    }

    /// Calls `handler` with the arguments each time the server calls `target`, whose case does not
    /// matter. A target may have several handlers; they run in this order, and all of them before
    /// those of the next call.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.on("said", |(who, what): (String, String)| println!("{who}: {what}"));
    /// connection.on("ready", |()| println!("ready"));
    /// # }
    /// ```
    pub fn on<A: FromArguments>(
        &self,
        target: &str,
        handler: impl Fn(A) + 'static,
    ) -> Subscription {
        handlers::listen(&self.0, target, move |arguments| {
            handler(A::from_arguments(arguments).ok_or(Mismatch)?);
            Ok(())
        })
    }

    /// As [`Connection::on`], with the arguments still in JSON.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.on_json("said", |arguments| {
    ///     println!("{} arguments, the first is {}", arguments.len(), arguments[0].get());
    /// });
    /// # }
    /// ```
    pub fn on_json(&self, target: &str, handler: impl Fn(&[&RawValue]) + 'static) -> Subscription {
        handlers::listen(&self.0, target, move |arguments| {
            handler(arguments);
            Ok(())
        })
    }

    /// As [`Connection::on`], for a call that wants a result. An error goes to the server in these
    /// words.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.answer("add", |(one, other): (u32, u32)| async move {
    ///     one.checked_add(other).ok_or("That is too much.".to_owned())
    /// });
    /// # }
    /// ```
    pub fn answer<A, R, F>(&self, target: &str, handler: impl Fn(A) -> F + 'static) -> Subscription
    where
        A: FromArguments,
        R: serde::Serialize,
        F: Future<Output = Result<R, String>> + 'static,
    {
        handlers::answer(&self.0, target, handler)
    }

    /// Takes all handlers of a target away.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.on("said", |(what,): (String,)| println!("{what}"));
    /// connection.off("said");
    /// # }
    /// ```
    pub fn off(&self, target: &str) {
        self.0.handlers.borrow_mut().off(target);
    }

    /// Calls `observer` at each change of the state.
    ///
    /// ```
    /// # use serverless_chat::signalr::State;
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.on_state(|state| match state {
    ///     State::Connected { .. } => println!("connected"),
    ///     State::Reconnecting(tries) => println!("lost: {:?}", tries.reason),
    ///     State::Connecting(_) | State::Disconnected { .. } => {}
    /// });
    /// # }
    /// ```
    pub fn on_state(&self, observer: impl Fn(&State) + 'static) {
        self.0.observers.borrow_mut().push(Rc::new(observer));
    }

    /// Calls `observer` with words about what is probably a mistake in the application or in the
    /// server: a call that nobody handles, arguments of another type, settings that cannot work.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.on_warning(|words| eprintln!("{words}"));
    /// # }
    /// ```
    pub fn on_warning(&self, observer: impl Fn(&str) + 'static) {
        self.0.warned.borrow_mut().push(Rc::new(observer));
    }

    /// The state.
    ///
    /// ```
    /// # use serverless_chat::signalr::State;
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// let is_there = matches!(connection.state(), State::Connected { .. });
    /// # }
    /// ```
    pub fn state(&self) -> State {
        self.0.state.borrow().clone()
    }

    /// Begins to connect, and to stay connected, until [`Connection::stop`] or an error that trying
    /// again cannot help. The future, which need not be awaited, ends when there is a connection or
    /// when trying ends.
    ///
    /// # Errors
    /// Why there is no connection.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// connection.start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn start(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        let (sender, receiver) = oneshot::channel();
        if self.0.machine.borrow().is_idle() {
            self.0.starts.borrow_mut().push(sender);
            self.0.check_settings();
            self.0.event(Event::Start);
        } else {
            // The receiver is here.
            let _ = sender.send(Err(Error::AlreadyStarted));
        }
        async { receiver.await.unwrap_or(Err(Error::CallCanceled)) }
    }

    /// Ends the connection, and whatever is under way, at once.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.stop();
    /// # }
    /// ```
    pub fn stop(&self) {
        self.0.event(Event::Stop);
    }

    /// Makes the next try now, also after an error that ended trying.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// // Somebody pressed "Try now".
    /// connection.try_now();
    /// # }
    /// ```
    pub fn try_now(&self) {
        self.0.event(Event::TryNow);
    }

    /// A call of the hub method `target`, to be completed and made.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// connection.call("Say").arguments(("hello",)).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn call(&self, target: &str) -> Call<'_> {
        Call::new(&self.0, target)
    }

    /// Changes the hub's address, for the next try.
    ///
    /// # Errors
    /// [`Error::AddressInUse`] while there is a connection, or one begins.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// connection.stop();
    /// connection.set_url("https://elsewhere.example/hub")?;
    /// connection.start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_url(&self, url: &str) -> Result<(), Error> {
        self.0.machine.borrow_mut().set_url(url)
    }

    /// Changes how long the server may be silent, in milliseconds, from the next message on.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.set_server_timeout(60_000);
    /// # }
    /// ```
    pub fn set_server_timeout(&self, timeout: Millis) {
        self.0.machine.borrow_mut().set_server_timeout(timeout);
    }

    /// Changes how long this client may be silent, in milliseconds, from the next message on.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.set_keep_alive(10_000);
    /// # }
    /// ```
    pub fn set_keep_alive(&self, interval: Millis) {
        self.0.machine.borrow_mut().set_keep_alive(interval);
    }
}

impl Inner {
    fn sink(self: &Rc<Self>) -> Sink {
        Sink(Rc::downgrade(self))
    }

    fn event(self: &Rc<Self>, event: Event) {
        let now = self.io.now();
        let text = self.machine.borrow_mut().handle_event(now, event);
        if let Some(text) = text {
            self.receive(now, &text);
        }
        self.run();
    }

    fn wake(self: &Rc<Self>) {
        self.machine.borrow_mut().handle_timeout(self.io.now());
        self.run();
    }

    /// Carries out what the machine wants, until it wants nothing more.
    fn run(self: &Rc<Self>) {
        self.carry_out();
        if !self.running.get() {
            let at = self.machine.borrow().poll_timeout();
            self.io.wake_at(at, &self.sink());
        }
    }

    fn carry_out(self: &Rc<Self>) {
        if self.running.replace(true) {
            return;
        }
        loop {
            // Not held while a command runs: it may call back.
            let command = self.machine.borrow_mut().poll_command();
            match command {
                None => break,
                Some(Command::Io(action)) => self.io.carry_out(action, &self.sink()),
                Some(Command::Authorize(generation, reason)) => self.authorize(generation, reason),
                Some(Command::Report(state)) => self.report(state),
                Some(Command::Sent(call)) => self.settle(call, Ok(None)),
                Some(Command::Failed(call, error)) => self.settle(call, Err(error)),
            }
        }
        self.running.set(false);
    }

    fn authorize(self: &Rc<Self>, generation: Generation, reason: AuthorizeReason) {
        let answer = (self.authorize)(reason);
        let sink = self.sink();
        self.io.spawn(Box::pin(async move {
            sink.event(Event::Authorized(generation, answer.await));
        }));
    }

    fn report(&self, state: State) {
        let started = match &state {
            State::Connected { .. } => Some(Ok(())),
            State::Disconnected { reason } => {
                let stopped = || Error::Stopped(Phase::Connected);
                Some(Err(reason.clone().unwrap_or_else(stopped)))
            }
            State::Connecting(Tries { .. }) | State::Reconnecting(_) => None,
        };
        self.state.replace(state.clone());
        for start in started.iter().flat_map(|_| self.starts.take()) {
            // Nobody may wait for it.
            let _ = start.send(started.clone().unwrap_or(Ok(())));
        }
        let observers = self.observers.borrow().clone();
        observers.iter().for_each(|observer| observer(&state));
    }

    fn warn(&self, words: &[&str]) {
        let observers = self.warned.borrow().clone();
        if !observers.is_empty() {
            let words = words.concat();
            observers.iter().for_each(|observer| observer(&words));
        }
    }

    fn check_settings(&self) {
        if self.machine.borrow().is_impatient() {
            self.warn(&["The server timeout is shorter than two keep-alive intervals."]);
        }
    }

    /// Takes whole records. What the machine wants and what comes for the application is done in
    /// the order in which it came.
    fn receive(self: &Rc<Self>, now: Millis, text: &str) {
        let generation = self.machine.borrow().generation();
        for record in framing::records(text).into_iter().flatten() {
            let delivery = self.machine.borrow_mut().receive(now, record);
            self.carry_out();
            if let Some(delivery) = delivery {
                self.deliver(generation, delivery);
            }
        }
        self.machine.borrow_mut().received(now);
    }

    fn deliver(self: &Rc<Self>, generation: Generation, delivery: Delivery<'_>) {
        match delivery {
            Delivery::Invocation(invocation) => self.dispatch(generation, &invocation),
            Delivery::Completion(call, outcome) => self.settle(call, outcome),
            Delivery::Item(call, item) => {
                // Not held while it is told: it may make calls.
                let waiter = self.take_waiter(call);
                if let Some(Waiter::Items(mut tell)) = waiter {
                    tell(Ok(item));
                    self.waiters.borrow_mut().push((call, Waiter::Items(tell)));
                }
            }
        }
    }

    fn dispatch(self: &Rc<Self>, generation: Generation, invocation: &Invocation<'_>) {
        let target = &*invocation.target;
        let handlers = self.handlers.borrow().of(target);
        if handlers.is_empty() {
            let target = target.to_lowercase();
            self.warn(&["No client method with the name '", &target, "' found."]);
        }
        let replies: Vec<_> = handlers
            .iter()
            .map(|handler| handler(&invocation.arguments))
            .collect();
        if replies.iter().any(Result::is_err) {
            self.warn(&[
                "The arguments of '",
                target,
                "' are not what its handler takes.",
            ]);
        }
        let id = invocation.invocation_id.clone().map(Cow::into_owned);
        if id.is_none() && !replies.iter().flatten().any(Option::is_some) {
            return;
        }
        let target = target.to_owned();
        let weak = Rc::downgrade(self);
        self.io.spawn(Box::pin(async move {
            let settled = handlers::settle(replies).await;
            match (weak.upgrade(), id) {
                (Some(inner), Some(id)) => inner.reply(generation, &id, &target, settled),
                (Some(inner), None) => {
                    let words = "' method but server is not expecting a result.";
                    inner.warn(&["Result given for '", &target, words]);
                }
                (None, _) => {}
            }
        }));
    }

    /// Answers a call that wants a result.
    fn reply(
        self: &Rc<Self>,
        generation: Generation,
        id: &str,
        target: &str,
        settled: handlers::Settled,
    ) {
        let outcome = match (&settled.result, &settled.failure) {
            _ if settled.several => {
                self.warn(&["Multiple results provided for '", target, "'."]);
                Err("Client provided multiple results.")
            }
            (_, Some(words)) => Err(words.as_str()),
            (Some(json), None) => Ok(json.as_str()),
            (None, None) => {
                self.warn(&["No result given for '", target, "' method."]);
                Err(NO_RESULT)
            }
        };
        let now = self.io.now();
        self.machine
            .borrow_mut()
            .complete(now, generation, id, outcome);
        self.run();
    }

    fn call(
        self: &Rc<Self>,
        call: &connection::Call,
        waiter: Waiter,
    ) -> Result<connection::Called, Error> {
        let now = self.io.now();
        let called = self.machine.borrow_mut().call(now, call)?;
        // Before the commands run: they may settle it.
        self.waiters.borrow_mut().push((called.id, waiter));
        self.run();
        Ok(called)
    }

    /// Sends an item of a stream. False if nobody takes it any more.
    fn upload(self: &Rc<Self>, stream: u64, item: &str) -> bool {
        let now = self.io.now();
        let taken = self.machine.borrow_mut().upload(now, stream, item);
        self.run();
        taken
    }

    /// Ends a stream. False, since nothing goes on.
    fn end_upload(self: &Rc<Self>, stream: u64, error: Option<&str>) -> bool {
        let now = self.io.now();
        self.machine.borrow_mut().end_upload(now, stream, error);
        self.run();
        false
    }

    fn cancel(self: &Rc<Self>, call: CallId) {
        if self.take_waiter(call).is_some() {
            let now = self.io.now();
            self.machine.borrow_mut().cancel(now, call);
            self.run();
        }
    }

    fn take_waiter(&self, call: CallId) -> Option<Waiter> {
        let mut waiters = self.waiters.borrow_mut();
        let at = waiters.iter().position(|(id, _)| *id == call)?;
        Some(waiters.swap_remove(at).1)
    }

    /// Tells whoever waits for a call what came of it.
    fn settle(&self, call: CallId, outcome: Result<Option<&RawValue>, Error>) {
        match self.take_waiter(call) {
            Some(Waiter::Sent(waiter)) => {
                // Nobody may wait for it.
                let _ = waiter.send(outcome.map(drop));
            }
            Some(Waiter::Result(tell)) => tell(outcome),
            Some(Waiter::Items(mut tell)) => {
                if let Err(error) = outcome {
                    tell(Err(error));
                }
            }
            None => {}
        }
    }
}
