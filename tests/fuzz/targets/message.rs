//! Records: each is a hub message or none, and what is handed on stands in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serverless_chat::signalr::protocol::message::Message;

fuzz_target!(|text: &str| {
    let payloads = match Message::parse(text) {
        Ok(Message::Invocation(invocation)) => invocation.arguments,
        Ok(Message::StreamItem { item, .. }) => vec![item],
        Ok(Message::Completion {
            outcome: Ok(Some(result)),
            ..
        }) => vec![result],
        _ => return,
    };
    let bounds = text.as_bytes().as_ptr_range();
    for payload in payloads {
        let payload = payload.get().as_bytes().as_ptr_range();
        assert!(bounds.start <= payload.start && payload.end <= bounds.end);
    }
});
