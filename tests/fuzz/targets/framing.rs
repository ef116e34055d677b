//! Text in pieces: the records are the same as of the whole text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serverless_chat::signalr::protocol::Framer;
use serverless_chat::signalr::protocol::framing::{RECORD_SEPARATOR, records};

// A line break ends a piece.
fuzz_target!(|text: &str| {
    let mut framer = Framer::default();
    let mut heard = Vec::new();
    for piece in text.split('\n') {
        if let Ok(Some(complete)) = framer.push(piece.to_owned()) {
            let complete = records(&complete).expect("whole records");
            heard.extend(complete.map(str::to_owned));
        }
    }
    let whole = text.replace('\n', "");
    let mut expected: Vec<&str> = whole.split(RECORD_SEPARATOR).collect();
    // What follows the last separator is no record yet.
    expected.pop();
    assert_eq!(heard, expected);
});
