//! The functions: their names, and what they do.

use serde::{Deserialize, Serialize};

/// What the function that takes messages does with the sender and the recipient that a body names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "camelCase")]
pub enum MessagePolicy {
    /// The sender is who is signed in, or nobody; the recipient counts. The tutorial's function.
    Principal,
    /// As above, but where nobody is signed in the body's sender is believed. The quickstart's.
    TrustSender,
    /// The body goes to everybody as it is. Samples without sign-in, which know no recipient.
    Echo,
    /// As the first, but the body is read into a type and written in its spelling: names begin with
    /// a capital, what the type does not know is lost, and each message says whether it is private.
    /// Samples in C#.
    Typed,
    /// The text alone goes to everybody, and no object around it. The serverless quickstart's.
    Bare,
}

/// What the functions are called, and what they do.
#[derive(Clone, Debug)]
pub struct Functions {
    /// What stands before their names, without slashes around it.
    pub route_prefix: String,
    /// The names of the one that says where the hub is.
    pub negotiate: Vec<String>,
    /// The name of the one that takes messages.
    pub messages: String,
    /// The target that messages are sent to.
    pub target: String,
    /// What it does with senders and recipients.
    pub policy: MessagePolicy,
    /// Clients may call `broadcast(text)` and `sendToUser(user, text)` over the hub, as in
    /// Microsoft's bidirectional samples.
    pub bidirectional: bool,
}

impl Default for Functions {
    /// The tutorial's, and the name that the negotiate function had before there was a convention.
    fn default() -> Functions {
        Functions {
            route_prefix: "api".into(),
            negotiate: vec!["negotiate".into(), "SignalRInfo".into()],
            messages: "messages".into(),
            target: "newMessage".into(),
            policy: MessagePolicy::Principal,
            bidirectional: false,
        }
    }
}
