//! Hub messages as a client writes them, each with its separator.
//!
//! Payloads come in as JSON and go out as they are. Fields that have no value are left out, as the
//! JSON encoding of the hub protocol specification wants it.

use std::ops::Range;

use crate::json::written;

/// The ping, in both directions, with its separator.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::PING;
///
/// assert_eq!(PING, "{\"type\":6}\u{1e}");
/// ```
pub const PING: &str = "{\"type\":6}\u{1e}";

/// The close message of a client that goes, with its separator.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::CLOSE;
///
/// assert_eq!(CLOSE, "{\"type\":7}\u{1e}");
/// ```
pub const CLOSE: &str = "{\"type\":7}\u{1e}";

/// The words for a call for whose result the server waits in vain.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::{NO_RESULT, completion};
///
/// assert!(completion("s1", Err(NO_RESULT)).contains("provide a result"));
/// ```
pub const NO_RESULT: &str = "Client didn't provide a result.";

/// What a call asks for.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::{Wanted, invocation};
///
/// let text = invocation(Wanted::Stream, Some(1), "Count", "[]", 0..0);
/// assert!(text.starts_with("{\"type\":4"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing: type 1 without a name.
    Nothing,
    /// A result: type 1.
    Result,
    /// A stream of items: type 4.
    Stream,
}

/// A call of a hub method. `arguments` is a JSON array; `id` names the call where it wants an
/// answer, and `streams` name the streams that it uploads.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::{Wanted, invocation};
///
/// let text = invocation(Wanted::Result, Some(7), "Add", "[1,2]", 0..0);
/// assert_eq!(text, "{\"type\":1,\"invocationId\":\"7\",\"target\":\"Add\",\"arguments\":[1,2]}\u{1e}");
/// ```
pub fn invocation(
    wanted: Wanted,
    id: Option<u64>,
    target: &str,
    arguments: &str,
    streams: Range<u64>,
) -> String {
    let mut text = String::with_capacity(64 + target.len() + arguments.len());
    text.push_str(match wanted {
        Wanted::Nothing | Wanted::Result => "{\"type\":1",
        Wanted::Stream => "{\"type\":4",
    });
    if let Some(id) = id {
        text.push_str(",\"invocationId\":\"");
        text.push_str(&id.to_string());
        text.push('"');
    }
    text.push_str(",\"target\":");
    text.push_str(&written(target));
    text.push_str(",\"arguments\":");
    text.push_str(arguments);
    if !streams.is_empty() {
        text.push_str(",\"streamIds\":[");
        for id in streams.clone() {
            text.push_str(if id == streams.start { "\"" } else { ",\"" });
            text.push_str(&id.to_string());
            text.push('"');
        }
        text.push(']');
    }
    text.push_str("}\u{1e}");
    text
}

/// One item, in JSON, of the stream `id` that the client uploads.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::stream_item;
///
/// assert_eq!(stream_item(3, "[]"), "{\"type\":2,\"invocationId\":\"3\",\"item\":[]}\u{1e}");
/// ```
pub fn stream_item(id: u64, item: &str) -> String {
    [
        "{\"type\":2,\"invocationId\":\"",
        &id.to_string(),
        "\",\"item\":",
        item,
        "}\u{1e}",
    ]
    .concat()
}

/// The end of a call of a client method, or of an uploaded stream: a result in JSON, nothing, or
/// what went wrong.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::completion;
///
/// let text = completion("s1", Ok(Some("42")));
/// assert_eq!(text, "{\"type\":3,\"invocationId\":\"s1\",\"result\":42}\u{1e}");
/// ```
pub fn completion(id: &str, outcome: Result<Option<&str>, &str>) -> String {
    let id = written(id);
    let quoted_error;
    let (field, value) = match outcome {
        Ok(None) => ("", ""),
        Ok(Some(result)) => (",\"result\":", result),
        Err(error) => {
            quoted_error = written(error);
            (",\"error\":", quoted_error.as_str())
        }
    };
    [
        "{\"type\":3,\"invocationId\":",
        &id,
        field,
        value,
        "}\u{1e}",
    ]
    .concat()
}

/// Nobody waits for the items of stream call `id` any more.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::cancel;
///
/// assert_eq!(cancel(3), "{\"type\":5,\"invocationId\":\"3\"}\u{1e}");
/// ```
pub fn cancel(id: u64) -> String {
    numbered("{\"type\":5,\"invocationId\":\"", id, "\"}\u{1e}")
}

/// Messages up to this number were received.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::ack;
///
/// assert_eq!(ack(3), "{\"type\":8,\"sequenceId\":3}\u{1e}");
/// ```
pub fn ack(sequence: u64) -> String {
    numbered("{\"type\":8,\"sequenceId\":", sequence, "}\u{1e}")
}

/// The next message has this number.
///
/// ```
/// use serverless_chat::signalr::protocol::outgoing::sequence;
///
/// assert_eq!(sequence(4), "{\"type\":9,\"sequenceId\":4}\u{1e}");
/// ```
pub fn sequence(sequence: u64) -> String {
    numbered("{\"type\":9,\"sequenceId\":", sequence, "}\u{1e}")
}

fn numbered(before: &str, number: u64, after: &str) -> String {
    [before, &number.to_string(), after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SIZ-1 to SIZ-7: the sizes of the TypeScript client, whatever the order of the keys, without
    /// the separator. HUB-10, HUB-12, HUB-51, HUB-11: what has no value is left out, null is one.
    #[test]
    fn no_message_is_longer_than_it_must_be() {
        let size = |text: String| text.chars().count() - 1;
        let call = |wanted, id, streams| size(invocation(wanted, id, "target", "[1]", streams));
        assert_eq!(call(Wanted::Nothing, None, 0..0), 44, "SIZ-1");
        assert_eq!(call(Wanted::Result, Some(0), 0..0), 63, "SIZ-2");
        assert_eq!(call(Wanted::Stream, Some(0), 0..0), 63, "SIZ-3");
        assert_eq!(call(Wanted::Result, Some(1), 0..1), 81, "SIZ-4");
        assert_eq!(call(Wanted::Stream, Some(1), 0..1), 81, "SIZ-5");
        assert_eq!(size(completion("0", Ok(None))), 29, "SIZ-6");
        assert_eq!(size(cancel(0)), 29, "SIZ-7");
        assert_eq!(
            invocation(Wanted::Nothing, None, "t", "[null]", 0..0),
            "{\"type\":1,\"target\":\"t\",\"arguments\":[null]}\u{1e}"
        );
    }

    #[test]
    fn names_and_words_are_escaped() {
        assert_eq!(
            completion("a\"b", Err("\u{1e}\n")),
            "{\"type\":3,\"invocationId\":\"a\\\"b\",\"error\":\"\\u001e\\n\"}\u{1e}"
        );
        assert_eq!(
            completion("1", Ok(Some("null"))),
            "{\"type\":3,\"invocationId\":\"1\",\"result\":null}\u{1e}"
        );
        assert_eq!(
            invocation(Wanted::Result, Some(2), "a\"b", "[]", 0..2),
            "{\"type\":1,\"invocationId\":\"2\",\"target\":\"a\\\"b\",\"arguments\":[],\"streamIds\":[\"0\",\"1\"]}\u{1e}"
        );
        assert_eq!(
            stream_item(3, "{}"),
            "{\"type\":2,\"invocationId\":\"3\",\"item\":{}}\u{1e}"
        );
        assert_eq!(ack(4), "{\"type\":8,\"sequenceId\":4}\u{1e}");
        assert_eq!(sequence(5), "{\"type\":9,\"sequenceId\":5}\u{1e}");
    }
}
