//! Calls of hub methods, and what comes of them.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use futures_channel::{mpsc, oneshot};
use futures_core::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::connection::{self, CallId};
use super::super::protocol::outgoing::Wanted;
use super::super::{Error, Millis};
use super::inner::Inner;
use crate::json::Json;

/// A stream that goes up with a call: its items in JSON, or what went wrong.
type Upload = Pin<Box<dyn Stream<Item = Result<String, String>>>>;

/// Something that comes of a call.
pub(super) enum Came<'t> {
    /// An item of a stream. There may be more.
    Item(Json<'t>),
    /// The end: a result or nothing, or what went wrong.
    End(Result<Option<Json<'t>>, Error>),
}

/// What waits for something to come of a call.
pub(super) type Waiter = Box<dyn FnMut(Came<'_>)>;

/// A call of a hub method, not yet made. It is made by [`Call::send`], [`Call::invoke`] or
/// [`Call::stream`].
///
/// ```
/// # use serverless_chat::signalr::{Error, client::Connection};
/// # async fn example(connection: &Connection) -> Result<(), Error> {
/// let call = connection.call("Add").arguments((1, 2)).timeout(5_000);
/// let sum: u32 = call.invoke().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a call is made by `send`, `invoke` or `stream`"]
pub struct Call<'c> {
    inner: &'c Rc<Inner>,
    target: String,
    arguments: Result<String, Error>,
    timeout: Option<Millis>,
    uploads: Vec<Upload>,
}

impl<'c> Call<'c> {
    pub(super) fn new(inner: &'c Rc<Inner>, target: &str) -> Call<'c> {
        Call {
            inner,
            target: target.to_owned(),
            arguments: Ok("[]".to_owned()),
            timeout: None,
            uploads: Vec::new(),
        }
    }

    /// The arguments: a tuple, or anything else that serde writes as a JSON array.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// connection.call("Say").arguments(("everyone", "hello")).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn arguments(mut self, arguments: impl Serialize) -> Call<'c> {
        self.arguments = match serde_json::to_string(&arguments) {
            Ok(json) if json.starts_with('[') => Ok(json),
            Ok(_) => Err(Error::Conversion(
                "The arguments of a call must be a tuple or a list.".to_owned(),
            )),
            Err(error) => Err(Error::Conversion(error.to_string())),
        };
        self
    }

    /// As [`Call::arguments`], with the arguments in JSON already: the items of an array, with
    /// commas between them.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// connection.call("Say").arguments_json(r#""everyone","hello""#).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn arguments_json(mut self, arguments: &str) -> Call<'c> {
        self.arguments = Ok(["[", arguments, "]"].concat());
        self
    }

    /// How long the answer may take, in milliseconds. Without it, the call waits as long as there is
    /// a connection.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// let slow = connection.call("Slow").timeout(5_000).invoke::<()>().await;
    /// if slow == Err(Error::CallTimeout) {
    ///     println!("That took more than five seconds.");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, timeout: Millis) -> Call<'c> {
        self.timeout = Some(timeout);
        self
    }

    /// A stream that goes up with the call, behind its arguments. An error ends it with these words.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// let (sender, parts) = futures_channel::mpsc::unbounded();
    /// for part in ["Hel", "lo"] {
    ///     sender.unbounded_send(Ok(part)).expect("the other end is here");
    /// }
    /// // The stream ends with its last sender.
    /// drop(sender);
    /// let length: usize = connection.call("Join").upload(parts).invoke().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload<T: Serialize>(
        mut self,
        items: impl Stream<Item = Result<T, String>> + 'static,
    ) -> Call<'c> {
        self.uploads.push(Box::pin(InJson(Box::pin(items))));
        self
    }

    /// Makes the call, and wants no answer. The future ends when the call is handed to the
    /// transport; whether anybody listens is never known.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// connection.call("Say").arguments(("hello",)).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(self) -> impl Future<Output = Result<(), Error>> + use<> {
        let end = self.end(Wanted::Nothing);
        async move { end.await.map(drop) }
    }

    /// Makes the call, and waits for its result. Dropped, it is forgotten.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// let time: String = connection.call("Time").invoke().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn invoke<R: DeserializeOwned + 'static>(
        self,
    ) -> impl Future<Output = Result<R, Error>> + use<R> {
        let result = self.invoke_json();
        async move {
            let result = result.await?;
            // Nothing is null, which `()` and `Option` can be read from.
            read(result.as_deref().unwrap_or(Json::NULL.get()))
        }
    }

    /// As [`Call::invoke`], with the result still in JSON; `None` if there is none.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// let time = connection.call("Time").invoke_json().await?;
    /// println!("{}", time.as_deref().unwrap_or("null"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn invoke_json(self) -> impl Future<Output = Result<Option<String>, Error>> + use<> {
        self.end(Wanted::Result)
    }

    /// Makes the call, and waits for its end.
    fn end(self, wanted: Wanted) -> impl Future<Output = Result<Option<String>, Error>> + use<> {
        let (sender, receiver) = oneshot::channel();
        let mut sender = Some(sender);
        let waiter = move |came: Came<'_>| {
            if let (Came::End(outcome), Some(sender)) = (came, sender.take()) {
                // Nobody may listen any more.
                let _ = sender.send(outcome.map(|json| json.map(|json| json.get().to_owned())));
            }
        };
        let guard = self.make(wanted, Box::new(waiter));
        async move {
            let _guard = guard?;
            receiver.await.unwrap_or(Err(Error::CallCanceled))
        }
    }

    /// Makes the call, and waits for the items of its answer. Dropped, the server is told to end it.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// let mut counted = connection.call("Count").arguments((10,)).stream::<u32>();
    /// while let Some(number) = counted.next().await {
    ///     println!("{}", number?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<T: DeserializeOwned + 'static>(self) -> Items<T> {
        let (sender, items) = mpsc::unbounded();
        let failure = sender.clone();
        let waiter = move |came: Came<'_>| {
            let item = match came {
                Came::Item(item) => read(item.get()),
                Came::End(Err(error)) => Err(error),
                Came::End(Ok(_)) => return,
            };
            // Nobody may listen any more.
            let _ = sender.unbounded_send(item);
        };
        let guard = self.make(Wanted::Stream, Box::new(waiter));
        let guard = guard.map_err(|error| {
            // The channel is open as long as its other end is here.
            let _ = failure.unbounded_send(Err(error));
        });
        Items {
            items,
            _guard: guard.ok(),
        }
    }

    fn make(self, wanted: Wanted, waiter: Waiter) -> Result<Guard, Error> {
        let call = connection::Call {
            target: self.target,
            arguments: self.arguments?,
            wanted,
            uploads: self.uploads.len(),
            timeout: self.timeout,
        };
        let called = self.inner.call(&call, waiter)?;
        for (stream, items) in called.uploads.zip(self.uploads) {
            let weak = Rc::downgrade(self.inner);
            self.inner.io.spawn(Box::pin(upload(weak, stream, items)));
        }
        Ok(Guard {
            inner: Rc::downgrade(self.inner),
            id: called.id,
        })
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| Error::Conversion(error.to_string()))
}

/// Sends the items of a stream as they come, and its end.
async fn upload(inner: Weak<Inner>, stream: u64, mut items: Upload) {
    loop {
        let item = poll_fn(|context| items.as_mut().poll_next(context)).await;
        let Some(inner) = inner.upgrade() else {
            return;
        };
        let goes_on = match item {
            Some(Ok(item)) => inner.upload(stream, &item),
            Some(Err(words)) => inner.end_upload(stream, Some(&words)),
            None => inner.end_upload(stream, None),
        };
        if !goes_on {
            return;
        }
    }
}

/// A stream whose items are written in JSON.
struct InJson<S>(Pin<Box<S>>);

impl<T: Serialize, S: Stream<Item = Result<T, String>>> Stream for InJson<S> {
    type Item = Result<String, String>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = std::task::ready!(self.0.as_mut().poll_next(context));
        let write = |item: T| serde_json::to_string(&item).map_err(|error| error.to_string());
        Poll::Ready(item.map(|item| item.and_then(write)))
    }
}

/// Ends a call that nobody waits for any more.
struct Guard {
    inner: Weak<Inner>,
    id: CallId,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.upgrade() {
            inner.cancel(self.id);
        }
    }
}

/// The items of a stream that a hub method gives.
///
/// ```
/// # use serverless_chat::signalr::{Error, client::Connection};
/// # async fn example(connection: &Connection) -> Result<(), Error> {
/// let mut items = connection.call("Count").stream::<u32>();
/// let first = items.next().await;
/// // The server is told that nobody wants the others.
/// drop(items);
/// # Ok(())
/// # }
/// ```
pub struct Items<T> {
    items: mpsc::UnboundedReceiver<Result<T, Error>>,
    _guard: Option<Guard>,
}

impl<T> Items<T> {
    /// The next item; `None` at the end. An error is the last item.
    ///
    /// ```
    /// # use serverless_chat::signalr::{Error, client::Connection};
    /// # async fn example(connection: &Connection) -> Result<(), Error> {
    /// let mut items = connection.call("Count").stream::<u32>();
    /// match items.next().await {
    ///     Some(Ok(number)) => println!("{number}"),
    ///     Some(Err(error)) => println!("The stream is broken: {error}"),
    ///     None => println!("There are no more."),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.items).poll_next(context)
    }
}
