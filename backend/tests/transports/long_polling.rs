//! A client's polls.

use std::time::Duration;

use backend::options::Transport::LongPolling;
use serde_json::json;
use tokio::time::timeout;

use super::client::Client;
use super::{Address, PATIENCE, connections, negotiate, start};

impl Address {
    /// A poll: the status and the text.
    async fn poll(&self) -> (u16, String) {
        let poll = reqwest::Client::new()
            .get(&self.url)
            .bearer_auth(&self.token);
        let answer = timeout(PATIENCE, poll.send()).await.expect("in time");
        let answer = answer.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_poll_without_news_is_answered_empty() {
    let backend = start(|options| {
        options.poll_timeout = Duration::from_millis(20);
        options.keep_alive = Duration::from_millis(5);
        options.client_timeout = Duration::from_millis(5);
    })
    .await;
    let address = negotiate(&backend).await;
    Client::connect(LongPolling, address.clone()).await;
    for _ in 0..3 {
        assert_eq!(
            address.poll().await,
            (200, String::new()),
            "polls show that both sides live; nobody has to ping"
        );
    }
    assert_eq!(backend.connections(), 1);
    backend.stop().await;
}

#[tokio::test]
async fn what_comes_between_polls_waits_for_the_next() {
    let backend = start(|_| {}).await;
    let address = negotiate(&backend).await;
    Client::connect(LongPolling, address.clone()).await;
    backend.broadcast("first", &json!([]));
    backend.broadcast("second", &json!([]));
    let (status, text) = address.poll().await;
    assert_eq!(status, 200);
    let records: Vec<&str> = text.split_terminator('\u{1e}').collect();
    assert_eq!(records.len(), 2, "{text}");
    assert!(records[0].contains("first") && records[1].contains("second"));
    backend.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_poll_has_so_much_kept_for_it_and_no_more() {
    let backend = start(|options| options.limits.queue = 3).await;
    let address = negotiate(&backend).await;
    Client::connect(LongPolling, address.clone()).await;
    for kept in [1, 1, 1, 0] {
        backend.broadcast("newMessage", &json!([]));
        assert_eq!(backend.connections(), kept);
    }
    let (status, text) = address.poll().await;
    assert_eq!((status, text.matches("newMessage").count()), (200, 3));
    assert_eq!(address.poll().await, (204, String::new()), "it is over");
    assert_eq!(address.poll().await.0, 404, "and forgotten");
    backend.stop().await;
}

#[tokio::test]
async fn a_poll_ends_the_one_before() {
    let backend = start(|_| {}).await;
    let address = negotiate(&backend).await;
    Client::connect(LongPolling, address.clone()).await;
    let mut first = tokio::spawn({
        let address = address.clone();
        async move { address.poll().await }
    });
    let mut second = tokio::spawn({
        let address = address.clone();
        async move { address.poll().await }
    });
    // Whichever came first, one of them is ended and the other hears.
    let (ended, waiting) = timeout(PATIENCE, async {
        tokio::select! {
            ended = &mut first => (ended.unwrap(), second),
            ended = &mut second => (ended.unwrap(), first),
        }
    })
    .await
    .expect("one of them ends");
    assert_eq!(ended, (204, String::new()));
    backend.broadcast("newMessage", &json!([]));
    let (status, text) = waiting.await.unwrap();
    assert_eq!(status, 200);
    assert!(text.contains("newMessage"), "{text}");
    assert_eq!(backend.connections(), 1);
    backend.stop().await;
}

#[tokio::test]
async fn a_client_can_end_its_connection() {
    let backend = start(|_| {}).await;
    let address = negotiate(&backend).await;
    Client::connect(LongPolling, address.clone()).await;
    let poll = tokio::spawn({
        let address = address.clone();
        async move { address.poll().await }
    });
    assert_eq!(address.delete().await, 202);
    let (status, _) = poll.await.unwrap();
    assert!(
        matches!(status, 204 | 404),
        "{status}: a poll that waits is ended, and one that came late finds nothing"
    );
    connections(&backend, 0).await;
    assert_eq!(address.delete().await, 404);
    assert_eq!(address.poll().await.0, 404);
    assert_eq!(address.post("{\"type\":6}\u{1e}").await, 404);
    backend.stop().await;
}

#[tokio::test]
async fn a_client_that_stops_to_poll_is_let_go() {
    let backend = start(|options| options.disconnect_timeout = Duration::from_millis(400)).await;
    let address = negotiate(&backend).await;
    Client::connect(LongPolling, address.clone()).await;
    assert_eq!(backend.connections(), 1);
    connections(&backend, 0).await;
    assert_eq!(address.poll().await.0, 404);

    let address = negotiate(&backend).await;
    Client::connect(LongPolling, address.clone()).await;
    let poll = tokio::spawn({
        let address = address.clone();
        async move { address.poll().await }
    });
    // Longer than a client may pause: while it polls, it does not.
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(backend.connections(), 1);
    backend.broadcast("newMessage", &json!([]));
    assert_eq!(poll.await.unwrap().0, 200);
    let poll = reqwest::Client::new()
        .get(&address.url)
        .bearer_auth(&address.token)
        .timeout(Duration::from_millis(50));
    assert!(poll.send().await.unwrap_err().is_timeout(), "hung up on");
    connections(&backend, 0).await;
    backend.stop().await;
}

#[tokio::test]
async fn a_poll_with_a_token_that_is_over_is_refused() {
    let backend = start(|options| {
        options.token_lifetime = Duration::from_secs(3);
        options.poll_timeout = Duration::from_millis(50);
    })
    .await;
    let address = negotiate(&backend).await;
    Client::connect(LongPolling, address.clone()).await;
    let refused = timeout(PATIENCE, async {
        loop {
            match address.poll().await {
                (200, text) => assert_eq!(text, ""),
                (status, _) => return status,
            }
        }
    });
    assert_eq!(refused.await.expect("the token ends"), 401);
    assert_eq!(address.post("{\"type\":6}\u{1e}").await, 401);
    backend.stop().await;
}
