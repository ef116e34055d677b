//! Who may connect, and who has: what negotiation gives out, and where a request belongs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rand::Rng;
use rand::distr::Alphanumeric;
use tokio::sync::mpsc;

use super::token::Holder;
use super::transport::shared::Shared;
use crate::Options;

/// All connections, by their connection token: what the transport has to show.
#[derive(Default)]
pub(crate) struct Connections(Mutex<State>);

#[derive(Default)]
struct State {
    /// Negotiated, and not connected yet.
    expected: HashMap<String, Expected>,
    /// Taken by a transport, until that is done with them.
    open: HashMap<String, Open>,
}

struct Expected {
    connection_id: String,
    holder: Holder,
    stateful: bool,
    access_token: String,
    until: Instant,
}

struct Open {
    access_token: String,
    line: Line,
}

/// Where the requests of an open connection lead.
#[derive(Clone)]
pub(super) enum Line {
    /// All goes through the socket itself.
    WebSocket,
    /// The same, and another socket may take over.
    StatefulWebSocket(Arc<Shared>),
    /// What is posted goes in here.
    ServerSentEvents(mpsc::Sender<String>),
    /// What is posted, and who polls.
    LongPolling(Arc<Shared>),
}

/// The names of a client.
pub(super) struct Ids {
    /// For the application.
    pub(super) connection_id: String,
    /// For the transport.
    pub(super) connection_token: String,
}

/// Why a client may not connect.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ClaimError {
    /// Nobody negotiated under this name, or too long ago, or with another access token.
    Unknown,
    /// There is a connection of this name.
    InUse,
}

/// A connection that nobody else can take. It is forgotten when this is dropped.
pub(super) struct Place {
    connections: Arc<Connections>,
    /// The connection token.
    pub(super) id: String,
    /// The name that others may know.
    pub(super) connection_id: String,
    /// Who connects.
    pub(super) holder: Holder,
    /// Both sides agreed to go on after a socket is lost.
    pub(super) stateful: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.release(&self.id);
    }
}

impl Connections {
    /// Lets a client connect within the time that the options give. If it is `stateful`, it may go
    /// on after its socket is lost. `None` if too many are expected already.
    pub(super) fn expect(
        &self,
        options: &Options,
        access_token: String,
        holder: Holder,
        version: u32,
        stateful: bool,
    ) -> Option<Ids> {
        let connection_id = random_name();
        // Before version 1 there was one name for both purposes.
        let connection_token = if version > 0 {
            random_name()
        } else {
            connection_id.clone()
        };
        let now = Instant::now();
        let expected = Expected {
            connection_id: connection_id.clone(),
            holder,
            stateful,
            access_token,
            until: now + options.connect_window,
        };
        let mut state = self.state();
        state.expected.retain(|_, expected| expected.until > now);
        if state.expected.len() >= options.limits.pending {
            return None;
        }
        state.expected.insert(connection_token.clone(), expected);
        Some(Ids {
            connection_id,
            connection_token,
        })
    }

    /// Takes the place of a client that connects. It has no line for further requests before
    /// [`Connections::set_line`].
    ///
    /// # Errors
    /// There is no such place to be had.
    pub(super) fn claim(
        self: &Arc<Self>,
        id: &str,
        access_token: &str,
    ) -> Result<Place, ClaimError> {
        let mut state = self.state();
        if state.open.contains_key(id) {
            return Err(ClaimError::InUse);
        }
        let expected = state.expected.get(id).ok_or(ClaimError::Unknown)?;
        if expected.until <= Instant::now() || expected.access_token != access_token {
            return Err(ClaimError::Unknown);
        }
        let Expected {
            connection_id,
            holder,
            stateful,
            access_token,
            ..
        } = state.expected.remove(id).ok_or(ClaimError::Unknown)?;
        let line = Line::WebSocket;
        state
            .open
            .insert(id.to_owned(), Open { access_token, line });
        Ok(Place {
            connections: self.clone(),
            id: id.to_owned(),
            connection_id,
            holder,
            stateful,
        })
    }

    /// Says where further requests of an open connection lead.
    pub(super) fn set_line(&self, id: &str, line: Line) {
        if let Some(open) = self.state().open.get_mut(id) {
            open.line = line;
        }
    }

    /// Where a further request of an open connection leads; `None` if there is none of this name
    /// and access token.
    pub(super) fn line(&self, id: &str, access_token: &str) -> Option<Line> {
        let state = self.state();
        let open = state.open.get(id)?;
        (open.access_token == access_token).then(|| open.line.clone())
    }

    /// Forgets an open connection.
    pub(super) fn release(&self, id: &str) {
        let open = self.state().open.remove(id);
        // With it may go its place, which comes here again: not while the lock is held.
        drop(open);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics halfway through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn random_name() -> String {
    rand::rng()
        .sample_iter(&Alphanumeric)
        .take(22)
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn nobody() -> Holder {
        Holder {
            user: None,
            until: None,
        }
    }

    #[test]
    fn no_more_are_expected_than_there_is_room_for() {
        let connections = Arc::new(Connections::default());
        let mut options = Options::default();
        options.limits.pending = 2;
        let expect = || connections.expect(&options, "token".into(), nobody(), 1, false);
        let (first, second) = (expect(), expect());
        assert!(first.is_some() && second.is_some() && expect().is_none());
        let id = first.expect("a place").connection_token;
        let place = connections.claim(&id, "token").expect("it is expected");
        assert!(expect().is_some(), "who has come is not expected any more");
        drop(place);
    }

    #[test]
    fn a_place_is_taken_once_in_time_and_with_the_same_token() {
        let connections = Arc::new(Connections::default());
        let window = Duration::from_secs(5);
        let expect = |window| {
            let options = Options {
                connect_window: window,
                ..Options::default()
            };
            let ids = connections.expect(&options, "token".into(), nobody(), 1, false);
            ids.expect("there is room").connection_token
        };
        let claim =
            |id: &str, token: &str| connections.claim(id, token).map(|place| place.id.clone());
        let id = expect(window);
        assert_eq!(claim(&id, "another"), Err(ClaimError::Unknown));
        assert_eq!(claim("nobody", "token"), Err(ClaimError::Unknown));
        let place = connections.claim(&id, "token").expect("a place");
        assert_eq!(claim(&id, "token"), Err(ClaimError::InUse));
        assert!(connections.line(&id, "token").is_some());
        assert!(connections.line(&id, "another").is_none());
        drop(place);
        assert!(connections.line(&id, "token").is_none());
        assert_eq!(
            claim(&id, "token"),
            Err(ClaimError::Unknown),
            "a place is good once"
        );
        assert_eq!(
            claim(&expect(Duration::ZERO), "token"),
            Err(ClaimError::Unknown)
        );
    }
}
