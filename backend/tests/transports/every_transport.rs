//! What does not depend on the transport.

use std::time::Duration;

use backend::options::Transport;
use serde_json::{Value, json};

use super::client::Client;
use super::{connections, negotiate, negotiate_as, sign_in, start};

#[tokio::test]
async fn a_client_hears_public_messages_and_its_own() {
    for transport in Transport::ALL {
        let backend = start(|options| options.anonymous = false).await;
        let (alice, bob) = (
            sign_in(&backend, "alice").await,
            sign_in(&backend, "bob").await,
        );
        let connect = async |session: &str| {
            let (address, _) = negotiate_as(&backend, Some(session)).await;
            Client::connect(transport, address).await
        };
        let (mut hears_alice, mut hears_bob) = (connect(&alice).await, connect(&bob).await);
        assert_eq!(backend.connections(), 2, "{transport:?}");
        for message in [
            json!({ "recipient": "bob", "text": "two\nlines\r\n\u{1e}" }),
            json!({ "text": "to all" }),
        ] {
            let post = reqwest::Client::new()
                .post(format!("{}/api/messages", backend.url()))
                .header("x-zumo-auth", &alice)
                .json(&message);
            assert_eq!(post.send().await.unwrap().status(), 200);
        }
        let text = async |client: &mut Client| {
            let call: Value = serde_json::from_str(&client.hear().await.unwrap()).unwrap();
            assert_eq!(call["type"], 1);
            assert_eq!(call["target"], "newMessage");
            call["arguments"][0]["text"].as_str().unwrap().to_owned()
        };
        assert_eq!(text(&mut hears_bob).await, "two\nlines\r\n\u{1e}");
        assert_eq!(text(&mut hears_bob).await, "to all", "{transport:?}");
        assert_eq!(
            text(&mut hears_alice).await,
            "to all",
            "{transport:?}: the private message was not for her"
        );
        backend.stop().await;
    }
}

#[tokio::test]
async fn a_handshake_is_wanted_and_answered() {
    for transport in Transport::ALL {
        let backend = start(|options| options.handshake_timeout = Duration::from_millis(400)).await;
        let open = async || Client::open(transport, negotiate(&backend).await).await;
        let mut silent = open().await;
        assert_eq!(
            silent.hear().await,
            None,
            "{transport:?}: who says nothing is let go"
        );
        let mut other = open().await;
        other
            .say("{\"protocol\":\"messagepack\",\"version\":1}\u{1e}")
            .await;
        let refusal = other.hear().await.unwrap();
        assert!(
            refusal.contains("The protocol 'messagepack' is not supported."),
            "{refusal}"
        );
        assert_eq!(other.hear().await, None, "{transport:?}");
        assert_eq!(backend.connections(), 0);
        backend.stop().await;
    }
}

#[tokio::test]
async fn what_a_client_calls_is_ignored_and_what_is_no_message_ends_it() {
    for transport in Transport::ALL {
        let backend = start(|_| {}).await;
        let mut client = Client::anonymous(transport, &backend).await;
        client
            .say("{\"type\":1,\"target\":\"broadcast\",\"arguments\":[1],\"invocationId\":\"0\"}\u{1e}{\"ty")
            .await;
        client.say("pe\":6}\u{1e}").await;
        backend.broadcast("newMessage", &json!([]));
        assert!(
            client.hear().await.unwrap().contains("newMessage"),
            "no answer came before"
        );
        client.say("rubbish\u{1e}").await;
        let close = client.hear().await.unwrap();
        assert!(close.contains("Connection closed with an error."));
        assert_eq!(client.hear().await, None, "{transport:?}");
        assert_eq!(backend.connections(), 0);
        backend.stop().await;
    }
}

#[tokio::test]
async fn a_record_without_an_end_ends_the_connection() {
    for transport in Transport::ALL {
        let backend = start(|_| {}).await;
        let mut client = Client::anonymous(transport, &backend).await;
        // More than a message may have, in pieces that may be sent.
        for _ in 0..2 {
            client.say(&"x".repeat(40_000)).await;
        }
        let close = client.hear().await.unwrap();
        assert!(
            close.contains("Connection closed with an error."),
            "{close}"
        );
        assert_eq!(client.hear().await, None, "{transport:?}");
        backend.stop().await;
    }
}

#[tokio::test]
async fn a_client_says_that_it_goes() {
    for transport in Transport::ALL {
        let backend = start(|_| {}).await;
        let mut client = Client::anonymous(transport, &backend).await;
        client.say("{\"type\":7}\u{1e}").await;
        assert_eq!(client.hear().await, None, "{transport:?}");
        connections(&backend, 0).await;
        backend.stop().await;
    }
}

#[tokio::test]
async fn a_stop_invites_everybody_to_come_back() {
    for transport in Transport::ALL {
        let backend = start(|_| {}).await;
        let mut client = Client::anonymous(transport, &backend).await;
        let port = backend.addr().port();
        let hears = async {
            let close = client.hear().await.unwrap();
            assert_eq!(close, "{\"allowReconnect\":true,\"type\":7}");
            assert_eq!(client.hear().await, None);
        };
        tokio::join!(backend.stop(), hears);
        let again = start(|options| options.port = port).await;
        assert_eq!(again.addr().port(), port, "the port was free at once");
        Client::anonymous(transport, &again).await;
        again.stop().await;
    }
}

#[tokio::test]
async fn a_stop_waits_for_nobody_who_has_not_shaken_hands() {
    for transport in Transport::ALL {
        let backend = start(|_| {}).await;
        let mut client = Client::open(transport, negotiate(&backend).await).await;
        let began = std::time::Instant::now();
        let (heard, ()) = tokio::join!(client.hear(), backend.stop());
        assert_eq!(heard, None);
        assert!(began.elapsed() < Duration::from_secs(2), "{transport:?}");
    }
}
