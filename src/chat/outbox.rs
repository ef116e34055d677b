//! What waits to be posted, one message at a time and in the order in which it was typed.
//!
//! The backend answers each POST on its own and promises no order between them, so the next one
//! leaves only when the one before is answered.

use super::conversation::ConversationId;
use super::message::MessageId;
use crate::json;

/// A message to be posted to `{apiBaseUrl}/api/messages`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its name on this device, to be handed back with the outcome.
    pub id: MessageId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// A name for it that the hub's echo may carry: unique among all clients.
    pub client_id: String,
    /// The text.
    pub text: String,
}

impl Outgoing {
    /// The body of the POST, as the tutorial's function reads it, with one field more:
    /// `clientMessageId`, which functions that echo the whole body bring back.
    pub fn body(&self) -> String {
        let recipient = self.conversation.recipient();
        [
            r#"{"recipient":"#,
            &recipient.map_or_else(|| "null".to_owned(), json::written),
            r#","sender":"","text":"#,
            &json::written(&self.text),
            r#","clientMessageId":"#,
            &json::written(&self.client_id),
            "}",
        ]
        .concat()
    }
}

/// The queue: at most one message is on its way, the others wait behind it.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: Vec<Outgoing>,
    in_flight: Option<InFlight>,
    /// Answered messages that the hub may still bring back, oldest first. Private ones too: to
    /// oneself they come back, and from a backend that shows them to everybody.
    unechoed: Vec<Outgoing>,
    /// How many of those, from the first, left before the connection was lost. What comes over the next
    /// one under the name of such a message is its echo; what only has its text may be another's.
    lost: usize,
}

#[derive(Debug)]
struct InFlight {
    outgoing: Outgoing,
    /// The hub was quicker than the answer to the POST.
    echoed: bool,
}

/// Messages without an echo that are remembered; a backend that never echoes would otherwise let
/// them grow without bound.
const UNECHOED: usize = 64;

impl Outbox {
    pub(super) fn push(&mut self, outgoing: Outgoing) {
        self.waiting.push(outgoing);
    }

    /// Puts what an earlier page left waiting before everything.
    pub(super) fn push_first(&mut self, mut earlier: Vec<Outgoing>) {
        earlier.extend(std::mem::take(&mut self.waiting));
        self.waiting = earlier.into_iter().collect();
    }

    /// Takes the next message out, unless one is on its way.
    pub(super) fn next(&mut self) -> Option<&Outgoing> {
        if self.in_flight.is_some() || self.waiting.is_empty() {
            return None;
        }
        self.in_flight = Some(InFlight {
            outgoing: self.waiting.remove(0),
            echoed: false,
        });
        self.in_flight.as_ref().map(|in_flight| &in_flight.outgoing)
    }

    /// The POST of `id` is answered. With `may_echo` the hub may yet bring the message back.
    ///
    /// Returns where the message stands and whether the hub already brought it back, or `None` if
    /// no such message is on its way.
    pub(super) fn answered(
        &mut self,
        id: MessageId,
        may_echo: bool,
    ) -> Option<(ConversationId, bool)> {
        let InFlight { outgoing, echoed } = self
            .in_flight
            .take_if(|in_flight| in_flight.outgoing.id == id)?;
        let place = outgoing.conversation.clone();
        if may_echo && !echoed {
            if self.unechoed.len() == UNECHOED {
                self.take_unechoed(0);
            }
            self.unechoed.push(outgoing);
        }
        Some((place, echoed))
    }

    /// Takes out a message that waits. False if it already left.
    pub(super) fn cancel(&mut self, id: MessageId) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|outgoing| outgoing.id != id);
        self.waiting.len() < before
    }

    /// Finds the own message that an echo belongs to, oldest first, so that one echo never stands
    /// for two messages. `by_name` if it is known by its name.
    pub(super) fn match_echo(
        &mut self,
        by_name: bool,
        is_echo: impl Fn(&Outgoing) -> bool,
    ) -> Option<Outgoing> {
        let first = if by_name { 0 } else { self.lost };
        let mut unechoed = self.unechoed.iter().skip(first);
        if let Some(index) = unechoed.position(&is_echo) {
            return Some(self.take_unechoed(first + index));
        }
        let in_flight = self
            .in_flight
            .as_mut()
            .filter(|in_flight| !in_flight.echoed && is_echo(&in_flight.outgoing))?;
        in_flight.echoed = true;
        Some(in_flight.outgoing.clone())
    }

    /// The connection is gone, and with it nearly every echo that had not come.
    pub(super) fn lose_echoes(&mut self) {
        self.lost = self.unechoed.len();
    }

    /// No message stands for the echo of `id` any more.
    pub(super) fn expect_no_echo(&mut self, id: MessageId) {
        let index = self.unechoed.iter().position(|own| own.id == id);
        index.map(|index| self.take_unechoed(index));
    }

    fn take_unechoed(&mut self, index: usize) -> Outgoing {
        if index < self.lost {
            self.lost -= 1;
        }
        self.unechoed.remove(index)
    }
}
