//! Answers to a handshake and to a negotiation, and the addresses that come of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serverless_chat::signalr::negotiate::{self, Answer};
use serverless_chat::signalr::protocol::handshake;

fuzz_target!(|text: &str| {
    let _ = handshake::accept(text);
    match negotiate::parse(text) {
        Some(Answer::Redirect { url, access_token }) => {
            assert!(url.starts_with("http"));
            let next = negotiate::negotiate_url(&url, negotiate::NEGOTIATE, true);
            assert_eq!(negotiate::origin(&next), negotiate::origin(&url));
            let socket = negotiate::socket_url(&next);
            assert!(socket.starts_with("ws"));
            let shown = negotiate::with_token(socket, access_token.as_deref());
            assert!(shown.is_ascii() || !url.is_ascii(), "a token is encoded");
        }
        Some(Answer::Connect {
            connection_token, ..
        }) => {
            let url = negotiate::connect_url("https://example.com/hub", Some(&connection_token));
            assert!(url.is_ascii(), "a token is encoded");
        }
        _ => {}
    }
});
