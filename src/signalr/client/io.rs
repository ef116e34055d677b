//! What a client needs of its surroundings.

use std::future::Future;
use std::pin::Pin;
use std::rc::Weak;

use super::super::Millis;
use super::super::connection::{Action, Event};
use super::inner::Inner;

/// Something to be done by and by, on this thread.
///
/// ```
/// use serverless_chat::signalr::client::Task;
///
/// let task: Task = Box::pin(async { println!("by and by") });
/// ```
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The network, a clock and a place for tasks. Everything happens on one thread.
///
/// ```
/// use serverless_chat::signalr::Millis;
/// use serverless_chat::signalr::client::{Connection, Io, Sink, Task};
/// use serverless_chat::signalr::connection::Action;
/// use serverless_chat::signalr::{Options, State};
///
/// /// Surroundings without a network, in which no time passes.
/// struct Nowhere;
///
/// impl Io for Nowhere {
///     fn attach(&self, _: &Sink) {}
///     fn now(&self) -> Millis {
///         0
///     }
///     fn wake_at(&self, _: Option<Millis>, _: &Sink) {}
///     fn carry_out(&self, _: Action, _: &Sink) {}
///     fn spawn(&self, _: Task) {}
/// }
///
/// let connection = Connection::new(Nowhere, Options::new("https://example.com/hub"), |_| {
///     Box::pin(async { Ok(Default::default()) })
/// });
/// drop(connection.start());
/// assert!(matches!(connection.state(), State::Connecting(_)));
/// ```
pub trait Io {
    /// Called once, before anything else: whatever the surroundings know of the network and the
    /// page is told to `sink`.
    fn attach(&self, sink: &Sink);

    /// The time, in milliseconds since some fixed moment. It goes on while the device sleeps.
    fn now(&self) -> Millis;

    /// Calls [`Sink::wake`] at this time, and at no other: an earlier wish is forgotten.
    fn wake_at(&self, at: Option<Millis>, sink: &Sink);

    /// Begins to do something. What comes of it is told to `sink`, but never from within this call.
    fn carry_out(&self, action: Action, sink: &Sink);

    /// Runs a task to its end.
    fn spawn(&self, task: Task);

    /// A target's name in lower case. Surroundings that have tables of every script's letters can
    /// spare the application another copy.
    fn lower_case(&self, name: &str) -> String {
        name.to_lowercase()
    }
}

/// Where the surroundings tell a client what happened. Does nothing when the client is gone.
///
/// ```
/// # use serverless_chat::signalr::{client::Sink, connection::Event};
/// # fn example(sink: &Sink) {
/// let told = sink.clone();
/// let on_online = move || told.event(Event::Woken);
/// # }
/// ```
#[derive(Clone)]
pub struct Sink(pub(super) Weak<Inner>);

impl Sink {
    /// Something happened.
    ///
    /// ```
    /// # use serverless_chat::signalr::{client::Sink, connection::Event};
    /// # fn example(sink: &Sink) {
    /// sink.event(Event::Offline);
    /// # }
    /// ```
    pub fn event(&self, event: Event) {
        if let Some(inner) = self.0.upgrade() {
            inner.event(event);
        }
    }

    /// It is the time that was wished for.
    ///
    /// ```
    /// # use serverless_chat::signalr::{client::Sink, connection::Event};
    /// # fn example(sink: &Sink) {
    /// let fires = || sink.wake();
    /// # }
    /// ```
    pub fn wake(&self) {
        if let Some(inner) = self.0.upgrade() {
            inner.wake();
        }
    }
}
