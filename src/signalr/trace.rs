//! What a connection does, step by step: for whoever wants to know where it fails, and how long
//! each step takes.

use super::error::{Error, Step};
use super::transport::Transport;
use crate::text::{after_scheme, before, from};

/// A step of a connection's life. None holds a secret: addresses stand here without their queries.
///
/// ```
/// use serverless_chat::signalr::{Step, trace::Activity};
///
/// let activity = Activity::Negotiate {
///     step: Step::Negotiate,
///     url: "https://example.com/hub/negotiate".to_owned(),
/// };
/// assert_ne!(activity, Activity::Handshake);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Activity {
    /// The application is asked for authorisation.
    Authorize,
    /// A server is asked for a connection.
    Negotiate {
        /// Which request.
        step: Step,
        /// Where to.
        url: String,
    },
    /// A transport opens.
    Open {
        /// Which.
        transport: Transport,
        /// Where.
        url: String,
    },
    /// The two sides agree on a protocol.
    Handshake,
    /// The connection is there.
    Connected,
}

/// One end of an activity. They never overlap: an activity ends before the next begins.
///
/// ```
/// use serverless_chat::signalr::trace::{Activity, Trace};
///
/// let story = [Trace::Began(Activity::Handshake), Trace::Ended(Ok(()))];
/// assert_eq!(story[0], Trace::Began(Activity::Handshake));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// This begins.
    Began(Activity),
    /// What began last is over, well or not. A connection that the application ended was well.
    Ended(Result<(), Error>),
}

/// An address without what may be secret in it: query, fragment, and a name and password.
pub(super) fn bare(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let rest = after_scheme(url);
    let host = rest.split('/').next().unwrap_or_default();
    match host.rfind('@') {
        Some(at) => [before(url, url.len() - rest.len()), from(rest, at + 1)].concat(),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_its_secrets() {
        for (url, told) in [
            ("https://a.b/hub", "https://a.b/hub"),
            (
                "https://a.b/hub/negotiate?code=key&x=1",
                "https://a.b/hub/negotiate",
            ),
            (
                "wss://a.b/client/?hub=chat&access_token=t",
                "wss://a.b/client/",
            ),
            ("https://a.b#t", "https://a.b"),
            ("https://me:secret@a.b/hub@home", "https://a.b/hub@home"),
            ("/hub?x", "/hub"),
        ] {
            assert_eq!(bare(url), told);
        }
    }
}
