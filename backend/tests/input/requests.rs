//! Bytes where a request should be.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use stats_alloc::Region;

use crate::{ALLOCATOR, Target, config};

/// What the backend answers.
const PATHS: [&str; 20] = [
    "/",
    "/api/negotiate",
    "/api/messages",
    "/api/SignalRInfo",
    "/.auth/me",
    "/.auth/login/aad?post_login_redirect_uri=http%3A%2F%2Flocalhost%3A8080",
    "/.auth/login/aad/callback?session_mode=token",
    "/.auth/refresh",
    "/.auth/logout?post_logout_redirect_uri=%00%ff",
    "/client/negotiate?hub=chat&negotiateVersion=1",
    "/client/?hub=chat&id=x",
    "/client/?hub=chat&id=%F0%28%8C%28&access_token=a.b.c",
    "/api/v1/hubs/chat",
    "/api/v1/hubs/chat/users/bob",
    "/api/hubs/chat/:send",
    "/api/v1/hubs/chat/groups/g/users/%2F..%2F",
    "/api/health",
    "/test/switches",
    "/test/connections/close",
    "/%%%/../..//\\?=&&#",
];

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"];

/// Whole headers, and what is none.
const HEADERS: [&str; 28] = [
    "host: localhost",
    "host: a:b:c",
    "origin: http://localhost:8080",
    "origin: null",
    "content-type: application/json",
    "content-type: application/x-www-form-urlencoded",
    "content-type: \u{1}",
    "content-length: 3",
    "content-length: 18446744073709551616",
    "content-length: -1",
    "transfer-encoding: chunked",
    "transfer-encoding: chunked, chunked",
    "expect: 100-continue",
    "connection: upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-version: 99",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-key: x",
    "authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x",
    "authorization: Basic \u{e9}",
    "cookie: AppServiceAuthSession=x; AppServiceAuthSession=eyJhIjoxfQ",
    "x-zumo-auth: eyJhbGciOiJub25lIn0.e30.",
    "x-ms-client-principal-name: bob",
    "accept: text/event-stream",
    "access-control-request-method: POST",
    "no colon",
    ": no name",
];

/// What a body may be.
const BODIES: [&str; 14] = [
    "",
    "{}",
    "{\"recipient\":\"bob\",\"sender\":\"\",\"text\":\"hi\"}",
    "{\"text\":null,\"recipient\":{},\"sender\":[]}",
    "{\"text\":\"\\ud800\"}",
    "{\"text\":1e999}",
    "[[[[[[[[[[",
    "\"",
    "name=%",
    "name=a&name=b",
    "{\"protocol\":\"json\",\"version\":1}\u{1e}",
    "{\"target\":\"newMessage\",\"arguments\":[{}]}",
    "5\r\nhello\r\n0\r\n\r\n",
    "ffffffffffffffff\r\n",
];

/// A request, or what is left of one.
fn request() -> impl Strategy<Value = Vec<u8>> {
    let method = select(METHODS.to_vec());
    let path = select(PATHS.to_vec());
    let headers = vec(select(HEADERS.to_vec()), 0..8);
    let body = prop_oneof![
        4 => select(BODIES.to_vec()).prop_map(|body| body.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..64),
    ];
    let whole = (method, path, headers, body).prop_map(|(method, path, headers, body)| {
        let headers: String = headers.iter().map(|one| format!("{one}\r\n")).collect();
        let length = format!("content-length: {}\r\n", body.len());
        let begin = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}{length}\r\n");
        [begin.as_bytes(), &body].concat()
    });
    let spoilt = (
        whole,
        vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    );
    prop_oneof![
        8 => spoilt.prop_map(|(mut bytes, spots)| {
            for (at, byte) in spots {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes
        }),
        1 => vec(any::<u8>(), 0..200),
    ]
}

#[test]
fn any_bytes_are_answered_or_hung_up_on() {
    let target = Target::start();
    let answered = std::cell::Cell::new(0);
    // Two on one socket, cut anywhere.
    let strategy = (vec(request(), 1..3), any::<prop::sample::Index>());
    TestRunner::new(config())
        .run(&strategy, |(requests, cut)| {
            let bytes = requests.concat();
            let (begin, end) = bytes.split_at(cut.index(bytes.len() + 1));
            let pieces = [begin.to_vec(), end.to_vec()];
            let answer = target.runtime.block_on(target.send(&pieces));
            prop_assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."));
            answered.set(answered.get() + usize::from(!answer.is_empty()));
            Ok(())
        })
        .unwrap();
    assert!(answered.get() > 60, "{} were requests", answered.get());
    target.check();
}

#[test]
fn what_is_too_much_takes_no_memory() {
    let target = Target::start();
    let many = |what: &str| what.repeat(8 * 1024 * 1024 / what.len()).into_bytes();
    let post = |headers: &str| {
        format!(
            "POST /api/messages HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{headers}\r\n\r\n"
        )
    };
    for (begin, rest) in [
        (String::new(), many("x")),
        (String::new(), many("\r\n")),
        ("GET /".to_owned(), many("a")),
        ("GET / HTTP/1.1\r\nx: ".to_owned(), many("a")),
        ("GET / HTTP/1.1\r\n".to_owned(), many("a: b\r\n")),
        (post("content-length: 99999999999"), many("[")),
        (
            post("transfer-encoding: chunked"),
            many("10\r\n[[[[[[[[[[[[[[[[\r\n"),
        ),
        (post("transfer-encoding: chunked"), many("f")),
        (post("content-length: 8388608"), many("{\"text\":\"")),
    ] {
        let region = Region::new(ALLOCATOR);
        let pieces = [begin.clone().into_bytes(), rest];
        target.runtime.block_on(target.send(&pieces));
        let taken = region.change().bytes_allocated;
        // A body of a megabyte is taken, and each of many small pieces of it costs more than its bytes.
        assert!(taken < 8 * 1024 * 1024, "{taken} bytes for {begin:?}");
    }
    target.check();
}
