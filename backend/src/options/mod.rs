//! What in Azure is set in the portal.

mod functions;
mod limits;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

pub use functions::{Functions, MessagePolicy};
pub use limits::Limits;

use crate::connection_string::ConnectionString;
use crate::switches::Switches;

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

/// The access key of the local service. Known to everybody, like that of Microsoft's emulator.
pub const ACCESS_KEY: &str = "the-access-key-of-the-local-hub-is-known-to-everybody";

/// What `/.auth/me` shows of the provider's tokens, by their names there. They open nothing, and no
/// page may keep them.
pub const PROVIDER_TOKENS: [(&str, &str); 3] = [
    ("access_token", "an-access-token-of-the-provider"),
    ("id_token", "an-id-token-of-the-provider"),
    ("refresh_token", "a-refresh-token-of-the-provider"),
];

/// How a backend behaves. The defaults are those of `cargo xtask start`.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address to listen on; `None` for loopback, of IPv4 and IPv6 both.
    pub address: Option<IpAddr>,
    /// The port there; 0 for any that is free.
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
    /// How long a service that waits for a server keeps its clients.
    pub app_server_timeout: Duration,
    /// How much of anything is taken.
    pub limits: Limits,
    /// How the switches stand at first.
    pub switches: Switches,
}

impl Default for Options {
    /// Azure's own times.
    fn default() -> Options {
        Options {
            address: None,
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
            app_server_timeout: Duration::from_secs(15),
            limits: Limits::default(),
            switches: Switches::default(),
        }
    }
}

impl Options {
    /// True if a page of this origin may call with a cookie, or hear how a sign-in ended: it is
    /// the app's own, one of its CORS origins, or one that a sign-in may lead to.
    pub(crate) fn knows_origin(&self, origin: &str, own_origin: &str) -> bool {
        let is_of = |url: &String| origin_of(url) == Some(origin);
        origin == own_origin
            || self.allow_origins.iter().any(|allowed| allowed == origin)
            || self.allow_redirects.iter().flatten().any(is_of)
    }

    /// True if a sign-in may lead to `target`. The app's own pages are always allowed; others must
    /// be below an allowed external redirect URL.
    pub(crate) fn allows_redirect(&self, target: &str, own_origin: &str) -> bool {
        let allowed = self.allow_redirects.as_ref().unwrap_or(&self.allow_origins);
        target.starts_with('/') && !target.starts_with("//") && !target.starts_with("/\\")
            || is_below(target, own_origin)
            || allowed.iter().any(|allowed| is_below(target, allowed))
    }
}

/// Scheme, host and port of an address.
pub(crate) fn origin_of(url: &str) -> Option<&str> {
    let host = url.find("://")? + "://".len();
    let end = url[host..].find('/').map_or(url.len(), |end| host + end);
    Some(&url[..end])
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

    #[test]
    fn an_origin_is_read_from_an_address() {
        assert_eq!(origin_of("http://a.b:1/c?d"), Some("http://a.b:1"));
        assert_eq!(origin_of("http://a.b"), Some("http://a.b"));
        assert_eq!(origin_of("about:blank"), None);
    }

    #[test]
    fn an_origin_is_known_by_either_list() {
        let options = Options {
            allow_origins: vec!["https://a.b".into()],
            allow_redirects: Some(vec!["https://p.q/chat/".into()]),
            ..Options::default()
        };
        for (origin, known) in [
            ("https://a.b", true),
            ("https://p.q", true),
            ("http://localhost:7071", true),
            ("https://p.q.evil", false),
            ("https://p", false),
            ("https:", false),
            ("http://a.b", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(
                options.knows_origin(origin, "http://localhost:7071"),
                known,
                "{origin}"
            );
        }
    }
}
