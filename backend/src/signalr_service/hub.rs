//! Who is connected, who is about to be, and sending to them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::ws::Utf8Bytes;
use rand::Rng;
use rand::distr::Alphanumeric;
use serde_json::Value;
use tokio::sync::mpsc;

use super::protocol;

/// What waits for one client at most. One that reads slower than others write is let go.
const QUEUE: usize = 4096;

/// The clients of the hub.
#[derive(Default)]
pub(crate) struct Hub(Mutex<Clients>);

#[derive(Default)]
struct Clients {
    /// Negotiated and not connected yet, by what the transport has to show.
    expected: HashMap<String, Expected>,
    /// Connected, by the same.
    connected: HashMap<String, Client>,
}

/// A client that may connect.
#[derive(Debug)]
pub(super) struct Expected {
    id: String,
    user: Option<String>,
    access_token: String,
    until: Instant,
}

struct Client {
    user: Option<String>,
    queue: mpsc::Sender<Utf8Bytes>,
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

impl Hub {
    /// How many clients are connected.
    pub(crate) fn connections(&self) -> usize {
        self.clients().connected.len()
    }

    /// Lets a client connect within `window`.
    pub(super) fn expect(
        &self,
        access_token: String,
        user: Option<String>,
        window: Duration,
        version: u32,
    ) -> Ids {
        let connection_id = random_name();
        // Before version 1 there was one name for both purposes.
        let connection_token = if version > 0 {
            random_name()
        } else {
            connection_id.clone()
        };
        let now = Instant::now();
        let expected = Expected {
            id: connection_token.clone(),
            user,
            access_token,
            until: now + window,
        };
        let mut clients = self.clients();
        clients.expected.retain(|_, expected| expected.until > now);
        clients.expected.insert(connection_token.clone(), expected);
        Ids {
            connection_id,
            connection_token,
        }
    }

    /// Takes the place of a client that connects.
    pub(super) fn claim(&self, id: &str, access_token: &str) -> Result<Expected, ClaimError> {
        let mut clients = self.clients();
        if clients.connected.contains_key(id) {
            return Err(ClaimError::InUse);
        }
        let expected = clients.expected.get(id).ok_or(ClaimError::Unknown)?;
        if expected.until <= Instant::now() || expected.access_token != access_token {
            return Err(ClaimError::Unknown);
        }
        clients.expected.remove(id).ok_or(ClaimError::Unknown)
    }

    /// Counts a client as connected, and returns what is sent to it.
    pub(super) fn enter(&self, expected: Expected) -> (String, mpsc::Receiver<Utf8Bytes>) {
        let (queue, messages) = mpsc::channel(QUEUE);
        let Expected { id, user, .. } = expected;
        self.clients()
            .connected
            .insert(id.clone(), Client { user, queue });
        (id, messages)
    }

    /// Counts a client as gone.
    pub(super) fn leave(&self, id: &str) {
        self.clients().connected.remove(id);
    }

    /// Calls `target` on all clients, or on those of one user. Nobody learns whether there are any.
    pub(crate) fn send(&self, user: Option<&str>, target: &str, arguments: &Value) {
        // Written once, whoever reads it.
        self.send_text(user, &protocol::invocation(target, arguments));
    }

    /// Tells all clients that the hub goes and comes back, and lets them go.
    pub(crate) fn close_all(&self) {
        self.send_text(None, &protocol::close(None, true));
        self.clients().connected.clear();
    }

    fn send_text(&self, user: Option<&str>, text: &Utf8Bytes) {
        let is_reader = |client: &Client| user.is_none() || client.user.as_deref() == user;
        // A client whose queue is full, or which is gone, is let go: its queue ends with it.
        self.clients()
            .connected
            .retain(|_, client| !is_reader(client) || client.queue.try_send(text.clone()).is_ok());
    }

    fn clients(&self) -> MutexGuard<'_, Clients> {
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
    use super::*;

    #[test]
    fn a_place_is_taken_once_in_time_and_with_the_same_token() {
        let hub = Hub::default();
        let window = Duration::from_secs(5);
        let expect = |window| hub.expect("token".into(), None, window, 1).connection_token;
        let id = expect(window);
        assert_eq!(hub.claim(&id, "another").unwrap_err(), ClaimError::Unknown);
        assert_eq!(
            hub.claim("nobody", "token").unwrap_err(),
            ClaimError::Unknown
        );
        let (id, _messages) = hub.enter(hub.claim(&id, "token").unwrap());
        assert_eq!(hub.claim(&id, "token").unwrap_err(), ClaimError::InUse);
        hub.leave(&id);
        assert_eq!(
            hub.claim(&id, "token").unwrap_err(),
            ClaimError::Unknown,
            "a place is good once"
        );
        assert_eq!(
            hub.claim(&expect(Duration::ZERO), "token").unwrap_err(),
            ClaimError::Unknown
        );
    }

    #[test]
    fn a_private_message_goes_to_its_reader_letter_by_letter() {
        let hub = Hub::default();
        let enter = |user: &str| {
            let id = hub
                .expect(user.into(), Some(user.into()), Duration::from_secs(5), 1)
                .connection_token;
            hub.enter(hub.claim(&id, user).unwrap()).1
        };
        let (mut bob, mut also_bob, mut big_bob) = (enter("bob"), enter("bob"), enter("Bob"));
        hub.send(Some("bob"), "newMessage", &serde_json::json!([]));
        assert!(bob.try_recv().is_ok() && also_bob.try_recv().is_ok());
        assert!(big_bob.try_recv().is_err());
    }

    #[test]
    fn a_client_that_does_not_read_is_let_go() {
        let hub = Hub::default();
        let id = hub
            .expect("t".into(), None, Duration::from_secs(5), 1)
            .connection_token;
        let _messages = hub.enter(hub.claim(&id, "t").unwrap());
        for _ in 0..=QUEUE {
            hub.send(None, "newMessage", &serde_json::json!([]));
        }
        assert_eq!(hub.connections(), 0);
    }
}
