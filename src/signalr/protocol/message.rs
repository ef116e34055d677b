//! Hub messages: everything after the handshake.
//!
//! Payloads stay in JSON, borrowed from the text they came in: whoever wants their values parses
//! them, once, into the type they are wanted as. So numbers keep every digit.

use std::borrow::Cow;
use std::fmt;

use crate::json::{Fields, Json};

/// A hub message, as a server sends it.
///
/// ```
/// use serverless_chat::signalr::protocol::Message;
///
/// let message = Message::parse(r#"{"type":7,"allowReconnect":true}"#);
/// assert!(matches!(message, Ok(Message::Close { error: None, allow_reconnect: true })));
/// ```
#[derive(Debug)]
pub enum Message<'a> {
    /// Type 1: the server calls a method of the client.
    Invocation(Invocation<'a>),
    /// Type 2: one item of a stream.
    StreamItem {
        /// The call it belongs to.
        invocation_id: Cow<'a, str>,
        /// The item.
        item: Json<'a>,
    },
    /// Type 3: a call of the client ended.
    Completion {
        /// Which call.
        invocation_id: Cow<'a, str>,
        /// What came of it: a result, nothing, or the server's words.
        outcome: Result<Option<Json<'a>>, Cow<'a, str>>,
    },
    /// Type 6: the server is alive.
    Ping,
    /// Type 7: the server ends the connection.
    Close {
        /// Why, if it says so.
        error: Option<Cow<'a, str>>,
        /// True if the server invites the client to come back.
        allow_reconnect: bool,
    },
    /// Type 8: the server received messages up to this number.
    Ack(u64),
    /// Type 9: the server goes on with this number.
    Sequence(u64),
    /// A type that a client has no use for; later versions of the protocol may define it.
    Unknown(u64),
}

/// A call of a client method.
///
/// ```
/// use serverless_chat::signalr::protocol::Message;
///
/// let record = r#"{"type":1,"target":"add","arguments":[1,2.50]}"#;
/// let Ok(Message::Invocation(invocation)) = Message::parse(record) else {
///     panic!("it is a call");
/// };
/// assert_eq!(invocation.arguments[1].get(), "2.50");
/// ```
#[derive(Debug)]
pub struct Invocation<'a> {
    /// The name under which the server expects a result; `None` if it expects none.
    pub invocation_id: Option<Cow<'a, str>>,
    /// The method. Compared without regard to case.
    pub target: Cow<'a, str>,
    /// The arguments, in JSON.
    pub arguments: Vec<Json<'a>>,
}

/// A record is no valid hub message. Nothing after it can be trusted, so the connection ends.
///
/// ```
/// use serverless_chat::signalr::protocol::Message;
///
/// let invalid = Message::parse("{}").unwrap_err();
/// assert_eq!(invalid.to_string(), "Invalid payload.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid(&'static str);

impl Invalid {
    /// What is wrong, in the TypeScript client's own words.
    ///
    /// ```
    /// use serverless_chat::signalr::protocol::Message;
    ///
    /// let invalid = Message::parse(r#"{"type":1}"#).unwrap_err();
    /// assert_eq!(invalid.words(), "Invalid payload for Invocation message.");
    /// ```
    pub fn words(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl<'a> Message<'a> {
    /// Reads a record, without its separator, as specified in the hub protocol's JSON encoding.
    ///
    /// # Errors
    /// [`Invalid`] if it is no JSON object with a numeric type, or lacks what its type needs.
    ///
    /// ```
    /// use serverless_chat::signalr::protocol::Message;
    ///
    /// assert!(matches!(Message::parse(r#"{"type":6}"#), Ok(Message::Ping)));
    /// assert!(Message::parse("hello").is_err());
    /// ```
    pub fn parse(record: &'a str) -> Result<Message<'a>, Invalid> {
        const INVALID: Invalid = Invalid("Invalid payload.");
        let (fields, arguments) =
            Fields::read_with_items(record, "arguments").map_err(|_| INVALID)?;
        let (message, wrong) = match number(&fields, "type").ok_or(INVALID)? {
            1 => (
                invocation(&fields, arguments),
                "Invalid payload for Invocation message.",
            ),
            2 => (
                stream_item(&fields),
                "Invalid payload for StreamItem message.",
            ),
            3 => (
                completion(&fields),
                "Invalid payload for Completion message.",
            ),
            6 => return Ok(Message::Ping),
            7 => return Ok(close(&fields)),
            8 => (
                number(&fields, "sequenceId").map(Message::Ack),
                "Invalid SequenceId for Ack message.",
            ),
            9 => (
                number(&fields, "sequenceId").map(Message::Sequence),
                "Invalid SequenceId for Sequence message.",
            ),
            other => return Ok(Message::Unknown(other)),
        };
        message.ok_or(Invalid(wrong))
    }
}

fn invocation<'a>(fields: &Fields<'a>, arguments: Option<Vec<Json<'a>>>) -> Option<Message<'a>> {
    let invocation_id = match fields.given("invocationId") {
        None => None,
        Some(_) => Some(name(fields, "invocationId")?),
    };
    let arguments = match fields.given("arguments") {
        None => Vec::new(),
        Some(_) => arguments?,
    };
    Some(Message::Invocation(Invocation {
        invocation_id,
        target: name(fields, "target")?,
        arguments,
    }))
}

fn stream_item<'a>(fields: &Fields<'a>) -> Option<Message<'a>> {
    Some(Message::StreamItem {
        invocation_id: name(fields, "invocationId")?,
        // It may be null, which is something else than no item.
        item: fields.get("item")?,
    })
}

fn completion<'a>(fields: &Fields<'a>) -> Option<Message<'a>> {
    let invocation_id = name(fields, "invocationId")?;
    let result = fields.given("result");
    let error = match fields.given("error") {
        None => Cow::default(),
        Some(error) => error.string()?,
    };
    // An empty error is none, as in the TypeScript client.
    let outcome = if error.is_empty() {
        Ok(result)
    } else if result.is_some_and(is_truthy) {
        return None;
    } else {
        Err(error)
    };
    Some(Message::Completion {
        invocation_id,
        outcome,
    })
}

fn close<'a>(fields: &Fields<'a>) -> Message<'a> {
    Message::Close {
        error: fields.get("error").and_then(Json::string),
        allow_reconnect: fields
            .get("allowReconnect")
            .is_some_and(|value| value.get() == "true"),
    }
}

fn number(fields: &Fields<'_>, name: &str) -> Option<u64> {
    fields.get(name)?.get().parse().ok()
}

/// A string that is not empty.
fn name<'a>(fields: &Fields<'a>, name: &str) -> Option<Cow<'a, str>> {
    fields.get(name)?.string().filter(|name| !name.is_empty())
}

/// What JavaScript takes for true.
fn is_truthy(value: Json<'_>) -> bool {
    !matches!(value.get(), "null" | "false" | "0" | "-0" | "0.0" | "\"\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Json<'_>) -> &str {
        value.get()
    }

    fn invalid(record: &str) -> &'static str {
        match Message::parse(record) {
            Err(Invalid(words)) => words,
            Ok(message) => panic!("{record} was read as {message:?}"),
        }
    }

    /// JHP-1 to JHP-4: arguments are handed on to the letter.
    #[test]
    fn invocations_keep_their_arguments() {
        let record = r#"{"type":1,"headers":{"t":"1"},"streamIds":[],"target":"myMethod","arguments":[42,true,"te\"st",["x"],null,1514805840000]}"#;
        let Ok(Message::Invocation(invocation)) = Message::parse(record) else {
            panic!("an invocation")
        };
        assert_eq!(invocation.target, "myMethod");
        assert_eq!(invocation.invocation_id, None);
        let arguments: Vec<&str> = invocation.arguments.into_iter().map(text).collect();
        assert_eq!(
            arguments,
            [
                "42",
                "true",
                r#""te\"st""#,
                r#"["x"]"#,
                "null",
                "1514805840000"
            ]
        );

        let Ok(Message::Invocation(invocation)) =
            Message::parse(r#"{"arguments":[],"invocationId":"1\u0032","target":"a","type":1}"#)
        else {
            panic!("an invocation")
        };
        assert_eq!(
            invocation.invocation_id.as_deref(),
            Some("12"),
            "Q-24: keys come in any order"
        );
    }

    /// JHP-5 to JHP-9.
    #[test]
    fn completions_carry_a_result_or_an_error() {
        let outcome = |record: &str| match Message::parse(record) {
            Ok(Message::Completion { outcome, .. }) => outcome
                .map(|result| result.map(|value| value.get().to_owned()))
                .map_err(Cow::into_owned),
            other => panic!("{other:?}"),
        };
        let id = r#""type":3,"invocationId":"abc""#;
        assert_eq!(
            outcome(&format!("{{{id},\"error\":\"Err\",\"result\":null}}")),
            Err("Err".into())
        );
        assert_eq!(
            outcome(&format!("{{{id},\"result\":\"foo\"}}")),
            Ok(Some("\"foo\"".into()))
        );
        assert_eq!(outcome(&format!("{{{id},\"result\":null}}")), Ok(None));
        assert_eq!(
            outcome(&format!("{{{id},\"result\":1514805840000}}")),
            Ok(Some("1514805840000".into()))
        );
        assert_eq!(outcome(&format!("{{{id},\"extra\":{{}}}}")), Ok(None));
        assert_eq!(
            outcome(&format!("{{{id},\"error\":\"Err\",\"result\":0}}")),
            Err("Err".into()),
            "Q-8"
        );
        assert_eq!(
            outcome(&format!("{{{id},\"error\":\"\"}}")),
            Ok(None),
            "Q-9"
        );
    }

    /// JHP-10 to JHP-12.
    #[test]
    fn stream_items_may_be_null_but_not_missing() {
        for (item, expected) in [
            ("8", "8"),
            ("1514805840000", "1514805840000"),
            ("null", "null"),
        ] {
            let record =
                format!(r#"{{"type":2,"invocationId":"a","headers":{{"t":"2"}},"item":{item}}}"#);
            assert!(
                matches!(Message::parse(&record), Ok(Message::StreamItem { item, .. }) if item.get() == expected)
            );
        }
        assert_eq!(
            invalid(r#"{"type":2,"invocationId":"a"}"#),
            "Invalid payload for StreamItem message."
        );
    }

    /// JHP-13 to JHP-22.
    #[test]
    fn what_lacks_a_field_is_refused_in_the_official_words() {
        for record in ["{}", r#"{"type":"1"}"#, "[]", "null", "", "{\"type\":6"] {
            assert_eq!(invalid(record), "Invalid payload.", "{record}");
        }
        for fields in [
            r#""invocationId":1,"target":"t","arguments":[]"#,
            r#""invocationId":"","target":"t","arguments":[]"#,
            r#""invocationId":"1","target":1,"arguments":[]"#,
            r#""target":"","arguments":[]"#,
        ] {
            assert_eq!(
                invalid(&format!("{{\"type\":1,{fields}}}")),
                "Invalid payload for Invocation message."
            );
        }
        for fields in [r#""item":8"#, r#""invocationId":1,"item":8"#] {
            assert_eq!(
                invalid(&format!("{{\"type\":2,{fields}}}")),
                "Invalid payload for StreamItem message."
            );
        }
        for fields in [
            r#""result":1"#,
            r#""invocationId":1,"result":1"#,
            r#""invocationId":"1","result":"foo","error":"bar""#,
            r#""invocationId":"1","error":1"#,
        ] {
            assert_eq!(
                invalid(&format!("{{\"type\":3,{fields}}}")),
                "Invalid payload for Completion message."
            );
        }
        assert_eq!(
            invalid(r#"{"type":8}"#),
            "Invalid SequenceId for Ack message."
        );
        assert_eq!(
            invalid(r#"{"type":9,"sequenceId":"1"}"#),
            "Invalid SequenceId for Sequence message."
        );
    }

    /// JHP-24 to JHP-27 and Q-5.
    #[test]
    fn pings_closes_and_numbers_are_read_and_the_rest_is_skipped() {
        assert!(matches!(Message::parse(r#"{"type":6}"#), Ok(Message::Ping)));
        assert!(matches!(
            Message::parse(r#"{"type":7}"#),
            Ok(Message::Close {
                error: None,
                allow_reconnect: false
            })
        ));
        let Ok(Message::Close {
            error,
            allow_reconnect,
        }) = Message::parse(r#"{"type":7,"error":"Error!","allowReconnect":true}"#)
        else {
            panic!("a close")
        };
        assert_eq!((error.as_deref(), allow_reconnect), (Some("Error!"), true));
        assert!(matches!(
            Message::parse(r#"{"type":8,"sequenceId":45}"#),
            Ok(Message::Ack(45))
        ));
        assert!(matches!(
            Message::parse(r#"{"type":9,"sequenceId":46}"#),
            Ok(Message::Sequence(46))
        ));
        for kind in [4, 5, 99] {
            let record = format!("{{\"type\":{kind},\"invocationId\":\"1\"}}");
            assert!(
                matches!(Message::parse(&record), Ok(Message::Unknown(found)) if found == kind)
            );
        }
    }
}
