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

use super::MAX_MESSAGE;
use super::connections::Place;
use super::hub::Listener;
use super::protocol::{self, Received, SEPARATOR};
use crate::App;
use crate::options::Transport;

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
    },
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
            posts,
            closed,
        };
        (session, sender)
    }

    /// Takes text from the client: records, or parts of them.
    pub(super) fn receive(&mut self, text: &str) {
        if matches!(self.phase, Phase::Over) {
            return;
        }
        self.text.push_str(text);
        while let Some(end) = self.text.find(SEPARATOR) {
            let rest = self.text.split_off(end + SEPARATOR.len_utf8());
            let record = std::mem::replace(&mut self.text, rest);
            self.take(record.trim_end_matches(SEPARATOR));
        }
        if self.text.len() > MAX_MESSAGE {
            self.refuse();
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
                Phase::Listening {
                    listener,
                    pings,
                    silent_until,
                } => {
                    // A client that polls shows by this that it lives, and so does the answer.
                    let pings_matter = self.transport != Transport::LongPolling;
                    tokio::select! {
                        message = listener.next() => match message {
                            Some(message) => return Some(message),
                            None => None,
                        },
                        Some(posted) = self.posts.recv() => Some(posted),
                        _ = pings.tick(), if pings_matter => return Some(protocol::PING.into()),
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
                None => self.phase = Phase::Over,
            }
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
            Ok(message) => Some(message),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.phase = Phase::Over;
                None
            }
        }
    }

    fn take(&mut self, record: &str) {
        match &mut self.phase {
            Phase::Over => {}
            Phase::Handshake { .. } => match protocol::handshake(record) {
                Ok(()) => self.enter(),
                Err(error) => {
                    self.answers.push_back(protocol::refusal(&error));
                    self.phase = Phase::Over;
                }
            },
            Phase::Listening { silent_until, .. } => {
                *silent_until = Instant::now() + self.app.options.client_timeout;
                match protocol::receive(record) {
                    Some(Received::Ping) => {}
                    Some(Received::Close) => self.phase = Phase::Over,
                    Some(Received::Ignored) => {
                        tracing::debug!("a client of a serverless hub cannot call it");
                    }
                    None => self.refuse(),
                }
            }
        }
    }

    /// Counted before it is accepted: whoever sees a client connected can send to it.
    fn enter(&mut self) {
        let options = &self.app.options;
        let (id, user) = (self.place.id.clone(), self.place.user.clone());
        let now = Instant::now();
        let mut pings = interval_at(now + options.keep_alive, options.keep_alive);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.phase = Phase::Listening {
            listener: self.app.hub.enter(id, user, options.queue),
            pings,
            silent_until: now + options.client_timeout,
        };
        self.answers.push_back(protocol::ACCEPTED.into());
    }

    /// Ends the connection for what the client said.
    fn refuse(&mut self) {
        let close = protocol::close(Some("Connection closed with an error."), false);
        self.answers.push_back(close);
        self.phase = Phase::Over;
    }
}
