//! The handshake's answer and the negotiation's.

use proptest::option;
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use serverless_chat::signalr::negotiate::{self, Answer};
use serverless_chat::signalr::protocol::handshake;

use crate::texts::{config, object, spoilt};

proptest! {
    #![proptest_config(config())]

    /// Whatever the first record holds, it is an agreement, a refusal in the server's words, or
    /// neither.
    #[test]
    fn any_text_answers_a_handshake(text in spoilt(object(&["error", "type", "x"]))) {
        let read = serde_json::from_str::<Value>(&text).ok().filter(Value::is_object);
        match handshake::accept(&text) {
            Ok(()) => {
                prop_assert!(serde_json::from_str::<IgnoredAny>(&text).is_ok());
                // There are JSON texts that have no value: numbers may be too large for one.
                if let Some(read) = read {
                    let error = read.get("error").and_then(Value::as_str).unwrap_or_default();
                    prop_assert!(error.is_empty() && read.get("type").is_none_or(Value::is_null));
                }
            }
            Err(handshake::Rejection::Refused(words)) => {
                prop_assert!(read.is_none_or(|read| read["error"] == words));
            }
            Err(handshake::Rejection::Malformed(_)) => {}
        }
    }

    /// Whatever a server answers, it is an answer or none, however it is wrapped.
    #[test]
    fn any_text_answers_a_negotiation(text in spoilt(object(&[
        "url", "endpoint", "accessToken", "accessKey", "connectionId", "connectionToken",
        "negotiateVersion", "availableTransports", "useStatefulReconnect", "error", "ProtocolVersion",
    ]))) {
        let wrapped = Value::from(text.as_str()).to_string();
        prop_assume!(!text.trim_start().starts_with('"'));
        prop_assert_eq!(negotiate::parse(&text), negotiate::parse(&wrapped));
    }

    /// A refusal comes before everything, then the protocol, then the way elsewhere; and what an
    /// answer says goes on unchanged.
    #[test]
    fn one_meaning_comes_before_the_other(
        error in option::of(".{0,8}"),
        classic in option::of("1\\.[0-9]"),
        url in option::of("(https?://[a-z.]{1,10}/\\PC{0,8}|ftp://x|)"),
        token in option::of("\\PC{0,12}"),
        id in option::of(".{1,8}"),
        stateful in option::of(any::<bool>()),
    ) {
        let body = json!({
            "error": error, "ProtocolVersion": classic, "url": url, "accessToken": token,
            "connectionId": id, "useStatefulReconnect": stateful,
        });
        let url = url.filter(|url| !url.is_empty());
        let answer = negotiate::parse(&body.to_string());
        let expected = if let Some(error) = error.filter(|error| !error.is_empty()) {
            Some(Answer::Refused(error))
        } else if classic.is_some() {
            Some(Answer::ClassicServer)
        } else if let Some(url) = url {
            url.starts_with("http").then_some(Answer::Redirect { url, access_token: token })
        } else {
            id.map(|id| Answer::Connect {
                connection_id: id.clone(),
                connection_token: id,
                transports: Vec::new(),
                stateful: stateful == Some(true),
            })
        };
        prop_assert_eq!(answer, expected);
    }

    /// A token may have any characters: as a part of an address it is still the same.
    #[test]
    fn tokens_survive_their_way_into_an_address(token in ".{1,40}", query in "(\\?hub=chat)?") {
        let url = negotiate::connect_url(&format!("https://example.com/hub{query}"), Some(&token));
        let url = negotiate::with_token(url, Some(&token));
        let url = url::Url::parse(&url).expect("an address");
        let values: Vec<_> = url.query_pairs().filter(|pair| pair.0 != "hub").collect();
        prop_assert_eq!(values.len(), 2);
        prop_assert!(values.iter().all(|pair| pair.1 == token));
    }
}
