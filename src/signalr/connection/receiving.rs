//! What comes from the server: records, hub messages, signs of life.

use super::super::error::Error;
use super::super::protocol::framing;
use super::super::protocol::message::Message;
use super::super::timers::Timer;
use super::super::transport::Transport;
use super::replay::{Arrival, Missing};
use super::{Command, Connection, Delivery, Millis, Phase};

/// How long an acknowledgement waits for more to acknowledge, in milliseconds.
const ACK_DELAY: Millis = 1_000;

impl Connection {
    /// Takes a piece of text from the transport, and returns the records that are complete with it.
    pub(super) fn frame(&mut self, now: Millis, piece: String) -> Option<String> {
        if !self.is_open() {
            return None;
        }
        match self.framer.push(piece) {
            Ok(records) => records,
            Err(framing::Incomplete) => {
                self.fail(now, Error::Protocol("Message is incomplete."), None);
                None
            }
        }
    }

    /// Takes a record, without its separator. Returns what is in it for the application.
    ///
    /// ```
    /// # use serverless_chat::signalr::connection::{Connection, Delivery};
    /// # fn example(connection: &mut Connection, now: u64) {
    /// let record = r#"{"type":1,"target":"said","arguments":["hello"]}"#;
    /// if let Some(Delivery::Invocation(invocation)) = connection.receive(now, record) {
    ///     assert_eq!(invocation.target, "said");
    /// }
    /// # }
    /// ```
    pub fn receive<'t>(&mut self, now: Millis, record: &'t str) -> Option<Delivery<'t>> {
        match self.phase {
            Phase::Handshaking => {
                self.shake_hands(now, record);
                None
            }
            Phase::Connected => self.take(now, record),
            // Whatever follows the end of a connection is no part of it.
            _ => None,
        }
    }

    /// Takes that all records of a text are taken.
    ///
    /// ```
    /// # use serverless_chat::signalr::connection::Connection;
    /// # fn example(connection: &mut Connection, now: u64) {
    /// connection.received(now);
    /// # }
    /// ```
    pub fn received(&mut self, now: Millis) {
        if self.phase == Phase::Connected {
            self.heard(now);
        }
    }

    /// Takes a hub message.
    fn take<'t>(&mut self, now: Millis, record: &'t str) -> Option<Delivery<'t>> {
        let message = match Message::parse(record) {
            Ok(message) => message,
            Err(invalid) => {
                self.fail(now, Error::Protocol(invalid.words()), None);
                return None;
            }
        };
        if !self.is_new(now, &message) {
            return None;
        }
        match message {
            Message::Invocation(invocation) => Some(Delivery::Invocation(invocation)),
            Message::StreamItem {
                invocation_id,
                item,
            } => Some(Delivery::Item(self.calls.stream(&invocation_id)?, item)),
            Message::Completion {
                invocation_id,
                outcome,
            } => {
                let call = self.calls.complete(&invocation_id)?;
                let outcome = outcome.map_err(|words| Error::Call(words.into_owned()));
                Some(Delivery::Completion(call, outcome))
            }
            Message::Close {
                error,
                allow_reconnect,
            } => {
                let error = error.map(|words| words.into_owned());
                let error = Error::ClosedByServer {
                    error,
                    allow_reconnect,
                };
                self.fail(now, error, None);
                None
            }
            Message::Ack(number) => {
                let free = self.replay.as_mut().map(|one| one.acknowledge(number));
                let free = free.unwrap_or_default().into_iter();
                self.commands.extend(free.map(Command::Sent));
                None
            }
            Message::Sequence(number) => {
                let taken = self.replay.as_mut().map(|one| one.sequence(number));
                if taken == Some(Err(Missing)) {
                    let words = "Sequence ID greater than amount of messages we've received.";
                    self.fail(now, Error::Protocol(words), None);
                }
                None
            }
            Message::Ping | Message::Unknown(_) => None,
        }
    }

    /// False if the message came before, or comes while it is not known where the server goes on.
    fn is_new(&mut self, now: Millis, message: &Message<'_>) -> bool {
        let Some(replay) = &mut self.replay else {
            return true;
        };
        let numbered = match message {
            Message::Invocation(_) | Message::StreamItem { .. } | Message::Completion { .. } => {
                true
            }
            Message::Sequence(_) => return true,
            Message::Unknown(kind) => matches!(kind, 4 | 5),
            _ => false,
        };
        let arrival = replay.arrive(numbered);
        if numbered && arrival != Arrival::Ignored && !self.timers.is_set(Timer::Ack) {
            self.timers.set(Timer::Ack, now + ACK_DELAY);
        }
        arrival == Arrival::New
    }

    /// The server lives. The ping timer is always armed from here, never from its own end:
    /// browsers slow timers that start each other down to one a minute in hidden tabs, but not
    /// those that a message starts.
    pub(super) fn heard(&mut self, now: Millis) {
        self.last_heard = now;
        if self.transport() == Transport::LongPolling {
            // A poll that is answered shows both sides that the other lives.
            return;
        }
        self.timers
            .set(Timer::Server, now + self.options.server_timeout);
        if self.last_sent + self.options.keep_alive <= now {
            self.ping(now);
        }
        if !self.timers.is_set(Timer::Ping) {
            self.timers
                .set(Timer::Ping, self.last_sent + self.options.keep_alive);
        }
    }
}
