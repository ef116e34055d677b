//! The JSON hub protocol, as a server speaks it.

use axum::extract::ws::Utf8Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

/// Ends every record.
pub(super) const SEPARATOR: char = '\u{1e}';

/// A ping.
pub(super) const PING: &str = "{\"type\":6}\u{1e}";

/// Accepts a handshake.
pub(super) const ACCEPTED: &str = "{}\u{1e}";

/// A call of a client method.
pub(super) fn invocation(target: &str, arguments: &Value) -> Utf8Bytes {
    record(&json!({ "type": 1, "target": target, "arguments": arguments }))
}

/// The end of a connection.
pub(super) fn close(error: Option<&str>, allow_reconnect: bool) -> Utf8Bytes {
    let mut close = json!({ "type": 7 });
    if let Some(error) = error {
        close["error"] = error.into();
    }
    if allow_reconnect {
        close["allowReconnect"] = true.into();
    }
    record(&close)
}

/// Refuses a handshake.
pub(super) fn refusal(error: &str) -> Utf8Bytes {
    record(&json!({ "error": error }))
}

fn record(json: &Value) -> Utf8Bytes {
    format!("{json}{SEPARATOR}").into()
}

/// Reads a client's first record.
///
/// # Errors
/// What to answer it.
pub(super) fn handshake(record: &str) -> Result<(), String> {
    #[derive(Deserialize)]
    struct Request {
        protocol: String,
        version: u32,
    }
    match serde_json::from_str::<Request>(record) {
        Ok(Request {
            protocol,
            version: 1 | 2,
        }) if protocol == "json" => Ok(()),
        Ok(Request {
            protocol,
            version: 1 | 2,
        }) => Err(format!("The protocol '{protocol}' is not supported.")),
        Ok(Request { version, .. }) => Err(format!(
            "The server does not support version {version} of the protocol."
        )),
        Err(_) => Err("The handshake request is malformed.".to_owned()),
    }
}

/// What a client sent, as far as a serverless hub cares.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// It lives.
    Ping,
    /// It goes.
    Close,
    /// Something that nobody listens to.
    Ignored,
}

/// Reads a client's record. `None` if it is no hub message.
pub(super) fn receive(record: &str) -> Option<Received> {
    #[derive(Deserialize)]
    struct Message {
        #[serde(rename = "type")]
        kind: u32,
    }
    let Message { kind } = serde_json::from_str(record).ok()?;
    Some(match kind {
        6 => Received::Ping,
        7 => Received::Close,
        _ => Received::Ignored,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_written_as_the_protocol_says() {
        let call = invocation("newMessage", &json!([{ "text": "hi\u{1e}" }]));
        assert_eq!(
            call.as_str(),
            "{\"arguments\":[{\"text\":\"hi\\u001e\"}],\"target\":\"newMessage\",\"type\":1}\u{1e}",
            "a separator in a text cannot end the record"
        );
        assert_eq!(close(None, false).as_str(), "{\"type\":7}\u{1e}");
        assert_eq!(
            close(None, true).as_str(),
            "{\"allowReconnect\":true,\"type\":7}\u{1e}"
        );
    }

    #[test]
    fn handshakes_and_messages_are_read() {
        assert_eq!(handshake(r#"{"protocol":"json","version":1}"#), Ok(()));
        assert!(handshake(r#"{"protocol":"messagepack","version":1}"#).is_err());
        assert!(handshake(r#"{"protocol":"json","version":9}"#).is_err());
        assert!(handshake("{}").is_err());
        assert_eq!(receive(r#"{"type":6}"#), Some(Received::Ping));
        assert_eq!(receive(r#"{"type":7}"#), Some(Received::Close));
        assert_eq!(
            receive(r#"{"type":1,"target":"x","arguments":[]}"#),
            Some(Received::Ignored)
        );
        assert_eq!(receive("{"), None);
    }
}
