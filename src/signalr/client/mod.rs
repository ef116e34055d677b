//! The client that an application uses: it runs the state machine on whatever network, clock and
//! tasks there are. It decides nothing about the connection; it knows who listens and who waits.
//!
//! | module | is for |
//! |---|---|
//! | `io` | what a client needs of its surroundings |
//! | `handlers` | what the application does when the server calls it |
//! | `call` | calls of hub methods, and what comes of them |
//! | `inner` | runs the state machine |
//! | `backlog` | what has come and was not told yet, for transports |

mod backlog;
mod call;
mod handlers;
mod inner;
mod io;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use futures_channel::oneshot;

use super::connection::{self, Event, State};
use super::trace::Trace;
use super::{Authorization, AuthorizeReason, Error, Millis, Options};
use crate::json::Json;
use handlers::Mismatch;
use inner::Inner;

pub use backlog::Backlog;
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
            traced: RefCell::default(),
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
    pub fn on_json(&self, target: &str, handler: impl Fn(&[Json<'_>]) + 'static) -> Subscription {
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
        let target = self.0.io.lower_case(target);
        self.0.handlers.borrow_mut().off(&target);
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

    /// Calls `observer` with what the connection does, step by step, and when. Nothing that it is
    /// told holds a secret.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// connection.on_trace(|at, trace| println!("{at}: {trace:?}"));
    /// # }
    /// ```
    pub fn on_trace(&self, observer: impl Fn(Millis, &Trace) + 'static) {
        self.0.traced.borrow_mut().push(Rc::new(observer));
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
