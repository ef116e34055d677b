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

/// The answer to a call: nothing, or why there is none.
pub(super) fn completion(invocation_id: &str, outcome: Result<(), &str>) -> Utf8Bytes {
    let mut completion = json!({ "type": 3, "invocationId": invocation_id });
    if let Err(error) = outcome {
        completion["error"] = error.into();
    }
    record(&completion)
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

/// Says that the messages up to number `id` have come.
pub(super) fn ack(id: u64) -> Utf8Bytes {
    record(&json!({ "type": 8, "sequenceId": id }))
}

/// Says that the next message is number `id`.
pub(super) fn sequence(id: u64) -> Utf8Bytes {
    record(&json!({ "type": 9, "sequenceId": id }))
}

/// Refuses a handshake.
pub(super) fn refusal(error: &str) -> Utf8Bytes {
    record(&json!({ "error": error }))
}

fn record(json: &Value) -> Utf8Bytes {
    format!("{json}{SEPARATOR}").into()
}

/// Reads a client's first record. Returns the version of the protocol that it speaks.
///
/// # Errors
/// What to answer it.
pub(super) fn handshake(record: &str) -> Result<u32, String> {
    #[derive(Deserialize)]
    struct Request {
        protocol: String,
        version: u32,
    }
    match serde_json::from_str::<Request>(record) {
        Ok(Request {
            protocol,
            version: version @ (1 | 2),
        }) if protocol == "json" => Ok(version),
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
    /// It calls, or answers a call. Such messages are numbered.
    Call(Call),
    /// It has the messages up to this number.
    Ack(u64),
    /// Its next message has this number.
    Sequence(u64),
    /// Something that nobody knows.
    Ignored,
}

/// A call, where it is one of a hub method; any other has no target.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) target: Option<String>,
    /// The name under which the client waits for an answer.
    pub(super) invocation_id: Option<String>,
    pub(super) arguments: Vec<Value>,
}

/// Reads a client's record. `None` if it is no hub message.
pub(super) fn receive(record: &str) -> Option<Received> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Message {
        #[serde(rename = "type")]
        kind: u32,
        sequence_id: Option<u64>,
        target: Option<String>,
        invocation_id: Option<String>,
        arguments: Option<Vec<Value>>,
    }
    let message: Message = serde_json::from_str(record).ok()?;
    let sequence_id = message.sequence_id;
    Some(match message.kind {
        1 => Received::Call(Call {
            target: message.target,
            invocation_id: message.invocation_id,
            arguments: message.arguments.unwrap_or_default(),
        }),
        2..=5 => Received::Call(Call::default()),
        6 => Received::Ping,
        7 => Received::Close,
        8 => Received::Ack(sequence_id?),
        9 => Received::Sequence(sequence_id?),
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
        assert_eq!(handshake(r#"{"protocol":"json","version":1}"#), Ok(1));
        assert_eq!(handshake(r#"{"protocol":"json","version":2}"#), Ok(2));
        assert!(handshake(r#"{"protocol":"messagepack","version":1}"#).is_err());
        assert!(handshake(r#"{"protocol":"json","version":9}"#).is_err());
        assert!(handshake("{}").is_err());
        assert_eq!(receive(r#"{"type":6}"#), Some(Received::Ping));
        assert_eq!(receive(r#"{"type":7}"#), Some(Received::Close));
        assert_eq!(
            receive(r#"{"type":1,"target":"x","arguments":[]}"#),
            Some(Received::Call(Call {
                target: Some("x".into()),
                ..Call::default()
            }))
        );
        assert_eq!(receive(r#"{"type":10}"#), Some(Received::Ignored));
        assert_eq!(
            receive(r#"{"type":8,"sequenceId":45}"#),
            Some(Received::Ack(45))
        );
        assert_eq!(
            receive(r#"{"sequenceId":46,"type":9}"#),
            Some(Received::Sequence(46))
        );
        assert_eq!(receive(r#"{"type":9}"#), None);
        assert_eq!(receive("{"), None);
    }
}
