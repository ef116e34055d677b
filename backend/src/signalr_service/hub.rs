//! Who listens, and sending to them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use super::protocol;

/// The clients that have shaken hands, by connection id.
pub(crate) struct Hub {
    clients: Mutex<HashMap<String, Client>>,
    /// The groups that users are in, whether they are connected or not.
    groups_of_users: Mutex<HashMap<String, HashSet<String>>>,
    /// How many listeners have not been dropped.
    listeners: watch::Sender<usize>,
    /// True from [`Hub::close_all`] on.
    closed: watch::Sender<bool>,
}

/// Whom something is for.
#[derive(Clone, Copy)]
pub(crate) enum Audience<'a> {
    /// Everybody.
    All,
    /// Whoever connected under this name.
    User(&'a str),
    /// Whoever is in this group.
    Group(&'a str),
    /// The client with this connection id.
    Connection(&'a str),
}

impl Audience<'_> {
    fn includes(self, id: &str, client: &Client) -> bool {
        match self {
            Audience::All => true,
            Audience::User(user) => client.user.as_deref() == Some(user),
            Audience::Group(group) => client.groups.contains(group),
            Audience::Connection(connection) => id == connection,
        }
    }
}

struct Client {
    user: Option<String>,
    groups: HashSet<String>,
    queue: mpsc::Sender<Heard>,
}

/// What a client's connection hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A text for the client.
    Text(Utf8Bytes),
    /// That the client is to hear nothing more, not even that.
    Silence,
    /// That its transport is to end at once.
    Drop,
}

/// How the hub parts from a client.
#[derive(Clone, Copy)]
pub(crate) enum Parting<'a> {
    /// It says so.
    Close {
        /// Why.
        error: Option<&'a str>,
        /// Whether the client is invited to come back.
        allow_reconnect: bool,
    },
    /// It falls silent, as if the network in between had gone.
    Silence,
    /// The transport ends in the middle of everything.
    Drop,
}

impl Parting<'_> {
    fn heard(self) -> Heard {
        match self {
            Parting::Close {
                error,
                allow_reconnect,
            } => Heard::Text(protocol::close(error, allow_reconnect)),
            Parting::Silence => Heard::Silence,
            Parting::Drop => Heard::Drop,
        }
    }
}

/// A client's place in the hub. It leaves when this is dropped.
pub(super) struct Listener {
    hub: Arc<Hub>,
    id: String,
    messages: mpsc::Receiver<Heard>,
}

impl Listener {
    /// What comes next for the client; `None` when the hub has let it go. Safe to cancel.
    pub(super) async fn next(&mut self) -> Option<Heard> {
        self.messages.recv().await
    }

    /// What comes next for the client if it is there already.
    ///
    /// # Errors
    /// There is nothing yet, or never will be.
    pub(super) fn try_next(&mut self) -> Result<Heard, mpsc::error::TryRecvError> {
        self.messages.try_recv()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.clients().remove(&self.id);
        self.hub.listeners.send_modify(|count| *count -= 1);
        tracing::debug!(id = self.id, "disconnected");
    }
}

impl Hub {
    /// A hub without clients.
    pub(crate) fn new() -> Arc<Hub> {
        Arc::new(Hub {
            clients: Mutex::default(),
            groups_of_users: Mutex::default(),
            listeners: watch::Sender::new(0),
            closed: watch::Sender::new(false),
        })
    }

    /// How many clients are connected.
    pub(crate) fn connections(&self) -> usize {
        self.clients().len()
    }

    /// Counts a client as connected. At most `queue` texts wait for it, and one that reads slower
    /// than others write is let go.
    pub(super) fn enter(
        self: &Arc<Self>,
        id: String,
        user: Option<String>,
        queue: usize,
    ) -> Listener {
        let (sender, messages) = mpsc::channel(queue.max(1));
        let groups_of_users = self.groups_of_users();
        let groups = user.as_ref().and_then(|user| groups_of_users.get(user));
        let groups = groups.cloned().unwrap_or_default();
        let mut clients = self.clients();
        // Whoever comes too late to be let go with the others is let go at once.
        if !*self.closed.borrow() {
            let client = Client {
                user,
                groups,
                queue: sender,
            };
            clients.insert(id.clone(), client);
        }
        self.listeners.send_modify(|count| *count += 1);
        tracing::debug!(id, "connected");
        Listener {
            hub: self.clone(),
            id,
            messages,
        }
    }

    /// Calls `target` on all clients, or on those of one user. Nobody learns whether there are any.
    pub(crate) fn send(&self, user: Option<&str>, target: &str, arguments: &Value) {
        let audience = user.map_or(Audience::All, Audience::User);
        self.send_to(audience, target, arguments);
    }

    /// Calls `target` on some clients. Nobody learns whether there are any.
    pub(super) fn send_to(&self, audience: Audience<'_>, target: &str, arguments: &Value) {
        self.write(audience, protocol::invocation(target, arguments));
    }

    /// Calls `target` on all clients, once for each of `calls`, in one text.
    pub(crate) fn send_many(&self, target: &str, calls: &[Value]) {
        let records = calls.iter().map(|call| protocol::invocation(target, call));
        let text: String = records.map(|record| record.to_string()).collect();
        self.write(Audience::All, text.into());
    }

    /// Gives some clients a text, which is written once, whoever reads it.
    fn write(&self, audience: Audience<'_>, text: Utf8Bytes) {
        let text = Heard::Text(text);
        // A client whose queue is full, or which is gone, is let go: its queue ends with it.
        self.clients().retain(|id, client| {
            !audience.includes(id, client) || client.queue.try_send(text.clone()).is_ok()
        });
    }

    /// True if somebody is there.
    pub(super) fn has(&self, audience: Audience<'_>) -> bool {
        let clients = self.clients();
        clients
            .iter()
            .any(|(id, client)| audience.includes(id, client))
    }

    /// Puts a user into a group, or takes them out of it, wherever they are connected now or later.
    pub(super) fn set_user_group(&self, user: &str, group: &str, is_in: bool) {
        let mut groups_of_users = self.groups_of_users();
        set(
            groups_of_users.entry(user.to_owned()).or_default(),
            group,
            is_in,
        );
        for client in self.clients().values_mut() {
            if client.user.as_deref() == Some(user) {
                set(&mut client.groups, group, is_in);
            }
        }
    }

    /// Puts a connection into a group, or takes it out of it. False if there is no such connection.
    pub(super) fn set_connection_group(&self, id: &str, group: &str, is_in: bool) -> bool {
        let mut clients = self.clients();
        let client = clients.get_mut(id);
        client
            .map(|client| set(&mut client.groups, group, is_in))
            .is_some()
    }

    /// Parts from some clients.
    pub(crate) fn part(&self, audience: Audience<'_>, parting: Parting<'_>) {
        self.clients().retain(|id, client| {
            let leaves = audience.includes(id, client);
            if leaves {
                // Full or gone: then it ends without words.
                let _ = client.queue.try_send(parting.heard());
            }
            !leaves
        });
    }

    /// Tells one client something, if it is there.
    pub(super) fn tell(&self, id: &str, text: Utf8Bytes) {
        let mut clients = self.clients();
        let is_full = |client: &Client| client.queue.try_send(Heard::Text(text)).is_err();
        if clients.get(id).is_some_and(is_full) {
            clients.remove(id);
        }
    }

    /// Lets all clients go. From here on [`Hub::closed`] says why.
    pub(crate) fn close_all(&self) {
        let mut clients = self.clients();
        self.closed.send_replace(true);
        clients.clear();
    }

    /// Whether the hub is closed, and from when on.
    pub(super) fn closed(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    /// Returns when everybody who was connected has heard the last text and is gone.
    pub(crate) async fn left(&self) {
        // The sender lives as long as `self`, so there is no error to come.
        let _ = self
            .listeners
            .subscribe()
            .wait_for(|count| *count == 0)
            .await;
    }

    /// To be locked before the clients, by whoever locks both.
    fn groups_of_users(&self) -> MutexGuard<'_, HashMap<String, HashSet<String>>> {
        self.groups_of_users
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<String, Client>> {
        // Nothing in here panics halfway through a change.
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn set(groups: &mut HashSet<String>, group: &str, is_in: bool) {
    match is_in {
        true => groups.insert(group.to_owned()),
        false => groups.remove(group),
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_private_message_goes_to_its_reader_letter_by_letter() {
        let hub = Hub::new();
        let enter = |id: &str, user: &str| hub.enter(id.into(), Some(user.into()), 9);
        let (mut bob, mut also_bob) = (enter("1", "bob"), enter("2", "bob"));
        let mut big_bob = enter("3", "Bob");
        hub.send(Some("bob"), "newMessage", &json!([]));
        assert!(bob.try_next().is_ok() && also_bob.try_next().is_ok());
        assert!(big_bob.try_next().is_err());
        drop(bob);
        assert_eq!(hub.connections(), 2);
    }

    #[test]
    fn a_user_stays_in_a_group_and_a_connection_does_not() {
        let hub = Hub::new();
        let enter = |id: &str, user: &str| hub.enter(id.into(), Some(user.into()), 9);
        hub.set_user_group("bob", "g", true);
        let alice = enter("1", "alice");
        assert!(!hub.has(Audience::Group("g")));
        assert!(hub.set_connection_group("1", "g", true) && hub.has(Audience::Group("g")));
        drop(alice);
        let _alice = enter("1", "alice");
        assert!(!hub.has(Audience::Group("g")));
        let _bob = enter("2", "bob");
        assert!(hub.has(Audience::Group("g")), "before they came");
        hub.set_user_group("bob", "g", false);
        assert!(!hub.has(Audience::Group("g")));
        assert!(!hub.set_connection_group("nobody", "g", true));
    }

    #[test]
    fn a_client_that_does_not_read_is_let_go() {
        let hub = Hub::new();
        let mut slow = hub.enter("slow".into(), None, 3);
        for _ in 0..3 {
            hub.send(None, "newMessage", &json!([]));
        }
        assert_eq!(hub.connections(), 1);
        hub.send(None, "newMessage", &json!([]));
        assert_eq!(hub.connections(), 0);
        for _ in 0..3 {
            assert!(slow.try_next().is_ok(), "what waited can still be read");
        }
        assert_eq!(
            slow.try_next(),
            Err(mpsc::error::TryRecvError::Disconnected)
        );
    }

    #[test]
    fn nobody_stays_in_a_closed_hub() {
        let hub = Hub::new();
        let mut early = hub.enter("early".into(), None, 9);
        hub.send(None, "newMessage", &json!([]));
        hub.close_all();
        assert!(early.try_next().is_ok(), "what waited can still be read");
        let mut late = hub.enter("late".into(), None, 9);
        for listener in [&mut early, &mut late] {
            assert_eq!(
                listener.try_next(),
                Err(mpsc::error::TryRecvError::Disconnected)
            );
        }
        assert!(*hub.closed().borrow());
        assert_eq!(hub.connections(), 0);
    }
}
