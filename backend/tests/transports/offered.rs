//! Which transports there are, and what is answered where one does not belong.

use backend::options::Transport;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;

use super::client::Client;
use super::{Address, negotiate, negotiate_as, start};

/// The answer to a request that would open `transport`.
async fn opens(transport: Transport, address: &Address) -> StatusCode {
    let Address { url, token } = address;
    match transport {
        Transport::WebSockets => {
            let url = url.replacen("http", "ws", 1);
            match connect_async(format!("{url}&access_token={token}")).await {
                Ok((_, answer)) => answer.status(),
                Err(Error::Http(answer)) => answer.status(),
                Err(error) => panic!("{error}"),
            }
        }
        Transport::ServerSentEvents => {
            let request = reqwest::Client::new().get(url);
            let request = request.header("accept", "text/event-stream");
            address.status(request).await
        }
        Transport::LongPolling => address.get().await,
    }
}

#[tokio::test]
async fn all_three_are_offered_in_the_services_order() {
    let backend = start(|_| {}).await;
    let (_, answer) = negotiate_as(&backend, None).await;
    assert_eq!(
        answer["availableTransports"],
        json!([
            { "transport": "WebSockets", "transferFormats": ["Text"] },
            { "transport": "ServerSentEvents", "transferFormats": ["Text"] },
            { "transport": "LongPolling", "transferFormats": ["Text"] },
        ])
    );
    backend.stop().await;
}

#[tokio::test]
async fn what_is_not_offered_is_not_there() {
    let backend =
        start(|options| options.transports = vec![Transport::LongPolling, Transport::WebSockets])
            .await;
    let (address, answer) = negotiate_as(&backend, None).await;
    let names: Vec<&Value> = answer["availableTransports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|offer| &offer["transport"])
        .collect();
    assert_eq!(names, ["LongPolling", "WebSockets"]);
    assert_eq!(opens(Transport::ServerSentEvents, &address).await, 404);
    assert_eq!(
        opens(Transport::WebSockets, &address).await,
        101,
        "the place was not taken"
    );
    backend.stop().await;

    let backend = start(|options| options.transports = vec![Transport::ServerSentEvents]).await;
    for transport in [Transport::WebSockets, Transport::LongPolling] {
        let address = negotiate(&backend).await;
        assert_eq!(opens(transport, &address).await, 404, "{transport:?}");
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_place_is_good_for_one_transport() {
    for transport in Transport::ALL {
        let backend = start(|_| {}).await;
        let address = negotiate(&backend).await;
        // Before the handshake as well as after.
        let mut client = Client::open(transport, address.clone()).await;
        for another in Transport::ALL {
            if (transport, another) == (Transport::LongPolling, Transport::LongPolling) {
                // That is the next poll.
                continue;
            }
            let status = opens(another, &address).await;
            assert_eq!(status, 409, "{another:?} on {transport:?}");
        }
        let (post, delete) = match transport {
            Transport::WebSockets => (405, 400),
            Transport::ServerSentEvents => (200, 400),
            Transport::LongPolling => (200, 202),
        };
        assert_eq!(address.post("").await, post, "{transport:?}");
        client.say(super::HANDSHAKE).await;
        assert_eq!(client.hear().await.as_deref(), Some("{}"), "{transport:?}");
        assert_eq!(address.delete().await, delete, "{transport:?}");
        backend.stop().await;
    }
}

#[tokio::test]
async fn requests_that_belong_nowhere_are_refused() {
    let backend = start(|_| {}).await;
    let address = negotiate(&backend).await;
    assert_eq!(address.post("").await, 404, "nobody has connected");
    assert_eq!(address.delete().await, 404, "nobody has connected");
    Client::connect(Transport::LongPolling, address.clone()).await;
    let another = negotiate(&backend).await.token;
    let changed = |change: fn(&str) -> String, token: String| Address {
        url: change(&address.url),
        token,
    };
    for (wrong, status) in [
        (
            changed(str::to_owned, format!("{}x", address.token)),
            StatusCode::UNAUTHORIZED,
        ),
        (
            changed(|url| format!("{url}x"), address.token.clone()),
            StatusCode::NOT_FOUND,
        ),
        (
            changed(
                |url| url.split("&id=").next().unwrap().to_owned(),
                address.token.clone(),
            ),
            StatusCode::BAD_REQUEST,
        ),
        (
            changed(
                |url| url.replace("hub=chat", "hub=other"),
                address.token.clone(),
            ),
            StatusCode::NOT_FOUND,
        ),
    ] {
        for transport in Transport::ALL {
            assert_eq!(opens(transport, &wrong).await, status, "{transport:?}");
        }
        assert_eq!(wrong.post("").await, status);
        assert_eq!(wrong.delete().await, status);
    }
    // Tokens of the same second are the same for an anonymous client; then this is no other.
    if another != address.token {
        let stolen = changed(str::to_owned, another);
        assert_eq!(stolen.get().await, 404);
        assert_eq!(stolen.post("").await, 404);
    }
    assert_eq!(address.post(&"x".repeat(70_000)).await, 413);
    assert_eq!(backend.connections(), 1, "nothing of this ended it");
    backend.stop().await;
}
