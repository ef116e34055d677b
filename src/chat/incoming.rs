//! The tolerant decoder of `newMessage` arguments.
//!
//! Backends disagree on what `newMessage` carries: the tutorial's function echoes the posted
//! object, typed C# functions write its fields with capitals, the quickstart sends a bare
//! string, and ASP.NET Core's own chat sample sends a user and a text. All of them are
//! understood, and what is not is shown as the JSON it is: nothing that the hub delivered is
//! dropped.

use std::borrow::Cow;

use crate::json::{Fields, Json};

/// What the hub delivered as one `newMessage`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// The sender's user name; empty for somebody who is not signed in.
    pub sender: String,
    /// The text; empty if the message has none.
    pub text: String,
    /// True if the backend marked it as private.
    pub private: bool,
    /// The user name it was addressed to, if the backend tells.
    pub recipient: Option<String>,
    /// The [`Outgoing::client_id`](super::Outgoing::client_id) of an own message, where the
    /// backend echoes fields that it does not know.
    pub client_id: Option<String>,
}

impl Incoming {
    /// Reads the arguments of one `newMessage` invocation, each still in JSON.
    pub fn decode(arguments: &[Json<'_>]) -> Incoming {
        match arguments {
            [] => Incoming::default(),
            [user, text] if is_string(*user) && is_string(*text) => Incoming {
                sender: text_of(*user),
                text: text_of(*text),
                ..Incoming::default()
            },
            [message, ..] => match message.fields() {
                Some(fields) => Incoming::of(fields),
                None => Incoming {
                    text: text_of(*message),
                    ..Incoming::default()
                },
            },
        }
    }

    /// Reads an object whose keys are compared without regard to case.
    fn of(fields: Fields<'_>) -> Incoming {
        let mut incoming = Incoming::default();
        for (key, value) in fields {
            let is = |name: &str| key.eq_ignore_ascii_case(name);
            if is("text") || is("message") {
                incoming.text = text_of(value);
            } else if is("sender") || is("from") || is("user") {
                incoming.sender = text_of(value);
            } else if is("isPrivate") {
                incoming.private = text_of(value).eq_ignore_ascii_case("true");
            } else if is("recipient") {
                incoming.recipient = Some(text_of(value)).filter(|name| !name.is_empty());
            } else if is("clientMessageId") {
                incoming.client_id = Some(text_of(value));
            }
        }
        incoming
    }
}

fn is_string(value: Json<'_>) -> bool {
    value.get().starts_with('"')
}

/// A string's own text, nothing for null, and the JSON itself for everything else.
fn text_of(value: Json<'_>) -> String {
    match value {
        Json::NULL => String::new(),
        // A lone surrogate is valid JSON and no valid text: better shown escaped than dropped.
        _ => value
            .string()
            .map_or_else(|| value.get().to_owned(), Cow::into_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(arguments: &[&str]) -> Incoming {
        let values = arguments.iter().map(|json| Json::parse(json).unwrap());
        Incoming::decode(&values.collect::<Vec<_>>())
    }

    fn public(sender: &str, text: &str) -> Incoming {
        Incoming {
            sender: sender.to_owned(),
            text: text.to_owned(),
            ..Incoming::default()
        }
    }

    #[test]
    fn every_known_backend_is_understood() {
        let tutorial = r#"{"recipient":null,"sender":"alice","text":"hi","clientMessageId":"7-1"}"#;
        assert_eq!(
            decode(&[tutorial]),
            Incoming {
                client_id: Some("7-1".into()),
                ..public("alice", "hi")
            }
        );
        let private = r#"{"recipient":"bob","sender":"alice","text":"psst","isPrivate":true}"#;
        assert_eq!(
            decode(&[private]),
            Incoming {
                private: true,
                recipient: Some("bob".into()),
                ..public("alice", "psst")
            }
        );
        let typed =
            r#"{"Sender":"alice","Text":"hi","Groupname":null,"Recipient":"","IsPrivate":false}"#;
        assert_eq!(decode(&[typed]), public("alice", "hi"));
        assert_eq!(
            decode(&[r#"{"ConnectionId":"x","From":"al","Message":"hi"}"#]),
            public("al", "hi")
        );
        assert_eq!(decode(&[r#""just text""#]), public("", "just text"));
        assert_eq!(decode(&[r#""alice""#, r#""hi""#]), public("alice", "hi"));
    }

    #[test]
    fn what_is_no_message_is_shown_as_it_is() {
        assert_eq!(decode(&[]), public("", ""));
        assert_eq!(decode(&["null"]), public("", ""));
        assert_eq!(decode(&["[1, 2]"]), public("", "[1, 2]"));
        assert_eq!(decode(&["12"]), public("", "12"));
        assert_eq!(
            decode(&[r#"{"sender":42,"text":{"a":1}}"#]),
            public("42", r#"{"a":1}"#)
        );
        assert_eq!(decode(&[r#"{"sender":null}"#]), public("", ""));
        assert_eq!(decode(&[r#"{"text":"\ud800"}"#]), public("", r#""\ud800""#));
        assert_eq!(
            decode(&[r#"{"__proto__":{"text":"x"},"text":"hi"}"#]),
            public("", "hi")
        );
    }
}
