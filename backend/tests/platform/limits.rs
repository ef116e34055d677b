//! How much of anything is taken over HTTP.

use std::time::Duration;

use backend::Backend;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{get, post, start, status};

/// What comes back when these bytes are sent.
async fn raw(backend: &Backend, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(backend.addr()).await.unwrap();
    // The backend may hang up before it has read all.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_is_limited() {
    let backend = start(|options| {
        options.anonymous = true;
        options.limits.body = 1000;
    })
    .await;
    let message = |size: usize| {
        let body = json!({ "text": "x".repeat(size) });
        status(post(&backend, "/api/messages").json(&body))
    };
    assert_eq!(message(900).await, 200);
    assert_eq!(message(1000).await, 413);
    let form = format!("name={}", "x".repeat(1000));
    backend.stop().await;
    let backend = start(|options| options.limits.body = 1000).await;
    let answer = crate::answer_provider(&backend, "", &form).await;
    assert_eq!(answer.status(), 413);
    backend.stop().await;
}

#[tokio::test]
async fn headers_are_limited_in_size_and_number() {
    let backend = start(|_| {}).await;
    let with = |size: usize| status(get(&backend, "/").header("x-long", "x".repeat(size)));
    assert_eq!(with(4 * 1024).await, 200);
    assert_eq!(with(32 * 1024).await, 431);
    let many = "x: y\r\n".repeat(200);
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n");
    let answer = raw(&backend, many.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let long = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(64 * 1024));
    let answer = raw(&backend, long.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    backend.stop().await;
}

#[tokio::test]
async fn sockets_are_limited_and_counted() {
    let backend = start(|options| options.limits.sockets = 2).await;
    let open = async || TcpStream::connect(backend.addr()).await.unwrap();
    let is_closed = async |stream: &mut TcpStream| {
        let mut byte = [0];
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut byte));
        matches!(read.await, Ok(Ok(0) | Err(_)))
    };
    let counted = async |count: usize| {
        let reached = async {
            while backend.sockets() != count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), reached)
            .await
            .unwrap_or_else(|_| panic!("{} sockets instead of {count}", backend.sockets()));
    };
    let (first, second) = (open().await, open().await);
    counted(2).await;
    let mut third = open().await;
    assert!(is_closed(&mut third).await);
    drop(first);
    counted(1).await;
    assert_eq!(status(get(&backend, "/")).await, 200);
    drop(second);
    counted(0).await;
    backend.stop().await;
}

#[tokio::test]
async fn rubbish_is_answered_and_forgotten() {
    let backend = start(|_| {}).await;
    for rubbish in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/messages HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"\r\n\r\n\0\0\0\0",
    ] {
        let answer = raw(&backend, rubbish).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    assert_eq!(status(get(&backend, "/")).await, 200);
    backend.stop().await;
}
