//! One client's connection, from the handshake to the end, whatever carries it.
//!
//! A transport feeds it the text that comes from the client and carries away the text that it
//! gives back: "SignalR hub protocol specification", for a hub that clients only listen to.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use tokio::sync::mpsc::{self, error::TryRecvError};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};

use super::connections::Place;
use super::hub::{Heard, Listener};
use super::protocol::{self, Call, Received, SEPARATOR};
use super::replay::{Replay, Verdict};
use super::token;
use crate::options::Transport;
use crate::switches::{Handshake, Mishap, ServiceMode};
use crate::{App, function_app};

/// How many posted texts may wait for their turn. A request that brings one more waits itself.
const POSTS: usize = 16;

/// A client's connection. Dropped, it is forgotten.
pub(super) struct Session {
    app: Arc<App>,
    place: Place,
    transport: Transport,
    phase: Phase,
    /// What came and is no complete record yet.
    text: String,
    /// What to say before anything else.
    answers: VecDeque<Utf8Bytes>,
    /// The transport is to end at once, without a word.
    is_dropped: bool,
    posts: mpsc::Receiver<String>,
    closed: watch::Receiver<bool>,
}

enum Phase {
    /// The client has not said yet how it speaks.
    Handshake { until: Instant },
    /// The client hears what is sent.
    Listening {
        listener: Listener,
        pings: Interval,
        silent_until: Instant,
        /// If the connection can go on after its socket is lost.
        replay: Option<Replay>,
        /// When the connection ends whatever happens, and what is said then.
        end: Option<(Instant, Utf8Bytes)>,
    },
    /// The client hears nothing and is not heard, until it is forgotten.
    Silent { until: Instant },
    /// There is nothing more to say or to hear.
    Over,
}

impl Session {
    /// A connection that has just been opened, and where to put what is posted to it.
    pub(super) fn open(
        app: Arc<App>,
        place: Place,
        transport: Transport,
    ) -> (Session, mpsc::Sender<String>) {
        let (sender, posts) = mpsc::channel(POSTS);
        let until = Instant::now() + app.options.handshake_timeout;
        let closed = app.hub.closed();
        let session = Session {
            app,
            place,
            transport,
            phase: Phase::Handshake { until },
            text: String::new(),
            answers: VecDeque::new(),
            is_dropped: false,
            posts,
            closed,
        };
        (session, sender)
    }

    /// Takes text from the client: records, or parts of them.
    pub(super) fn receive(&mut self, text: &str) {
        if matches!(self.phase, Phase::Over | Phase::Silent { .. }) {
            return;
        }
        self.text.push_str(text);
        while let Some(end) = self.text.find(SEPARATOR) {
            let rest = self.text.split_off(end + SEPARATOR.len_utf8());
            let record = std::mem::replace(&mut self.text, rest);
            self.take(record.trim_end_matches(SEPARATOR));
        }
        if self.text.len() > self.app.options.limits.message {
            self.refuse("Connection closed with an error.");
        }
    }

    /// The next text for the client; `None` when the connection is over. Safe to cancel: what was
    /// not given back is given back the next time.
    pub(super) async fn next(&mut self) -> Option<Utf8Bytes> {
        loop {
            if let Some(answer) = self.answers.pop_front() {
                return Some(answer);
            }
            let posted = match &mut self.phase {
                Phase::Over => return None,
                Phase::Handshake { until } => tokio::select! {
                    Some(posted) = self.posts.recv() => Some(posted),
                    // An error means that the hub is gone, which is as good a reason to end.
                    _ = self.closed.wait_for(|closed| *closed) => None,
                    () = sleep_until(*until) => None,
                },
                Phase::Silent { until } => tokio::select! {
                    _ = self.closed.wait_for(|closed| *closed) => None,
                    () = sleep_until(*until) => None,
                },
                Phase::Listening {
                    listener,
                    pings,
                    silent_until,
                    replay,
                    end,
                } => {
                    // A client that polls shows by this that it lives, and so does the answer.
                    let pings_matter = self.transport != Transport::LongPolling;
                    let has_room = replay.as_ref().is_none_or(Replay::has_room);
                    let ack_due = replay.as_ref().and_then(|replay| replay.ack_due);
                    tokio::select! {
                        heard = listener.next(), if has_room => match heard {
                            Some(Heard::Text(message)) => {
                                if let Some(replay) = replay {
                                    replay.send(&message);
                                }
                                match self.app.switches.mishap() {
                                    None => return Some(message),
                                    Some(mishap) => self.suffer(mishap, &message),
                                }
                                continue;
                            }
                            Some(Heard::Silence) => {
                                self.fall_silent();
                                continue;
                            }
                            Some(Heard::Drop) => {
                                self.is_dropped = true;
                                None
                            }
                            None => {
                                self.let_go();
                                None
                            }
                        },
                        Some(posted) = self.posts.recv() => Some(posted),
                        _ = pings.tick(), if pings_matter => return Some(protocol::PING.into()),
                        () = sleep_until(ack_due.unwrap_or(*silent_until)), if ack_due.is_some() => {
                            return replay.as_mut().map(Replay::acknowledge);
                        }
                        () = sleep_until(end.as_ref().map_or(*silent_until, |(at, _)| *at)), if end.is_some() => {
                            self.answers.extend(end.take().map(|(_, text)| text));
                            None
                        }
                        () = sleep_until(*silent_until), if pings_matter => {
                            let close = protocol::close(Some("Client timeout elapsed."), true);
                            self.answers.push_back(close);
                            None
                        }
                    }
                }
            };
            match posted {
                Some(posted) => self.receive(&posted),
                None => self.end(),
            }
        }
    }

    /// Ends the connection. What is still to be said can be said.
    pub(super) fn end(&mut self) {
        self.phase = Phase::Over;
    }

    /// True if the transport is to end at once, without a word.
    pub(super) fn is_dropped(&self) -> bool {
        self.is_dropped
    }

    /// True if the client is not heard any more.
    pub(super) fn is_silent(&self) -> bool {
        matches!(self.phase, Phase::Silent { .. })
    }

    /// Chaos: something else becomes of a message.
    fn suffer(&mut self, mishap: Mishap, message: &Utf8Bytes) {
        match mishap {
            Mishap::Silence => self.fall_silent(),
            Mishap::Drop => {
                self.is_dropped = true;
                self.end();
            }
            Mishap::Twice => self.answers.extend([message.clone(), message.clone()]),
            Mishap::Split => {
                let mut middle = message.len() / 2;
                while !message.is_char_boundary(middle) {
                    middle -= 1;
                }
                let (start, end) = message.split_at(middle);
                self.answers.extend([start.into(), end.into()]);
            }
        }
    }

    /// From here on there is no telling this connection from one whose network has gone. The service
    /// forgets it some time after its client would have noticed.
    fn fall_silent(&mut self) {
        let until = Instant::now() + 2 * self.app.options.client_timeout;
        self.phase = Phase::Silent { until };
    }

    /// True if the connection can go on over another socket.
    pub(super) fn is_resumable(&self) -> bool {
        matches!(
            self.phase,
            Phase::Listening {
                replay: Some(_),
                ..
            }
        )
    }

    /// Goes on over another socket, or ends if it cannot.
    pub(super) fn resume(&mut self) {
        self.text.clear();
        self.answers.clear();
        match &mut self.phase {
            Phase::Listening {
                silent_until,
                replay: Some(replay),
                ..
            } => {
                *silent_until = Instant::now() + self.app.options.client_timeout;
                self.answers.extend(replay.resume());
            }
            _ => self.end(),
        }
    }

    /// The next text for the client, if there is one already.
    pub(super) fn try_next(&mut self) -> Option<Utf8Bytes> {
        if let Some(answer) = self.answers.pop_front() {
            return Some(answer);
        }
        let Phase::Listening { listener, .. } = &mut self.phase else {
            return None;
        };
        match listener.try_next() {
            Ok(Heard::Text(message)) => Some(message),
            Ok(Heard::Silence) => {
                self.fall_silent();
                None
            }
            Ok(Heard::Drop) => {
                self.is_dropped = true;
                self.end();
                None
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.let_go();
                self.answers.pop_front()
            }
        }
    }

    /// The hub sends nothing more: it goes itself, or the client was too slow.
    fn let_go(&mut self) {
        if *self.closed.borrow() {
            self.answers.push_back(protocol::close(None, true));
        }
        self.end();
    }

    fn take(&mut self, record: &str) {
        match &mut self.phase {
            Phase::Over | Phase::Silent { .. } => {}
            Phase::Handshake { .. } => self.shake_hands(record),
            Phase::Listening {
                silent_until,
                replay,
                ..
            } => {
                let now = Instant::now();
                *silent_until = now + self.app.options.client_timeout;
                let Some(received) = protocol::receive(record) else {
                    return self.refuse("Connection closed with an error.");
                };
                let verdict = match replay {
                    Some(replay) => replay.receive(&received, now),
                    None => Verdict::Take,
                };
                match (verdict, received) {
                    (Verdict::Take, Received::Close) => self.end(),
                    (Verdict::Take, Received::Call(call)) => self.called(&call),
                    (Verdict::Take | Verdict::Skip, _) => {}
                    (Verdict::Gap, _) => {
                        self.refuse("Sequence ID greater than amount of messages we've received.");
                    }
                }
            }
        }
    }

    /// A client calls: where there are functions for that, one of them is run.
    fn called(&self, call: &Call) {
        let Some(target) = &call.target else {
            return;
        };
        if !self.app.options.functions.bidirectional {
            return tracing::debug!(target, "nobody listens to a client of a serverless hub");
        }
        let Place {
            connection_id: id,
            holder,
            ..
        } = &self.place;
        let user = holder.user.as_deref();
        let outcome = function_app::called(&self.app, id, user, target, &call.arguments);
        if let Some(invocation_id) = &call.invocation_id {
            let answer = protocol::completion(invocation_id, outcome);
            self.app.hub.tell(id, answer);
        }
    }

    fn shake_hands(&mut self, record: &str) {
        let handshake = self.app.switches.lock().handshake;
        let outcome = match handshake {
            Handshake::Ignore => return self.fall_silent(),
            Handshake::Refuse => Err("The handshake was refused.".to_owned()),
            Handshake::Answer => protocol::handshake(record),
        };
        match outcome {
            Ok(version) => self.enter(version),
            Err(error) => {
                self.answers.push_back(protocol::refusal(&error));
                self.end();
            }
        }
    }

    /// When a connection that begins now ends by itself, and with which words.
    fn end_of(&self, now: Instant) -> Option<(Instant, Utf8Bytes)> {
        let service = self.app.switches.lock().service;
        match (service, self.place.holder.until) {
            (ServiceMode::Default, _) => {
                let error = "No app server is currently connected to the Azure service.";
                let until = now + self.app.options.app_server_timeout;
                Some((until, protocol::close(Some(error), false)))
            }
            (ServiceMode::Serverless, Some(until)) => {
                Some((now + token::until(until), protocol::close(None, true)))
            }
            (ServiceMode::Serverless, None) => None,
        }
    }

    /// Counted before it is accepted: whoever sees a client connected can send to it.
    fn enter(&mut self, version: u32) {
        let options = &self.app.options;
        let id = self.place.connection_id.clone();
        let user = self.place.holder.user.clone();
        let now = Instant::now();
        let end = self.end_of(now);
        let mut pings = interval_at(now + options.keep_alive, options.keep_alive);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let is_stateful = self.place.stateful && self.transport == Transport::WebSockets;
        self.phase = Phase::Listening {
            listener: self.app.hub.enter(id, user, options.limits.queue),
            pings,
            silent_until: now + options.client_timeout,
            // Version 1 has no messages for it.
            replay: (is_stateful && version >= 2).then(Replay::new),
            end,
        };
        self.answers.push_back(protocol::ACCEPTED.into());
    }

    /// Ends the connection for what the client said.
    fn refuse(&mut self, error: &str) {
        self.answers.push_back(protocol::close(Some(error), false));
        self.end();
    }
}
