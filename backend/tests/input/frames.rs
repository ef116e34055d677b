//! Bytes where a WebSocket's frames should be.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use stats_alloc::Region;

use crate::{ALLOCATOR, Target, config};

/// Records, whole and not, and what is none.
const RECORDS: [&str; 16] = [
    "{\"protocol\":\"json\",\"version\":1}\u{1e}",
    "{\"protocol\":\"messagepack\",\"version\":1}\u{1e}",
    "{\"protocol\":\"json\",\"version\":99999999999}\u{1e}",
    "{\"type\":6}\u{1e}",
    "{\"type\":7}\u{1e}",
    "{\"type\":1,\"target\":\"broadcast\",\"arguments\":[\"hi\"],\"invocationId\":\"1\"}\u{1e}",
    "{\"type\":1,\"target\":null,\"arguments\":{}}\u{1e}",
    "{\"type\":8,\"sequenceId\":18446744073709551615}\u{1e}",
    "{\"type\":9,\"sequenceId\":-1}\u{1e}",
    "{\"type\":\"1\"}\u{1e}",
    "[[[[[[\u{1e}",
    "\u{1e}\u{1e}\u{1e}",
    "{\"type\":1,\"target\":\"\\ud800\"",
    "null\u{1e}",
    "",
    "\u{feff}{}\u{1e}",
];

/// A frame with any first byte, masked or not, whose length may be a lie.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![6 => Just(0x81_u8), 1 => select(vec![0x01, 0x80, 0x82, 0x88, 0x89, 0x8a]), 1 => any::<u8>()];
    let payload = prop_oneof![
        4 => select(RECORDS.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..130),
    ];
    let lie = prop_oneof![12 => Just(None), 1 => any::<u64>().prop_map(Some)];
    let masked = prop::bool::weighted(0.9);
    (first, payload, lie, masked).prop_map(|(first, payload, lie, masked)| {
        let mask = [7, 77, 177, 200];
        let mut bytes = vec![first];
        let flag = if masked { 0x80 } else { 0 };
        match (lie, payload.len()) {
            (Some(length), _) => {
                bytes.push(flag | 127);
                bytes.extend(length.to_be_bytes());
            }
            (None, short @ ..126) => bytes.push(flag | short as u8),
            (None, long) => {
                bytes.push(flag | 126);
                bytes.extend((long as u16).to_be_bytes());
            }
        }
        if masked {
            bytes.extend(mask);
        }
        let key = mask.iter().cycle();
        bytes.extend(payload.iter().zip(key).map(|(byte, key)| match masked {
            true => byte ^ key,
            false => *byte,
        }));
        bytes
    })
}

/// What opens a socket that frames may follow.
async fn opening(target: &Target) -> Vec<u8> {
    let http = reqwest::Client::new();
    let url = target.backend.url();
    let function = http.post(format!("{url}/api/negotiate")).send();
    let function: Value = function.await.unwrap().json().await.unwrap();
    let token = function["accessToken"].as_str().unwrap();
    let service = http
        .post(format!(
            "{url}/client/negotiate?hub=chat&negotiateVersion=1"
        ))
        .bearer_auth(token);
    let service: Value = service.send().await.unwrap().json().await.unwrap();
    let id = service["connectionToken"].as_str().unwrap();
    format!(
        "GET /client/?hub=chat&id={id}&access_token={token} HTTP/1.1\r\nhost: localhost\r\n\
        connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .into_bytes()
}

#[test]
fn any_frames_are_taken_or_end_the_socket() {
    let target = Target::start();
    TestRunner::new(config())
        .run(&vec(frame(), 0..12), |frames| {
            let answer = target.runtime.block_on(async {
                let mut pieces = vec![opening(&target).await];
                pieces.extend(frames);
                target.send(&pieces).await
            });
            // As soon as frames follow the request, whole or not.
            prop_assert!(answer.starts_with(b"HTTP/1.1 101"));
            Ok(())
        })
        .unwrap();
    target.check();
    assert_eq!(target.backend.connections(), 0);
}

#[test]
fn what_is_too_long_takes_no_memory() {
    let target = Target::start();
    let unmasked = |length: usize| vec![0; length];
    // A message in one frame, in frames that go on and on, and a record in messages that do.
    let huge = [
        &[0x81, 0xff][..],
        &(1_u64 << 40).to_be_bytes(),
        &[0; 4],
        &unmasked(8 << 20),
    ]
    .concat();
    let begin = [&[0x01, 0xfe, 0x40, 0x00, 0, 0, 0, 0][..], &unmasked(0x4000)].concat();
    let more = [&[0x00, 0xfe, 0x40, 0x00, 0, 0, 0, 0][..], &unmasked(0x4000)].concat();
    let endless = [begin, more.repeat(512)].concat();
    let record = [&[0x81, 0xfe, 0x40, 0x00, 0, 0, 0, 0][..], &unmasked(0x4000)].concat();
    for (what, frames) in [
        ("a frame", huge),
        ("a message", endless),
        ("a record", record.repeat(512)),
        ("pings", [0x89, 0x80, 0, 0, 0, 0].repeat(1 << 20)),
    ] {
        let opening = target.runtime.block_on(opening(&target));
        let region = Region::new(ALLOCATOR);
        target.runtime.block_on(target.send(&[opening, frames]));
        let change = region.change();
        let kept = change
            .bytes_allocated
            .saturating_sub(change.bytes_deallocated);
        assert!(kept < 1024 * 1024, "{kept} bytes are kept of {what}");
        if what != "pings" {
            let taken = change.bytes_allocated;
            assert!(taken < 4 * 1024 * 1024, "{taken} bytes for {what}");
        }
    }
    target.check();
}
