//! What the application does when the server calls it.

use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::inner::Inner;
use crate::json::Json;

/// What a handler makes of a call: a result, in JSON, some time later; or nothing.
pub(super) type Reply = Option<Pin<Box<dyn Future<Output = Result<String, String>>>>>;

type Handler = dyn Fn(&[Json<'_>]) -> Result<Reply, Mismatch>;

/// The arguments of a call are not what its handler takes.
pub(super) struct Mismatch;

/// The handlers of a client, in the order in which they were registered.
#[derive(Default)]
pub(super) struct Handlers {
    next: u64,
    /// The target in lower case, a name for the subscription, and what to do.
    list: Vec<(String, u64, Rc<Handler>)>,
}

impl Handlers {
    fn add(&mut self, target: String, handler: Rc<Handler>) -> u64 {
        self.next += 1;
        self.list.push((target, self.next, handler));
        self.next
    }

    /// Takes all handlers of a target away, which is given in lower case.
    pub(super) fn off(&mut self, target: &str) {
        self.list.retain(|one| one.0 != target);
    }

    /// The handlers of a target, which is given in lower case. A copy: whatever they register or
    /// take away is for the next call.
    pub(super) fn of(&self, target: &str) -> Vec<Rc<Handler>> {
        let is_meant = |one: &&(String, u64, Rc<Handler>)| one.0 == target;
        self.list
            .iter()
            .filter(is_meant)
            .map(|one| one.2.clone())
            .collect()
    }
}

/// A handler's place. It stays when this is dropped.
///
/// ```
/// # use serverless_chat::signalr::client::Connection;
/// # fn example(connection: &Connection) {
/// let subscription = connection.on("said", |(what,): (String,)| println!("{what}"));
/// subscription.off();
/// # }
/// ```
#[derive(Clone)]
pub struct Subscription {
    inner: Weak<Inner>,
    id: u64,
}

impl Subscription {
    /// Takes the handler away. A call that is being handled is handled to its end.
    ///
    /// ```
    /// # use serverless_chat::signalr::client::Connection;
    /// # fn example(connection: &Connection) {
    /// let once = connection.on("ready", |()| println!("ready"));
    /// once.off();
    /// # }
    /// ```
    pub fn off(&self) {
        if let Some(inner) = self.inner.upgrade() {
            let mut handlers = inner.handlers.borrow_mut();
            handlers.list.retain(|one| one.1 != self.id);
        }
    }
}

/// Registers a handler that gives no result.
pub(super) fn listen(
    inner: &Rc<Inner>,
    target: &str,
    handler: impl Fn(&[Json<'_>]) -> Result<(), Mismatch> + 'static,
) -> Subscription {
    let handler = move |arguments: &[Json<'_>]| handler(arguments).map(|()| None);
    add(inner, target, Rc::new(handler))
}

/// Registers a handler that gives a result.
pub(super) fn answer<A, R, F>(
    inner: &Rc<Inner>,
    target: &str,
    handler: impl Fn(A) -> F + 'static,
) -> Subscription
where
    A: FromArguments,
    R: Serialize,
    F: Future<Output = Result<R, String>> + 'static,
{
    let handler = move |arguments: &[Json<'_>]| {
        let result = handler(A::from_arguments(arguments).ok_or(Mismatch)?);
        let reply: Reply = Some(Box::pin(async move {
            serde_json::to_string(&result.await?).map_err(|error| error.to_string())
        }));
        Ok(reply)
    };
    add(inner, target, Rc::new(handler))
}

fn add(inner: &Rc<Inner>, target: &str, handler: Rc<Handler>) -> Subscription {
    Subscription {
        inner: Rc::downgrade(inner),
        id: inner
            .handlers
            .borrow_mut()
            .add(inner.io.lower_case(target), handler),
    }
}

/// What handlers make of a call that wants a result, put together: the last result or failure, and
/// never two results.
pub(super) async fn settle(replies: Vec<Result<Reply, Mismatch>>) -> Settled {
    let mut settled = Settled::default();
    for reply in replies {
        let outcome = match reply {
            Ok(None) => {
                settled.failure = None;
                continue;
            }
            Ok(Some(reply)) => reply.await,
            Err(Mismatch) => Err(MISMATCH.to_owned()),
        };
        match outcome {
            Ok(result) => {
                settled.several |= settled.result.is_some();
                settled.result = Some(result);
                settled.failure = None;
            }
            Err(words) => settled.failure = Some(words),
        }
    }
    settled
}

const MISMATCH: &str = "The arguments are not what the client expects.";

/// See [`settle`].
#[derive(Default)]
pub(super) struct Settled {
    pub(super) result: Option<String>,
    pub(super) failure: Option<String>,
    pub(super) several: bool,
}

/// Arguments of a call, as a tuple of up to five values. Where the server gives more, the rest is
/// dropped; where it gives fewer, the rest is null.
///
/// ```
/// use serverless_chat::json::Json;
/// use serverless_chat::signalr::client::FromArguments;
///
/// let argument = Json::parse(r#""hi""#).unwrap();
/// let typed = <(String, Option<u32>)>::from_arguments(&[argument]);
/// assert_eq!(typed, Some(("hi".to_owned(), None)));
/// ```
pub trait FromArguments: Sized + 'static {
    /// Reads them, each still in JSON. `None` if one is of another type.
    fn from_arguments(arguments: &[Json<'_>]) -> Option<Self>;
}

fn read<T: DeserializeOwned>(argument: Option<&Json<'_>>) -> Option<T> {
    serde_json::from_str(argument.unwrap_or(&Json::NULL).get()).ok()
}

macro_rules! from_arguments {
    ($($name:ident $at:literal),*) => {
        impl<$($name: DeserializeOwned + 'static),*> FromArguments for ($($name,)*) {
            fn from_arguments(arguments: &[Json<'_>]) -> Option<Self> {
                // Nothing is read where nothing is wanted.
                let _ = arguments;
                Some(($(read::<$name>(arguments.get($at))?,)*))
            }
        }
    };
}

from_arguments!();
from_arguments!(A 0);
from_arguments!(A 0, B 1);
from_arguments!(A 0, B 1, C 2);
from_arguments!(A 0, B 1, C 2, D 3);
from_arguments!(A 0, B 1, C 2, D 3, E 4);
