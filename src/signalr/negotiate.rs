//! Where to negotiate, and what the answers mean.
//!
//! The rules are those of "Negotiation" in the SignalR transport protocol specification.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// What may not stand in the value of a query: everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How often an answer may point elsewhere before the client gives up.
pub const REDIRECT_LIMIT: u32 = 100;

/// What a negotiate answer says to do next.
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
        /// True if the server takes WebSockets with text.
        web_sockets: bool,
    },
    /// The server refuses, in these words.
    Refused(String),
    /// The server speaks the classic ASP.NET SignalR protocol.
    ClassicServer,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(alias = "endpoint")]
    url: Option<String>,
    #[serde(alias = "accessKey")]
    access_token: Option<String>,
    connection_id: Option<String>,
    connection_token: Option<String>,
    negotiate_version: Option<u32>,
    #[serde(default)]
    available_transports: Vec<Transport>,
    error: Option<String>,
    #[serde(rename = "ProtocolVersion")]
    protocol_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Transport {
    transport: String,
    #[serde(default)]
    transfer_formats: Vec<String>,
}

/// Reads the body of a negotiate answer. It is JSON whatever its content type says, and some
/// function runtimes wrap it into a JSON string.
///
/// Returns `None` if it is nothing that a SignalR server says.
pub fn parse(body: &str) -> Option<Answer> {
    let unwrapped: String;
    let body = match body.trim_start().starts_with('"') {
        true => {
            unwrapped = serde_json::from_str(body).ok()?;
            &unwrapped
        }
        false => body,
    };
    let response: Response = serde_json::from_str(body).ok()?;
    if let Some(error) = response.error.filter(|error| !error.is_empty()) {
        return Some(Answer::Refused(error));
    }
    if response.protocol_version.is_some() {
        return Some(Answer::ClassicServer);
    }
    if let Some(url) = response.url.filter(|url| !url.is_empty()) {
        // Nothing but http is ever asked, wherever an answer points.
        let http = url.starts_with("https://") || url.starts_with("http://");
        return http.then_some(Answer::Redirect {
            url,
            access_token: response.access_token,
        });
    }
    let connection_id = response.connection_id?;
    let connection_token = match response.negotiate_version {
        Some(version) if version > 0 => response.connection_token?,
        _ => connection_id.clone(),
    };
    let has_text = |one: &Transport| one.transfer_formats.iter().any(|format| format == "Text");
    let web_sockets = response
        .available_transports
        .iter()
        .any(|one| one.transport == "WebSockets" && has_text(one));
    Some(Answer::Connect {
        connection_id,
        connection_token,
        web_sockets,
    })
}

/// The address to negotiate at, for a hub at `url`.
///
/// ```
/// use serverless_chat::signalr::negotiate::negotiate_url;
///
/// let url = negotiate_url("https://example.com/client/?hub=chat");
/// assert_eq!(url, "https://example.com/client/negotiate?hub=chat&negotiateVersion=1");
/// ```
pub fn negotiate_url(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = path.strip_suffix('/').unwrap_or(path);
    let has_version = query
        .split('&')
        .any(|part| part.split('=').next() == Some("negotiateVersion"));
    let mut negotiate = [path, "/negotiate"].concat();
    if !query.is_empty() {
        append(&mut negotiate, query);
    }
    if !has_version {
        append(&mut negotiate, "negotiateVersion=1");
    }
    negotiate
}

/// The address of the socket, for a hub at `url`: the scheme is ws or wss, and the connection
/// token and the access token are in the query, since a browser lets a page set no header.
pub fn socket_url(url: &str, connection_token: &str, access_token: Option<&str>) -> String {
    // http becomes ws, and https wss.
    let mut socket = ["ws", url.strip_prefix("http").unwrap_or(url)].concat();
    append(&mut socket, &["id=", &encode(connection_token)].concat());
    if let Some(token) = access_token {
        append(&mut socket, &["access_token=", &encode(token)].concat());
    }
    socket
}

/// The scheme, host and port of an http address, in lower case.
pub fn origin(url: &str) -> String {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let end = url[authority..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| authority + at);
    url[..end].to_ascii_lowercase()
}

fn append(url: &mut String, part: &str) {
    if !url.ends_with(['?', '&']) {
        url.push(if url.contains('?') { '&' } else { '?' });
    }
    url.push_str(part);
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
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
            assert_eq!(negotiate_url(url), expected);
        }
    }

    /// HTC-15, WST-8 to WST-10 and Q-31.
    #[test]
    fn the_socket_address_carries_both_tokens_encoded() {
        for (url, token, expected) in [
            (
                "http://a.b/c?q=myData",
                None,
                "ws://a.b/c?q=myData&id=4%2F2",
            ),
            (
                "https://a.b/c",
                Some("x+y="),
                "wss://a.b/c?id=4%2F2&access_token=x%2By%3D",
            ),
            (
                "https://a.b/client/?hub=chat",
                Some("t"),
                "wss://a.b/client/?hub=chat&id=4%2F2&access_token=t",
            ),
        ] {
            assert_eq!(socket_url(url, "4/2", token), expected);
        }
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
        let transports = r#""availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]}]"#;
        for (version, expected) in [
            ("", "id"),
            (r#""negotiateVersion":0,"#, "id"),
            (r#""negotiateVersion":1,"#, "token"),
        ] {
            let body = format!(
                r#"{{{version}"connectionId":"id","connectionToken":"token",{transports}}}"#
            );
            let expected = Answer::Connect {
                connection_id: "id".into(),
                connection_token: expected.into(),
                web_sockets: true,
            };
            assert_eq!(parse(&body), Some(expected));
        }
        let binary = r#"{"connectionId":"id","availableTransports":[{"transport":"WebSockets","transferFormats":["Binary"]}]}"#;
        assert!(matches!(
            parse(binary),
            Some(Answer::Connect {
                web_sockets: false,
                ..
            })
        ));
    }

    #[test]
    fn origins_are_compared_without_paths_and_case() {
        assert_eq!(origin("https://A.b:8/client/?hub=chat"), "https://a.b:8");
        assert_eq!(origin("http://a?x=https://b/"), "http://a");
    }
}
