//! The calls that wait for an answer, and the streams that are uploaded with them.

use std::ops::Range;

use super::super::protocol::message::Invocation;
use super::super::protocol::outgoing::Wanted;
use super::super::{Error, Millis};
use crate::json::Json;

/// Names a call of a hub method.
///
/// ```
/// # use serverless_chat::signalr::{Error, connection::{Call, CallId, Connection}};
/// # fn example(connection: &mut Connection, call: &Call) -> Result<(), Error> {
/// let id: CallId = connection.call(0, call)?.id;
/// connection.cancel(100, id);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(u64);

/// A call of a hub method.
///
/// ```
/// use serverless_chat::signalr::connection::Call;
/// use serverless_chat::signalr::protocol::outgoing::Wanted;
///
/// let call = Call {
///     target: "Add".to_owned(),
///     arguments: "[1,2]".to_owned(),
///     wanted: Wanted::Result,
///     uploads: 0,
///     timeout: Some(5_000),
/// };
/// ```
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub target: String,
    /// A JSON array.
    pub arguments: String,
    /// What it asks for.
    pub wanted: Wanted,
    /// How many streams go up with it.
    pub uploads: usize,
    /// How long its answer may take, in milliseconds; for ever if `None`.
    pub timeout: Option<Millis>,
}

/// A call on its way.
///
/// ```
/// # use serverless_chat::signalr::{Error, connection::{Call, Connection}};
/// # fn example(connection: &mut Connection, call: &Call) -> Result<(), Error> {
/// let called = connection.call(0, call)?;
/// for stream in called.uploads {
///     connection.upload(0, stream, "\"an item\"");
///     connection.end_upload(0, stream, None);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The call.
    pub id: CallId,
    /// The streams that go up with it, in order.
    pub uploads: Range<u64>,
}

/// A call that waits for an answer.
#[derive(Debug)]
struct Pending {
    /// Its name on the wire.
    name: u64,
    id: CallId,
    stream: bool,
    deadline: Option<Millis>,
}

/// The calls of a connection. Their names count on through all its transports.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: u64,
    /// Names on the wire, of calls and of streams alike.
    names: u64,
    /// In the order of their names.
    pending: Vec<Pending>,
    uploads: Vec<u64>,
}

impl Calls {
    /// Takes a call up. Returns it, and its name on the wire where it has one.
    pub(super) fn add(&mut self, now: Millis, call: &Call) -> (Called, Option<u64>) {
        self.calls += 1;
        let id = CallId(self.calls);
        let uploads = self.names..self.names + call.uploads as u64;
        self.names = uploads.end;
        self.uploads.extend(uploads.clone());
        let name = (call.wanted != Wanted::Nothing).then(|| {
            let name = self.names;
            self.names += 1;
            self.pending.push(Pending {
                name,
                id,
                stream: call.wanted == Wanted::Stream,
                deadline: call.timeout.map(|timeout| now + timeout),
            });
            name
        });
        (Called { id, uploads }, name)
    }

    fn find(&self, name: &str) -> Option<usize> {
        let name: u64 = name.parse().ok()?;
        self.pending
            .binary_search_by_key(&name, |one| one.name)
            .ok()
    }

    /// The stream call of this name on the wire, if it waits.
    pub(super) fn stream(&self, name: &str) -> Option<CallId> {
        let pending = &self.pending[self.find(name)?];
        pending.stream.then_some(pending.id)
    }

    /// Ends the call of this name on the wire, if it waits.
    pub(super) fn complete(&mut self, name: &str) -> Option<CallId> {
        let at = self.find(name)?;
        Some(self.pending.remove(at).id)
    }

    /// Ends a call, if it waits. Returns its name on the wire if it is one that the server can end.
    pub(super) fn forget(&mut self, id: CallId) -> Option<u64> {
        let at = self.pending.iter().position(|one| one.id == id)?;
        let pending = self.pending.remove(at);
        pending.stream.then_some(pending.name)
    }

    /// True if the call waits for an answer.
    pub(super) fn waits(&self, id: CallId) -> bool {
        self.pending.iter().any(|one| one.id == id)
    }

    /// True if the server still takes items of this stream.
    pub(super) fn uploads(&self, stream: u64) -> bool {
        self.uploads.contains(&stream)
    }

    /// Ends a stream.
    pub(super) fn end_upload(&mut self, stream: u64) {
        self.uploads.retain(|one| *one != stream);
    }

    /// Ends all calls and streams. Returns the calls that waited, in their order.
    pub(super) fn clear(&mut self) -> impl Iterator<Item = CallId> {
        self.uploads.clear();
        std::mem::take(&mut self.pending)
            .into_iter()
            .map(|one| one.id)
    }

    /// When the first call has waited for long enough.
    pub(super) fn deadline(&self) -> Option<Millis> {
        self.pending.iter().filter_map(|one| one.deadline).min()
    }

    /// A call that has waited for long enough.
    pub(super) fn overdue(&self, now: Millis) -> Option<CallId> {
        let is_overdue = |one: &&Pending| one.deadline.is_some_and(|deadline| deadline <= now);
        Some(self.pending.iter().find(is_overdue)?.id)
    }
}

/// What came for the application, in order. It borrows from the text that it came in.
///
/// ```
/// # use serverless_chat::signalr::connection::Delivery;
/// # fn example(delivery: Delivery<'_>) {
/// match delivery {
///     Delivery::Invocation(invocation) => println!("call {}", invocation.target),
///     Delivery::Item(call, item) => println!("{call:?} gives {item}"),
///     Delivery::Completion(call, outcome) => println!("{call:?} ends: {outcome:?}"),
/// }
/// # }
/// ```
#[derive(Debug)]
pub enum Delivery<'t> {
    /// The server calls a method of the client.
    Invocation(Invocation<'t>),
    /// One item of a stream, in JSON.
    Item(CallId, Json<'t>),
    /// A call ended: a result in JSON, nothing, or the server's words.
    Completion(CallId, Result<Option<Json<'t>>, Error>),
}
