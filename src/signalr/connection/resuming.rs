//! Another socket for the same connection, and acknowledgements that make it possible.

use super::super::error::Error;
use super::super::protocol::{Framer, outgoing};
use super::super::timers::Timer;
use super::super::trace::Activity;
use super::{Action, Command, Connection, Millis, Phase};

impl Connection {
    /// Tells the server what was received.
    pub(super) fn acknowledge(&mut self, now: Millis) {
        if let (Some(replay), Phase::Connected) = (&self.replay, self.phase) {
            let text = outgoing::ack(replay.received());
            self.send(now, &text);
        }
    }

    /// The socket is lost; the connection gets another, once.
    pub(super) fn suspend_socket(&mut self, now: Millis) {
        if let Some(replay) = &mut self.replay {
            replay.lose();
        }
        self.generation.0 += 1;
        self.framer = Framer::default();
        self.phase = Phase::Resuming;
        self.timers.stop(Timer::Ping);
        self.timers
            .set(Timer::Connect, now + self.options.connect_timeout);
        self.act(Action::Abandon);
        self.ended(now, Err(Error::Ended));
        self.open_endpoint(now);
    }

    /// Goes on over the new socket.
    pub(super) fn resume(&mut self, now: Millis) {
        self.timers.stop(Timer::Connect);
        self.phase = Phase::Connected;
        self.began(now, Activity::Connected);
        let Some(replay) = &mut self.replay else {
            return;
        };
        let (first, texts) = replay.resume();
        let mut text = outgoing::sequence(first);
        texts.for_each(|one| text.push_str(one));
        let free = replay.resent();
        self.send(now, &text);
        self.commands.extend(free.into_iter().map(Command::Sent));
        self.heard(now);
    }
}
