//! What happens, and when.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fmt;

use serverless_chat::signalr::connection::{Closure, Endpoint, Request, RequestId, Response};
use serverless_chat::signalr::{Failure, Millis};

/// Names a socket or an event stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link(pub(crate) usize);

/// Something that happens.
pub(crate) enum Happening {
    /// A request reaches the server.
    Asked(RequestId, Request),
    /// A socket or an event stream reaches the server.
    Dialed(Link, Endpoint),
    /// Text reaches the server.
    Said(Link, String),
    /// The server learns that a transport is closed.
    Left(Link),
    /// The server looks around: who is silent, who is to be told what.
    Tick,
    /// A poll was held for long enough.
    Held(RequestId),
    /// The client is answered.
    Answered(RequestId, Result<Response, Failure>),
    /// The client's transport is open.
    Opened(Link),
    /// Text reaches the client.
    Heard(Link, String),
    /// The client's transport is closed.
    Closed(Link, Closure),
    /// The page is looked at, or there is a network again.
    Woken,
    /// Something goes wrong.
    Fault,
    /// The application does something.
    Act,
    /// The application, which wants a connection, was told that there will be none.
    StartAgain,
}

impl Happening {
    fn is_the_clients(&self) -> bool {
        !matches!(
            self,
            Happening::Asked(..)
                | Happening::Dialed(..)
                | Happening::Said(..)
                | Happening::Left(_)
                | Happening::Tick
                | Happening::Held(_)
                | Happening::Fault
        )
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Happening::Asked(id, request) => {
                let Request {
                    method, url, body, ..
                } = request;
                write!(f, "{id:?} asks: {method:?} {url} {body}")
            }
            Happening::Dialed(link, endpoint) => write!(f, "{link:?} dials {}", endpoint.url),
            Happening::Said(link, text) => write!(f, "{link:?} says {text}"),
            Happening::Left(link) => write!(f, "{link:?} leaves"),
            Happening::Tick => write!(f, "the server looks around"),
            Happening::Held(id) => write!(f, "{id:?} was held"),
            Happening::Answered(id, Ok(response)) => {
                write!(
                    f,
                    "{id:?} is answered {} {}",
                    response.status, response.body
                )
            }
            Happening::Answered(id, Err(failure)) => write!(f, "{id:?} fails: {failure}"),
            Happening::Opened(link) => write!(f, "{link:?} is open"),
            Happening::Heard(link, text) => write!(f, "{link:?} hears {text}"),
            Happening::Closed(link, _) => write!(f, "{link:?} is closed"),
            Happening::Woken => write!(f, "woken"),
            Happening::Fault => write!(f, "a fault"),
            Happening::Act => write!(f, "the application acts"),
            Happening::StartAgain => write!(f, "the application starts again"),
        }
    }
}

struct Entry {
    at: Millis,
    /// What is planned first happens first.
    number: u64,
    happening: Happening,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    /// The greatest comes first out of a heap.
    fn cmp(&self, other: &Entry) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

/// What will happen.
#[derive(Default)]
pub(crate) struct Plan {
    entries: BinaryHeap<Entry>,
    planned: u64,
}

impl Plan {
    pub(crate) fn add(&mut self, at: Millis, happening: Happening) {
        self.planned += 1;
        let number = self.planned;
        self.entries.push(Entry {
            at,
            number,
            happening,
        });
    }

    /// When the next happens.
    pub(crate) fn next_at(&self) -> Option<Millis> {
        Some(self.entries.peek()?.at)
    }

    /// What happens next.
    pub(crate) fn next(&mut self) -> Option<Happening> {
        Some(self.entries.pop()?.happening)
    }

    /// Puts off what happens next, but not behind what is planned after it.
    pub(crate) fn postpone(&mut self, at: Millis) {
        if let Some(mut next) = self.entries.pop() {
            next.at = at;
            self.entries.push(next);
        }
    }

    /// True if what happens next needs a client that is awake.
    pub(crate) fn is_the_clients(&self) -> bool {
        let next = self.entries.peek();
        next.is_some_and(|next| next.happening.is_the_clients())
    }
}
