//! What in Azure is set in the portal.

use std::path::PathBuf;
use std::time::Duration;

use crate::connection_string::ConnectionString;

/// A way to carry text between the hub and a client, of the SignalR transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Transport {
    /// Both ways in one socket.
    WebSockets,
    /// To the client in an answer that does not end, back in requests.
    ServerSentEvents,
    /// To the client in answers that wait until there is something to say, back in requests.
    LongPolling,
}

impl Transport {
    /// All, in the order that the service offers them in.
    pub const ALL: [Transport; 3] = [
        Transport::WebSockets,
        Transport::ServerSentEvents,
        Transport::LongPolling,
    ];

    /// The name in a negotiate answer.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Transport::WebSockets => "WebSockets",
            Transport::ServerSentEvents => "ServerSentEvents",
            Transport::LongPolling => "LongPolling",
        }
    }
}

/// What the function that takes messages does with the sender and the recipient that a body names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum MessagePolicy {
    /// The sender is who is signed in, or nobody; the recipient counts. The tutorial's function.
    Principal,
    /// As above, but where nobody is signed in the body's sender is believed. The quickstart's.
    TrustSender,
    /// The body goes to everybody as it is. Samples without sign-in, which know no recipient.
    Echo,
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

/// The access key of the local service. Known to everybody, like that of Microsoft's emulator.
pub const ACCESS_KEY: &str = "the-access-key-of-the-local-hub-is-known-to-everybody";

/// How a backend behaves. The defaults are those of `cargo xtask start`.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on loopback; 0 for any that is free.
    pub port: u16,
    /// The Function App's CORS origins: scheme, host and port, without a slash at the end.
    pub allow_origins: Vec<String>,
    /// App Service Authentication's allowed external redirect URLs. `None`: the pages of
    /// [`Options::allow_origins`].
    pub allow_redirects: Option<Vec<String>>,
    /// No App Service Authentication, as on a developer's machine: everybody is `''`.
    pub anonymous: bool,
    /// What the functions are called, and what they do.
    pub functions: Functions,
    /// What the hub's tokens are signed with.
    pub access_key: String,
    /// A SignalR Service elsewhere, for clients to connect to and for the functions to send through;
    /// `None` for the hub of this process.
    pub service: Option<ConnectionString>,
    /// A folder of static files to serve beside the functions, as in Microsoft's sample: the page
    /// and the API then share an origin, and the session is a cookie.
    pub pages: Option<PathBuf>,
    /// How long a session is good for.
    pub session_lifetime: Duration,
    /// How long after its end a session can still be refreshed.
    pub session_grace: Duration,
    /// How long an access token for the hub is good for.
    pub token_lifetime: Duration,
    /// The transports that the hub offers, the first first. Others are answered 404.
    pub transports: Vec<Transport>,
    /// How long after negotiation a client may connect.
    pub connect_window: Duration,
    /// How long a client may take for its handshake.
    pub handshake_timeout: Duration,
    /// How often the hub pings its clients.
    pub keep_alive: Duration,
    /// How long a client may be silent. One that polls may be for ever.
    pub client_timeout: Duration,
    /// How long a poll waits for something to answer, before the answer is empty.
    pub poll_timeout: Duration,
    /// How long after a poll a client may take to begin the next.
    pub disconnect_timeout: Duration,
    /// How many messages may wait for one client; at least 1. One that reads slower than others
    /// write is let go.
    pub queue: usize,
}

impl Default for Options {
    /// Azure's own times.
    fn default() -> Options {
        Options {
            port: 7071,
            allow_origins: vec![
                "http://localhost:8080".into(),
                "http://127.0.0.1:8080".into(),
            ],
            allow_redirects: None,
            anonymous: false,
            functions: Functions::default(),
            access_key: ACCESS_KEY.into(),
            service: None,
            pages: None,
            session_lifetime: Duration::from_secs(8 * 60 * 60),
            session_grace: Duration::from_secs(72 * 60 * 60),
            token_lifetime: Duration::from_secs(60 * 60),
            transports: Transport::ALL.into(),
            connect_window: Duration::from_secs(5),
            handshake_timeout: Duration::from_secs(15),
            keep_alive: Duration::from_secs(15),
            client_timeout: Duration::from_secs(30),
            poll_timeout: Duration::from_secs(90),
            disconnect_timeout: Duration::from_secs(15),
            queue: 4096,
        }
    }
}

impl Options {
    /// True if a sign-in may lead to `target`. The app's own pages are always allowed; others must
    /// be below an allowed external redirect URL.
    pub(crate) fn allows_redirect(&self, target: &str, own_origin: &str) -> bool {
        let allowed = self.allow_redirects.as_ref().unwrap_or(&self.allow_origins);
        target.starts_with('/') && !target.starts_with("//") && !target.starts_with("/\\")
            || is_below(target, own_origin)
            || allowed.iter().any(|allowed| is_below(target, allowed))
    }
}

/// True if `url` is `base` or goes on where `base` ends.
fn is_below(url: &str, base: &str) -> bool {
    let base = base.trim_end_matches('/');
    url.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_where_it_is_allowed() {
        let options = Options {
            allow_redirects: Some(vec!["https://p.q/chat/".into()]),
            ..Options::default()
        };
        for (target, allowed) in [
            ("https://p.q/chat", true),
            ("https://p.q/chat/index.html", true),
            ("https://p.q/chatter", false),
            ("https://p.q/", false),
            ("https://p.q.evil/chat", false),
            ("https://p.q@evil/chat", false),
            ("http://localhost:7071/.auth/login/done", true),
            ("http://localhost:70712/", false),
            ("/here", true),
            ("//evil", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(
                options.allows_redirect(target, "http://localhost:7071"),
                allowed,
                "{target}"
            );
        }
    }
}
