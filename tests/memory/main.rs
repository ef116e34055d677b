//! Reading takes memory in proportion to what is read, whatever is in it. A test of its own, since
//! what is counted is all that happens in the process.

#![cfg(not(target_arch = "wasm32"))]

use std::alloc::System;

use serverless_chat::signalr::negotiate;
use serverless_chat::signalr::protocol::message::Message;
use serverless_chat::signalr::protocol::{Framer, handshake};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes that may be taken for each that is read: an argument of one character and its comma become
/// a slice of 16 bytes, in a list that doubles when it is full.
const A_BYTE: usize = 48;

/// Bytes that may be taken whatever is read.
const AT_LEAST: usize = 4096;

fn taken(read: impl FnOnce()) -> usize {
    let region = Region::new(ALLOCATOR);
    read();
    let change = region.change();
    change.bytes_allocated + change.bytes_reallocated.unsigned_abs()
}

#[test]
fn reading_takes_memory_in_proportion() {
    let long = 100_000;
    let zeros = "0,".repeat(long);
    let objects = "{},".repeat(long);
    let escapes = "\\u00e9".repeat(long);
    let deep = "[".repeat(long);
    let fields = "\"error\":\"\",".repeat(long);
    for text in [
        format!("{{\"type\":1,\"target\":\"m\",\"arguments\":[{zeros}0]}}"),
        format!("{{\"type\":1,\"target\":\"m\",\"arguments\":[{objects}{{}}]}}"),
        format!("{{\"type\":1,\"target\":\"{escapes}\",\"arguments\":[]}}"),
        format!("{{\"type\":3,\"invocationId\":\"1\",\"error\":\"{escapes}\"}}"),
        format!("{{\"type\":1,\"target\":\"m\",\"arguments\":[{deep}"),
        format!("{{{fields}\"type\":6}}"),
        format!("{{\"error\":\"{escapes}\"}}"),
        format!("\"{}\"", "\\\"".repeat(long)),
        format!("{{\"connectionId\":\"1\",\"availableTransports\":[{objects}{{}}]}}"),
    ] {
        let most = AT_LEAST + A_BYTE * text.len();
        let begin: String = text.chars().take(60).collect();
        for (name, taken) in [
            ("a message", taken(|| drop(Message::parse(&text)))),
            ("a handshake", taken(|| drop(handshake::accept(&text)))),
            ("a negotiation", taken(|| drop(negotiate::parse(&text)))),
        ] {
            assert!(taken <= most, "{name} takes {taken} of {most}: {begin}");
        }
    }
    let mut framer = Framer::default();
    let pieces = taken(|| {
        for _ in 0..long {
            assert_eq!(framer.push("é".to_owned()), Ok(None));
        }
    });
    assert!(
        pieces <= AT_LEAST + A_BYTE * 2 * long,
        "pieces take {pieces}"
    );
}
