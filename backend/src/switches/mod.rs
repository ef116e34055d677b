//! What can be changed while the backend runs: each thing that Azure may do differently, and each
//! way in which it may fail.
//!
//! Handlers ask for the value that concerns them where they would otherwise decide; faults are
//! injected before handlers are asked at all, in [`fault`].

mod chaos;
pub mod fault;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

pub use chaos::Chaos;
use chaos::Dice;
pub(crate) use chaos::Mishap;
pub use fault::{Fault, Outcome, Step};

use crate::options::MessagePolicy;

/// How the running backend behaves. The defaults are Azure's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Switches {
    /// Whose sign-in stands before the functions.
    pub host: Host,
    /// What those get who are not signed in.
    pub unauthenticated: Unauthenticated,
    /// What `/.auth/me` says of somebody who is signed in.
    pub me: Me,
    /// The session cookie's attribute.
    pub same_site: SameSite,
    /// Whether a browser's POST with a cookie is refused when its origin is on no list.
    pub csrf: bool,
    /// How a sign-in in a popup tells its opener how it ended.
    pub completion: Completion,
    /// Whether people are known by an email address instead of the name that they are called by.
    pub emails: bool,
    /// What the negotiate function answers.
    pub negotiate: Negotiate,
    /// What the messages function does, instead of what [`crate::options::Functions::policy`] says.
    pub messages: Option<MessagePolicy>,
    /// The status by which it says that it took a message.
    pub accepted: u16,
    /// The service's mode.
    pub service: ServiceMode,
    /// The origins whose pages the service lets read its answers; `None` for all, which is `*` in
    /// its CORS settings.
    pub service_origins: Option<Vec<String>>,
    /// How many clients the service takes, as its tier says; `None` for any number.
    pub max_connections: Option<usize>,
    /// Whether the service closes a connection when the token ends that it was opened with.
    pub close_on_expiry: bool,
    /// What the hub does about a client's handshake.
    pub handshake: Handshake,
    /// What goes wrong, the first that fits first.
    pub faults: Vec<Fault>,
    /// What else goes wrong, of every kind and by chance.
    pub chaos: Option<Chaos>,
}

impl Default for Switches {
    fn default() -> Switches {
        Switches {
            host: Host::AppService,
            unauthenticated: Unauthenticated::Return401,
            me: Me::Session,
            same_site: SameSite::Lax,
            csrf: true,
            completion: Completion::Text,
            emails: false,
            negotiate: Negotiate::Current,
            messages: None,
            accepted: 200,
            service: ServiceMode::Serverless,
            service_origins: None,
            max_connections: None,
            close_on_expiry: false,
            handshake: Handshake::Answer,
            faults: Vec::new(),
            chaos: None,
        }
    }
}

/// Whose sign-in stands before the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Host {
    /// App Service Authentication.
    AppService,
    /// Azure Static Web Apps: another cookie, another `/.auth/me`, no session tokens, no refresh.
    StaticWebApps,
}

/// The setting "Unauthenticated requests".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "camelCase")]
pub enum Unauthenticated {
    /// They are told to sign in.
    Return401,
    /// They are told that they may not.
    Return403,
    /// They are led to the identity provider, which is on another origin and knows no CORS.
    Redirect,
    /// They get through, as nobody.
    Allow,
}

/// What `/.auth/me` says of somebody who is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Me {
    /// Who it is.
    Session,
    /// An empty list: the token store has lost the session, which is good all the same.
    Empty,
    /// A page: something on the way answers every address with the app.
    Html,
}

/// A cookie's attribute of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SameSite {
    /// Sent with navigations from other sites, and with no other request of theirs.
    Lax,
    /// Sent with every request, where the browser sends third-party cookies at all.
    None,
    /// Sent to its own site's pages alone.
    Strict,
}

impl SameSite {
    /// What stands in the cookie. Browsers take `None` with `Secure` alone.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            SameSite::Lax => "SameSite=Lax",
            SameSite::None => "SameSite=None; Secure",
            SameSite::Strict => "SameSite=Strict",
        }
    }
}

/// What a popup posts to its opener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Completion {
    /// JSON in a string.
    Text,
    /// An object.
    Object,
}

/// What the negotiate function answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Negotiate {
    /// `url` and `accessToken`.
    Current,
    /// `endpoint` and `accessKey`, as before September 2018.
    Old,
    /// The current names, called plain text.
    Text,
    /// The current names, `tokenLifetimeSeconds`, and others that mean nothing.
    Extended,
    /// An `error` instead of an address.
    Error,
}

/// The SignalR Service's mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ServiceMode {
    /// There are functions, and no server.
    Serverless,
    /// A server is waited for, and never comes.
    Default,
}

/// What the hub does about a client's handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Handshake {
    /// It answers.
    Answer,
    /// It says nothing, then or ever.
    Ignore,
    /// It says no.
    Refuse,
}

/// The switches of a running backend.
pub(crate) struct Panel {
    switches: Mutex<Switches>,
    dice: Mutex<Dice>,
}

impl Panel {
    pub(crate) fn new(switches: Switches) -> Panel {
        Panel {
            switches: Mutex::new(switches),
            dice: Mutex::default(),
        }
    }

    /// The switches, to look at or to change. Not to be held across a wait.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Switches> {
        // Whoever panicked has left each switch in one position or another.
        self.switches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the next request at this step meets: a fault, or chaos.
    pub(crate) fn meet(&self, at: Step) -> Option<Fault> {
        let mut switches = self.lock();
        let fault = fault::meet(&mut switches.faults, at);
        fault.or_else(|| self.dice().request(switches.chaos?, at))
    }

    /// What the next message to a client meets.
    pub(crate) fn mishap(&self) -> Option<Mishap> {
        let chaos = self.lock().chaos?;
        self.dice().message(chaos)
    }

    /// How many requests and messages have met chaos.
    pub(crate) fn struck(&self) -> usize {
        self.dice().struck()
    }

    fn dice(&self) -> MutexGuard<'_, Dice> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTATION: &str = include_str!("../../../docs/backend.md");

    #[test]
    fn the_documentation_names_every_switch() {
        let switches = serde_json::to_value(Switches::default()).unwrap();
        for name in switches.as_object().unwrap().keys() {
            assert!(DOCUMENTATION.contains(&format!("\n| `{name}` |")), "{name}");
        }
    }

    #[test]
    fn the_documentation_shows_faults_that_can_be_read() {
        let (_, example) = DOCUMENTATION.split_once("```json\n").expect("an example");
        let (example, _) = example.split_once("```").expect("its end");
        let switches: Switches = serde_json::from_str(example).unwrap();
        assert_eq!(switches.faults.len(), 5);
        let written = serde_json::to_string(&switches).unwrap();
        assert_eq!(
            serde_json::from_str::<Switches>(&written).unwrap(),
            switches
        );
    }
}
