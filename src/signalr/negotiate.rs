//! Where to negotiate, and what the answers mean.
//!
//! The rules are those of "Negotiation" in the SignalR transport protocol specification.

use super::Millis;
use super::transport::Offer;
use crate::json::{Fields, Json};
use crate::text;

/// How many negotiate requests a try may send; it fails if the answer to the last of them points
/// elsewhere, too.
///
/// ```
/// use serverless_chat::signalr::negotiate::REDIRECT_LIMIT;
///
/// assert_eq!(REDIRECT_LIMIT, 100);
/// ```
pub const REDIRECT_LIMIT: u32 = 100;

/// What a negotiate answer says to do next.
///
/// ```
/// use serverless_chat::signalr::negotiate::{Answer, parse};
///
/// let body = r#"{"url":"https://hub.example/client/?hub=chat","accessToken":"secret"}"#;
/// assert!(matches!(parse(body), Some(Answer::Redirect { .. })));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Negotiate there instead.
    Redirect {
        /// The address, with its query.
        url: String,
        /// The token to show there.
        access_token: Option<String>,
    },
    /// Connect.
    Connect {
        /// The name by which the server tells the client; for the application.
        connection_id: String,
        /// What the transport has to show.
        connection_token: String,
        /// The transports that the server offers, in its order.
        transports: Vec<Offer>,
        /// True if the server keeps what a lost socket did not deliver.
        stateful: bool,
    },
    /// The server refuses, in these words.
    Refused(String),
    /// The server speaks the classic ASP.NET SignalR protocol.
    ClassicServer,
}

/// Reads the body of a negotiate answer. It is JSON whatever its content type says, and some
/// function runtimes wrap it into a JSON string.
///
/// Returns `None` if it is nothing that a SignalR server says.
///
/// ```
/// use serverless_chat::signalr::negotiate::{Answer, parse};
///
/// let refusal = Some(Answer::Refused("Not today.".to_owned()));
/// assert_eq!(parse(r#"{"error":"Not today."}"#), refusal);
/// assert_eq!(parse("<!doctype html>"), None);
/// ```
pub fn parse(body: &str) -> Option<Answer> {
    let answer = Json::parse(body).ok()?;
    match answer.string() {
        Some(unwrapped) => read(&Fields::read(&unwrapped).ok()?),
        None => read(&answer.fields()?),
    }
}

fn read(answer: &Fields<'_>) -> Option<Answer> {
    let is_some = |text: &String| !text.is_empty();
    if let Some(error) = optional(answer, "error")?.filter(is_some) {
        return Some(Answer::Refused(error));
    }
    if optional(answer, "ProtocolVersion")?.is_some() {
        return Some(Answer::ClassicServer);
    }
    // Older services have other names for these two.
    let url = optional(answer, "url")?.or(optional(answer, "endpoint")?);
    if let Some(url) = url.filter(is_some) {
        let access_token = optional(answer, "accessToken")?.or(optional(answer, "accessKey")?);
        return has_http_host(&url).then_some(Answer::Redirect { url, access_token });
    }
    let connection_id = answer.string("connectionId")?;
    let version = answer.given("negotiateVersion");
    let version: u32 = version
        .map_or(Ok(0), |version| version.get().parse())
        .ok()?;
    let connection_token = match version {
        0 => connection_id.clone(),
        _ => answer.string("connectionToken")?,
    };
    let transports = match answer.given("availableTransports") {
        None => Vec::new(),
        Some(transports) => transports.items()?,
    };
    Some(Answer::Connect {
        connection_id,
        connection_token,
        transports: transports.into_iter().map(offer).collect::<Option<_>>()?,
        stateful: answer
            .get("useStatefulReconnect")
            .is_some_and(|value| value.get() == "true"),
    })
}

/// A text that may be missing; `None` if it is something else.
fn optional(answer: &Fields<'_>, name: &str) -> Option<Option<String>> {
    match answer.given(name) {
        None => Some(None),
        Some(value) => value.string().map(|text| Some(text.into_owned())),
    }
}

fn offer(transport: Json<'_>) -> Option<Offer> {
    let transport = transport.fields()?;
    let formats = match transport.given("transferFormats") {
        None => Vec::new(),
        Some(formats) => formats.items()?,
    };
    Some(Offer {
        name: transport.string("transport")?,
        text: formats
            .into_iter()
            .any(|format| format.string().as_deref() == Some("Text")),
    })
}

/// True for an http address with a host. Nothing else is ever asked, wherever an answer points: what is
/// put behind an address without a host would become its host.
fn has_http_host(url: &str) -> bool {
    let rest = url.strip_prefix("https://");
    let rest = rest.or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']))
}

/// What the specification puts behind a hub's address to negotiate there.
///
/// ```
/// use serverless_chat::signalr::{Options, negotiate::NEGOTIATE};
///
/// assert_eq!(Options::new("https://example.com/hub").negotiate, [NEGOTIATE]);
/// ```
pub const NEGOTIATE: &str = "negotiate";

/// The address to negotiate at, for a hub at `url`: with `name`, usually [`NEGOTIATE`], behind it. With
/// `stateful`, a connection is asked for that outlives its socket.
///
/// ```
/// use serverless_chat::signalr::negotiate::{NEGOTIATE, negotiate_url};
///
/// let url = negotiate_url("https://example.com/client/?hub=chat", NEGOTIATE, false);
/// assert_eq!(url, "https://example.com/client/negotiate?hub=chat&negotiateVersion=1");
/// ```
pub fn negotiate_url(url: &str, name: &str, stateful: bool) -> String {
    let (path, query) = split(url);
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut negotiate = [path, "/", name].concat();
    if !query.is_empty() {
        append(&mut negotiate, query);
    }
    if parameter(url, "negotiateVersion").is_none() {
        append(&mut negotiate, "negotiateVersion=1");
    }
    if stateful && parameter(url, STATEFUL).is_none() {
        append(&mut negotiate, "useStatefulReconnect=true");
    }
    negotiate
}

/// What the query of a hub's address says about stateful reconnect, if it says anything.
pub(super) fn asks_for_stateful(url: &str) -> Option<bool> {
    parameter(url, STATEFUL).map(|value| value == "true")
}

const STATEFUL: &str = "useStatefulReconnect";

/// The address that a transport connects to, for a hub at `url`, with what it has to show there.
///
/// ```
/// use serverless_chat::signalr::negotiate::connect_url;
///
/// let url = connect_url("https://example.com/client/?hub=chat", Some("a+b"));
/// assert_eq!(url, "https://example.com/client/?hub=chat&id=a%2Bb");
/// ```
pub fn connect_url(url: &str, connection_token: Option<&str>) -> String {
    let (path, query) = split(url);
    let mut connect = path.to_owned();
    if !query.is_empty() {
        append(&mut connect, query);
    }
    if let Some(token) = connection_token {
        append(&mut connect, &["id=", &text::encode(token)].concat());
    }
    connect
}

/// An address with the access token in its query: a browser lets a page set no header on a socket
/// or on an event stream.
///
/// ```
/// use serverless_chat::signalr::negotiate::with_token;
///
/// let url = with_token("wss://example.com/hub?id=1".to_owned(), Some("secret"));
/// assert_eq!(url, "wss://example.com/hub?id=1&access_token=secret");
/// ```
pub fn with_token(mut url: String, access_token: Option<&str>) -> String {
    if let Some(token) = access_token.filter(|token| !token.is_empty()) {
        append(&mut url, &["access_token=", &text::encode(token)].concat());
    }
    url
}

/// The address of a socket: http becomes ws, and https wss.
///
/// ```
/// use serverless_chat::signalr::negotiate::socket_url;
///
/// assert_eq!(socket_url("https://example.com/hub"), "wss://example.com/hub");
/// ```
pub fn socket_url(url: &str) -> String {
    ["ws", url.strip_prefix("http").unwrap_or(url)].concat()
}

/// An address with one more parameter, which no answer from a cache can have.
pub(super) fn uncached(mut url: String, now: Millis) -> String {
    append(&mut url, &["_=", &now.to_string()].concat());
    url
}

/// The value of an address's first parameter of this name.
fn parameter<'u>(url: &'u str, name: &str) -> Option<&'u str> {
    let (_, query) = split(url);
    let mut parts = query
        .split('&')
        .map(|part| part.split_once('=').unwrap_or((part, "")));
    parts.find(|part| part.0 == name).map(|part| part.1)
}

/// The address before its query, and the query; a fragment is dropped.
fn split(url: &str) -> (&str, &str) {
    let url = url.split('#').next().unwrap_or_default();
    url.split_once('?').unwrap_or((url, ""))
}

/// The scheme, host and port of an http address, in lower case.
///
/// ```
/// use serverless_chat::signalr::negotiate::origin;
///
/// assert_eq!(origin("https://Example.com:8443/hub?x=1"), "https://example.com:8443");
/// ```
pub fn origin(url: &str) -> String {
    text::origin(url).to_ascii_lowercase()
}

fn append(url: &mut String, part: &str) {
    if !url.ends_with(['?', '&']) {
        url.push(if url.contains('?') { '&' } else { '?' });
    }
    url.push_str(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HTC-16 to HTC-19 and HTC-43.
    #[test]
    fn negotiate_goes_below_the_hub_and_keeps_its_query() {
        for (url, expected) in [
            (
                "https://a.b/endpoint/?q=my/Data",
                "https://a.b/endpoint/negotiate?q=my/Data&negotiateVersion=1",
            ),
            (
                "https://a.b/endpoint?q=my/Data",
                "https://a.b/endpoint/negotiate?q=my/Data&negotiateVersion=1",
            ),
            (
                "https://a.b/endpoint",
                "https://a.b/endpoint/negotiate?negotiateVersion=1",
            ),
            (
                "https://a.b/endpoint/",
                "https://a.b/endpoint/negotiate?negotiateVersion=1",
            ),
            (
                "https://a.b/e?negotiateVersion=42",
                "https://a.b/e/negotiate?negotiateVersion=42",
            ),
            (
                "https://a.b/e?",
                "https://a.b/e/negotiate?negotiateVersion=1",
            ),
            (
                "https://a.b/e#part",
                "https://a.b/e/negotiate?negotiateVersion=1",
            ),
        ] {
            assert_eq!(negotiate_url(url, NEGOTIATE, false), expected);
        }
    }

    /// HTC-65 and HTC-66.
    #[test]
    fn stateful_reconnect_is_asked_for_once() {
        for (url, expected) in [
            (
                "http://a",
                "http://a/negotiate?negotiateVersion=1&useStatefulReconnect=true",
            ),
            (
                "http://a?useStatefulReconnect=true",
                "http://a/negotiate?useStatefulReconnect=true&negotiateVersion=1",
            ),
        ] {
            assert_eq!(negotiate_url(url, NEGOTIATE, true), expected);
        }
        assert_eq!(
            asks_for_stateful("http://a?useStatefulReconnect=true"),
            Some(true)
        );
        assert_eq!(
            asks_for_stateful("http://a?useStatefulReconnect=false"),
            Some(false)
        );
        assert_eq!(
            asks_for_stateful("http://a#?useStatefulReconnect=true"),
            None
        );
    }

    /// HTC-15, HTC-43, HTC-44, WST-5 to WST-10, SSE-4 to SSE-5 and Q-31.
    #[test]
    fn the_connect_address_carries_both_tokens_encoded() {
        let socket = |url, id, token| socket_url(&with_token(connect_url(url, id), token));
        for (url, id, token, expected) in [
            ("http://a.b/c", None, None, "ws://a.b/c"),
            ("http://a.b/c", None, Some(""), "ws://a.b/c"),
            (
                "http://a.b/c",
                None,
                Some("secret"),
                "ws://a.b/c?access_token=secret",
            ),
            (
                "http://a.b/c?q=myData",
                Some("4/2"),
                None,
                "ws://a.b/c?q=myData&id=4%2F2",
            ),
            (
                "http://a.b/c?negotiateVersion=42",
                Some("1"),
                None,
                "ws://a.b/c?negotiateVersion=42&id=1",
            ),
            (
                "https://a.b/c#x",
                Some("1"),
                Some("x+y="),
                "wss://a.b/c?id=1&access_token=x%2By%3D",
            ),
            (
                "https://a.b/client/?hub=chat",
                Some("1"),
                Some("t"),
                "wss://a.b/client/?hub=chat&id=1&access_token=t",
            ),
        ] {
            assert_eq!(socket(url, id, token), expected);
        }
        assert_eq!(
            with_token("https://a.b/c?d=e".into(), Some("t")),
            "https://a.b/c?d=e&access_token=t"
        );
        assert_eq!(uncached("https://a.b/c".into(), 12), "https://a.b/c?_=12");
    }

    #[test]
    fn every_kind_of_answer_is_understood() {
        let redirect = |token: Option<&str>| {
            Some(Answer::Redirect {
                url: "https://s.b/client/?hub=chat".into(),
                access_token: token.map(Into::into),
            })
        };
        for (body, expected) in [
            (
                r#"{"url":"https://s.b/client/?hub=chat","accessToken":"t"}"#,
                redirect(Some("t")),
            ),
            (
                r#"{"endpoint":"https://s.b/client/?hub=chat","accessKey":"t"}"#,
                redirect(Some("t")),
            ),
            (
                r#"{"url":"https://s.b/client/?hub=chat","negotiateVersion":0,"availableTransports":[]}"#,
                redirect(None),
            ),
            (
                r#""{\"url\":\"https://s.b/client/?hub=chat\"}""#,
                redirect(None),
            ),
            (r#"{"url":"javascript:alert(1)"}"#, None),
            (r#"{"url":"https://"}"#, None),
            (r#"{"url":"https://?x=1"}"#, None),
            (r#"{"url":"http:///client"}"#, None),
            (
                r#"{"error":"Not today."}"#,
                Some(Answer::Refused("Not today.".into())),
            ),
            (r#"{"ProtocolVersion":"1.5"}"#, Some(Answer::ClassicServer)),
            ("<!doctype html>", None),
            ("", None),
            ("{}", None),
            ("[]", None),
        ] {
            assert_eq!(parse(body), expected, "{body}");
        }
    }

    /// HTC-40 to HTC-42.
    #[test]
    fn the_version_says_which_token_the_transport_shows() {
        let transports = r#""availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"Pigeon","transferFormats":["Binary"]}]"#;
        for (version, expected) in [
            ("", "id"),
            (r#""negotiateVersion":0,"#, "id"),
            (r#""negotiateVersion":1,"#, "token"),
        ] {
            let body = format!(
                r#"{{{version}"connectionId":"id","connectionToken":"token",{transports}}}"#
            );
            let offer = |name: &str, text| Offer {
                name: name.into(),
                text,
            };
            let expected = Answer::Connect {
                connection_id: "id".into(),
                connection_token: expected.into(),
                transports: vec![offer("WebSockets", true), offer("Pigeon", false)],
                stateful: false,
            };
            assert_eq!(parse(&body), Some(expected));
        }
    }

    #[test]
    fn origins_are_compared_without_paths_and_case() {
        assert_eq!(origin("https://A.b:8/client/?hub=chat"), "https://a.b:8");
        assert_eq!(origin("http://a?x=https://b/"), "http://a");
    }
}
