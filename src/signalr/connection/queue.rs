//! What waits to be sent where each send is a request of its own.

use super::calls::CallId;
use super::event::RequestId;

/// Text that waits for a request, and text that is in one. There is one request at a time, so that
/// the order is kept; whatever is sent meanwhile goes together into the next.
#[derive(Debug, Default)]
pub(super) struct SendQueue {
    waiting: Batch,
    in_flight: Option<(RequestId, Batch)>,
}

/// Text, and the calls that want to know when it is handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) text: String,
    pub(super) calls: Vec<CallId>,
}

impl SendQueue {
    /// Takes text, and the call that it is, if that one wants to know.
    pub(super) fn push(&mut self, text: &str, call: Option<CallId>) {
        self.waiting.text.push_str(text);
        self.waiting.calls.extend(call);
    }

    /// The text for the next request, if there is any and no request is under way.
    pub(super) fn next(&mut self, request: RequestId) -> Option<&str> {
        if self.in_flight.is_some() || self.waiting.text.is_empty() {
            return None;
        }
        let batch = std::mem::take(&mut self.waiting);
        Some(&self.in_flight.insert((request, batch)).1.text)
    }

    /// Takes that a request ended. Returns what was in it, if it is the one under way.
    pub(super) fn done(&mut self, request: RequestId) -> Option<Batch> {
        let (_, batch) = self.in_flight.take_if(|(id, _)| *id == request)?;
        Some(batch)
    }

    /// Gives the request under way another name. Returns its text.
    pub(super) fn again(&mut self, before: RequestId, now: RequestId) -> Option<&str> {
        let (id, batch) = self.in_flight.as_mut().filter(|(id, _)| *id == before)?;
        *id = now;
        Some(&batch.text)
    }

    /// The request under way.
    pub(super) fn request(&self) -> Option<RequestId> {
        Some(self.in_flight.as_ref()?.0)
    }

    /// Ends everything. Returns the calls that were not handed over.
    pub(super) fn clear(&mut self) -> impl Iterator<Item = CallId> {
        let queue = std::mem::take(self);
        let in_flight = queue.in_flight.map(|(_, batch)| batch).unwrap_or_default();
        in_flight.calls.into_iter().chain(queue.waiting.calls)
    }
}

#[cfg(test)]
mod tests {
    use super::super::calls::{Call, Calls};
    use super::*;
    use crate::signalr::protocol::outgoing::Wanted;

    fn calls<const N: usize>() -> [CallId; N] {
        let mut calls = Calls::default();
        let call = Call {
            target: String::new(),
            arguments: "[]".into(),
            wanted: Wanted::Nothing,
            uploads: 0,
            timeout: None,
        };
        std::array::from_fn(|_| calls.add(0, &call).0.id)
    }

    /// HTC-56, HTC-59.
    #[test]
    fn what_is_sent_meanwhile_goes_together() {
        let [hello, world, bang] = calls();
        let mut queue = SendQueue::default();
        assert_eq!(queue.next(RequestId(0)), None, "nothing to send");
        queue.push("Hello", Some(hello));
        assert_eq!(queue.next(RequestId(1)), Some("Hello"), "at once");
        queue.push("world", Some(world));
        queue.push("!", Some(bang));
        assert_eq!(queue.next(RequestId(2)), None, "one at a time");
        assert_eq!(queue.done(RequestId(2)), None, "not the one under way");
        assert_eq!(queue.done(RequestId(1)).unwrap().calls, [hello]);
        assert_eq!(queue.next(RequestId(2)), Some("world!"));
        assert_eq!(queue.done(RequestId(2)).unwrap().calls, [world, bang]);
    }

    /// HTC-62.
    #[test]
    fn the_end_tells_all_that_wait() {
        let [one, two] = calls();
        let mut queue = SendQueue::default();
        queue.push("1", Some(one));
        assert!(queue.next(RequestId(1)).is_some());
        queue.push("2", Some(two));
        assert_eq!(queue.clear().collect::<Vec<_>>(), [one, two]);
        assert_eq!(queue.clear().count(), 0);
    }
}
