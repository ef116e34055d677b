//! Hub messages, read and written.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};
use serverless_chat::signalr::protocol::message::Message;
use serverless_chat::signalr::protocol::outgoing::{self, Wanted};

use crate::texts::{RS, config, hub_message, value};

/// A record that this side wrote.
fn read(text: &str) -> Value {
    let record = text.strip_suffix(RS).expect("a record ends");
    assert!(!record.contains(RS), "and it is one: {record}");
    serde_json::from_str(record).expect("JSON")
}

proptest! {
    #![proptest_config(config())]

    /// Whatever a record holds, it is a message or it is none; and what is handed on stands in it.
    #[test]
    fn any_text_is_a_message_or_none(text in hub_message()) {
        let Ok(message) = Message::parse(&text) else {
            return Ok(());
        };
        let payloads = match message {
            Message::Invocation(invocation) => invocation.arguments,
            Message::StreamItem { item, .. } => vec![item],
            Message::Completion { outcome, .. } => outcome.ok().flatten().into_iter().collect(),
            _ => Vec::new(),
        };
        let bounds = text.as_bytes().as_ptr_range();
        for payload in payloads {
            let payload = payload.get().as_bytes().as_ptr_range();
            prop_assert!(bounds.start <= payload.start && payload.end <= bounds.end);
        }
    }

    /// The arguments of a call are handed on byte for byte.
    #[test]
    fn arguments_are_handed_on(
        target in ".{1,12}",
        id in option::of("[^\\\\\"\u{0}-\u{1f}]{1,8}"),
        arguments in vec(value(), 0..4),
        space in "[ \t\n]{0,2}",
    ) {
        let arguments: Vec<String> = arguments.iter().map(Value::to_string).collect();
        let id_field = id.as_ref().map_or(String::new(), |id| format!("\"invocationId\":\"{id}\","));
        let text = format!(
            "{{{space}{id_field}\"target\":{},\"type\":1,\"arguments\":[{space}{}{space}]}}",
            json!(target),
            arguments.join(","),
        );
        let Ok(Message::Invocation(invocation)) = Message::parse(&text) else {
            panic!("no call: {text}");
        };
        prop_assert_eq!(&invocation.target, &target);
        prop_assert_eq!(invocation.invocation_id.as_deref(), id.as_deref());
        let given: Vec<&str> = invocation.arguments.iter().map(|one| one.get()).collect();
        prop_assert_eq!(given, arguments);
    }

    /// However long a number is, it keeps its digits.
    #[test]
    fn numbers_keep_their_digits(number in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?(e[+-]?[0-9]{1,3})?") {
        let text = format!(r#"{{"type":2,"invocationId":"1","item":{number}}}"#);
        let Ok(Message::StreamItem { item, .. }) = Message::parse(&text) else {
            panic!("no item: {text}");
        };
        prop_assert_eq!(item.get(), number);
    }

    /// A call says what it was given to say, in one record.
    #[test]
    fn calls_are_written_whole(
        kind in 0..3,
        id in any::<u64>(),
        target in ".{0,12}",
        arguments in vec(value(), 0..4),
        uploads in 0_u64..3,
    ) {
        let (wanted, kind) = match kind {
            0 => (Wanted::Nothing, 1),
            1 => (Wanted::Result, 1),
            _ => (Wanted::Stream, 4),
        };
        let arguments = Value::from(arguments);
        let name = (wanted != Wanted::Nothing).then_some(id);
        let text = outgoing::invocation(wanted, name, &target, &arguments.to_string(), 0..uploads);
        let mut expected = json!({ "type": kind, "target": target, "arguments": arguments });
        if name.is_some() {
            expected["invocationId"] = id.to_string().into();
        }
        if uploads > 0 {
            expected["streamIds"] = (0..uploads).map(|one| one.to_string()).collect();
        }
        prop_assert_eq!(read(&text), expected);
    }

    /// So do answers, items and what keeps count.
    #[test]
    fn answers_are_written_whole(id in ".{0,12}", number in any::<u64>(), value in value(), words in ".{0,20}") {
        let json = value.to_string();
        for (text, expected) in [
            (outgoing::completion(&id, Ok(None)), json!({ "type": 3, "invocationId": id })),
            (
                outgoing::completion(&id, Ok(Some(&json))),
                json!({ "type": 3, "invocationId": id, "result": value }),
            ),
            (
                outgoing::completion(&id, Err(&words)),
                json!({ "type": 3, "invocationId": id, "error": words }),
            ),
            (
                outgoing::stream_item(number, &json),
                json!({ "type": 2, "invocationId": number.to_string(), "item": value }),
            ),
            (outgoing::cancel(number), json!({ "type": 5, "invocationId": number.to_string() })),
            (outgoing::ack(number), json!({ "type": 8, "sequenceId": number })),
            (outgoing::sequence(number), json!({ "type": 9, "sequenceId": number })),
        ] {
            prop_assert_eq!(read(&text), expected);
        }
    }
}
