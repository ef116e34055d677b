//! Stops, losses, and what follows them.

use super::super::error::{self, Error};
use super::super::protocol::{Framer, outgoing};
use super::super::retry::{LONGEST, Outage};
use super::super::timers::Timer;
use super::super::transport::Transport;
use super::{Action, Command, Connection, Method, Millis, Phase, State, Tries};

/// How long a server may take to be heard after the page woke up to find it silent for longer than
/// it should be, in milliseconds. Whatever it said meanwhile waits in the browser already.
const WAKE_PROBE: Millis = 5_000;

/// What went wrong since there was a connection, or since the start.
#[derive(Default)]
pub(super) struct Trouble {
    /// Tries that failed.
    failed: u32,
    /// When it began.
    since: Option<Millis>,
    /// What ended the last try, or the connection.
    last: Option<Error>,
    was_connected: bool,
}

impl Trouble {
    /// There is a connection.
    pub(super) fn end(&mut self) {
        *self = Trouble {
            was_connected: true,
            ..Trouble::default()
        };
    }
}

impl Connection {
    pub(super) fn try_now(&mut self, now: Millis) {
        if matches!(self.phase, Phase::Idle | Phase::Waiting) {
            self.connect(now);
        }
    }

    /// The network is back, or the page is looked at again.
    pub(super) fn woken(&mut self, now: Millis) {
        match self.phase {
            Phase::Waiting => {
                self.trouble.failed = 0;
                self.connect(now);
            }
            Phase::Connected => {
                // While the device slept no timer fired: what came due meanwhile is due now.
                self.handle_timeout(now);
                if self.phase == Phase::Connected
                    && self.transport() != Transport::LongPolling
                    && self.last_heard + self.options.server_timeout / 2 < now
                {
                    if self.last_sent < now {
                        self.ping(now);
                    }
                    let server = self.last_heard + self.options.server_timeout;
                    self.timers.set(Timer::Server, server.min(now + WAKE_PROBE));
                }
            }
            _ => self.handle_timeout(now),
        }
    }

    /// The browser says that there is no network.
    pub(super) fn offline(&mut self, now: Millis) {
        // It can be wrong, so a slow try stays.
        if self.phase == Phase::Waiting {
            self.timers.set(Timer::Retry, now + LONGEST);
        }
    }

    /// The page goes away, perhaps to come back.
    pub(super) fn suspend(&mut self, now: Millis) {
        if !matches!(self.phase, Phase::Idle | Phase::Waiting) {
            self.halted(now);
            self.part(now);
            self.cancel_calls(&Error::CallCanceled);
            self.phase = Phase::Waiting;
            self.report_try(None);
        }
    }

    pub(super) fn stop(&mut self, now: Millis) {
        if self.phase == Phase::Idle {
            return;
        }
        let stopped = self.halted(now);
        let reason = (!self.trouble.was_connected).then_some(stopped);
        self.part(now);
        self.cancel_calls(&Error::CallCanceled);
        self.end(reason);
    }

    /// Whatever is under way ends before its time; what that means if it was no connection yet.
    fn halted(&mut self, now: Millis) -> Error {
        let stopped = Error::Stopped(match self.phase {
            Phase::Opening => error::Phase::Connect,
            Phase::Handshaking => error::Phase::Handshake,
            _ => error::Phase::Negotiate,
        });
        let outcome = match self.phase {
            Phase::Connected => Ok(()),
            _ => Err(stopped.clone()),
        };
        self.ended(now, outcome);
        stopped
    }

    fn end(&mut self, reason: Option<Error>) {
        self.phase = Phase::Idle;
        self.commands
            .push_back(Command::Report(State::Disconnected { reason }));
    }

    /// Ends the present transport, and tells the server so as well as the transport can.
    fn part(&mut self, now: Millis) {
        let last = match (self.transport(), self.phase) {
            (Transport::WebSockets, Phase::Connected) => {
                self.send(now, outgoing::CLOSE);
                None
            }
            (Transport::LongPolling, Phase::Opening | Phase::Handshaking | Phase::Connected) => {
                Some((Method::Delete, String::new()))
            }
            (Transport::ServerSentEvents, Phase::Connected) => {
                Some((Method::Post, outgoing::CLOSE.to_owned()))
            }
            _ => None,
        };
        self.abandon();
        if let Some((method, body)) = last {
            // Nobody waits for its answer.
            let request = self.request(method, self.connect_url(), body);
            let id = self.name_request();
            self.act(Action::Request(id, request));
        }
    }

    /// Ends the present transport, and whatever it still has under way.
    pub(super) fn abandon(&mut self) {
        self.generation.0 += 1;
        self.timers.stop_all();
        self.framer = Framer::default();
        self.present.negotiation = None;
        self.poll = None;
        self.act(Action::Abandon);
    }

    fn cancel_calls(&mut self, error: &Error) {
        let waiting = self.replay.iter_mut().flat_map(|replay| replay.waiting());
        let sends = self.queue.clear();
        // Each once, and in their order.
        let mut calls: Vec<_> = self.calls.clear().collect();
        for call in sends.chain(waiting) {
            if let Err(place) = calls.binary_search(&call) {
                calls.insert(place, call);
            }
        }
        self.replay = None;
        let failed = |call| Command::Failed(call, error.clone());
        self.commands.extend(calls.into_iter().map(failed));
    }

    /// This try failed, or its connection is lost. `at_least` is the shortest delay that the server
    /// asks for, in milliseconds.
    pub(super) fn fail(&mut self, now: Millis, error: Error, at_least: Option<Millis>) {
        self.ended(now, Err(error.clone()));
        let was_there = matches!(self.phase, Phase::Connected | Phase::Resuming);
        match error {
            // A server that keeps a connection open for the next poll is told not to.
            Error::ServerTimeout | Error::Protocol(_) | Error::ClosedByServer { .. }
                if self.transport() == Transport::LongPolling =>
            {
                self.part(now);
            }
            _ => self.abandon(),
        }
        self.cancel_calls(match &error {
            Error::Ended => &Error::CallCanceled,
            error => error,
        });
        let sent_away = matches!(
            error,
            Error::ClosedByServer {
                allow_reconnect: false,
                ..
            }
        );
        let comes_back = error.is_retryable()
            && (was_there || self.trouble.was_connected || self.options.retry_start)
            && (!sent_away || self.options.reconnect_on_every_close);
        let since = *self.trouble.since.get_or_insert(now);
        let outage = Outage {
            failed: self.trouble.failed,
            elapsed: now - since,
            reason: &error,
        };
        let crowded = sent_away || error.status() == Some(429);
        let delay = comes_back
            .then(|| self.options.retry.delay(&outage, crowded, &mut self.random))
            .flatten();
        let Some(delay) = delay else {
            return self.end(Some(error));
        };
        self.phase = Phase::Waiting;
        let next_try = now + delay.max(at_least.unwrap_or(0));
        self.trouble.failed += 1;
        self.timers.set(Timer::Retry, next_try);
        self.trouble.last = Some(error);
        self.report_try(Some(next_try));
    }

    pub(super) fn report_try(&mut self, next_try: Option<Millis>) {
        let tries = Tries {
            failed: self.trouble.failed,
            next_try,
            reason: self.trouble.last.clone(),
        };
        let state = if self.trouble.was_connected {
            State::Reconnecting(tries)
        } else {
            State::Connecting(tries)
        };
        self.commands.push_back(Command::Report(state));
    }
}
