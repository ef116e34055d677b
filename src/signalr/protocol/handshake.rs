//! The first record each way: the client names a protocol, the server accepts it or says why not.

use crate::json::Fields;

/// The client's first record: JSON, version 1.
///
/// ```
/// use serverless_chat::signalr::protocol::handshake::REQUEST;
///
/// assert_eq!(REQUEST, "{\"protocol\":\"json\",\"version\":1}\u{1e}");
/// ```
pub const REQUEST: &str = "{\"protocol\":\"json\",\"version\":1}\u{1e}";

/// The client's first record where stateful reconnect was negotiated: JSON, version 2.
///
/// ```
/// use serverless_chat::signalr::protocol::handshake::REQUEST_STATEFUL;
///
/// assert!(REQUEST_STATEFUL.contains("\"version\":2"));
/// ```
pub const REQUEST_STATEFUL: &str = "{\"protocol\":\"json\",\"version\":2}\u{1e}";

/// What the server's first record says.
///
/// ```
/// use serverless_chat::signalr::protocol::handshake::{Rejection, accept};
///
/// let words = "No such protocol.".to_owned();
/// let answer = r#"{"error":"No such protocol."}"#;
/// assert_eq!(accept(answer), Err(Rejection::Refused(words)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The server refuses, in these words.
    Refused(String),
    /// The record is no handshake response; this is what is wrong with it.
    Malformed(&'static str),
}

/// Reads the server's first record, without its separator.
///
/// # Errors
/// Says why there is no connection to be had.
///
/// ```
/// use serverless_chat::signalr::protocol::handshake::accept;
///
/// assert_eq!(accept("{}"), Ok(()));
/// assert!(accept("hello").is_err());
/// ```
pub fn accept(record: &str) -> Result<(), Rejection> {
    let fields = Fields::read(record).map_err(|_| Rejection::Malformed("It is no JSON object."))?;
    if fields.given("type").is_some() {
        return Err(Rejection::Malformed(
            "Expected a handshake response from the server.",
        ));
    }
    match (fields.given("error"), fields.string("error")) {
        (Some(_), None) => Err(Rejection::Malformed("Its error is no text.")),
        (_, Some(error)) if !error.is_empty() => Err(Rejection::Refused(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_without_an_error_is_accepted() {
        assert_eq!(accept("{}"), Ok(()), "HUB-13");
        assert_eq!(
            accept(r#"{"error":"Error!"}"#),
            Err(Rejection::Refused("Error!".into())),
            "HUB-32"
        );
        assert_eq!(accept(r#"{"error":null,"more":1}"#), Ok(()));
        let expected = Err(Rejection::Malformed(
            "Expected a handshake response from the server.",
        ));
        assert_eq!(accept(r#"{"type":6}"#), expected, "Q-12");
        assert!(
            matches!(accept("HTTP/1.1"), Err(Rejection::Malformed(_))),
            "Q-14"
        );
    }
}
