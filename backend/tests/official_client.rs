//! The official client, `@microsoft/signalr` in Node, against this backend: so that the stand-in
//! is no fiction of its own.
//!
//! `cargo xtask test peer` installs the client and runs this.

use std::process::Stdio;
use std::time::Duration;

use backend::options::Transport;
use backend::{Backend, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The client, in a Node process that ends with it.
struct Client {
    process: Child,
    events: Lines<BufReader<ChildStdout>>,
}

impl Client {
    /// Starts it with the transport of that name, or with all it has for `""`.
    fn start(api: &str, session: &str, transport: &str) -> Client {
        Client::start_with(&[api, session, transport])
    }

    fn start_with(arguments: &[&str]) -> Client {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/official_client");
        let installed = std::path::Path::new(folder)
            .join("node_modules/@microsoft/signalr")
            .is_dir();
        assert!(
            installed,
            "the official client is not installed: cargo xtask test peer"
        );
        let mut process = Command::new("node")
            .arg("listen.mjs")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is installed: cargo xtask setup --test");
        let output = process.stdout.take().expect("its output is piped");
        Client {
            events: BufReader::new(output).lines(),
            process,
        }
    }

    async fn event(&mut self) -> Value {
        let line = timeout(PATIENCE, self.events.next_line())
            .await
            .expect("something happens in time");
        let line = line
            .expect("the client speaks")
            .expect("the client goes on");
        serde_json::from_str(&line).expect("a line of JSON")
    }

    async fn connected(api: &str, session: &str, transport: Transport) -> Client {
        let mut client = Client::start(api, session, &format!("{transport:?}"));
        assert_eq!(client.event().await, event("connected", transport));
        client
    }
}

/// That the client has a connection over `transport`.
fn event(name: &str, transport: Transport) -> Value {
    json!({ "event": name, "transport": format!("{transport:?}") })
}

/// Signs in, in token mode.
async fn session(api: &str, name: &str) -> String {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let url = format!("{api}/.auth/login/aad/callback?session_mode=token");
    let form = http
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = form.body(format!("name={name}")).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    let fragment = location.split_once("#token=").expect("a token").1;
    let json = percent_encoding::percent_decode_str(fragment)
        .decode_utf8()
        .unwrap();
    let session: Value = serde_json::from_str(&json).unwrap();
    session["authenticationToken"].as_str().unwrap().to_owned()
}

async fn say(api: &str, session: &str, message: Value) {
    let http = reqwest::Client::new();
    let answer = http
        .post(format!("{api}/api/messages"))
        .header("x-zumo-auth", session)
        .json(&message);
    assert_eq!(answer.send().await.unwrap().status(), 200);
}

async fn start(change: impl FnOnce(&mut Options)) -> Backend {
    let mut options = Options {
        port: 0,
        ..Options::default()
    };
    change(&mut options);
    Backend::start(options).await.unwrap()
}

#[tokio::test]
async fn it_finds_its_way_from_one_process_to_another() {
    let service = start(|options| options.anonymous = true).await;
    let key = backend::options::ACCESS_KEY;
    let port = service.addr().port();
    let text = format!("Endpoint=http://localhost;Port={port};AccessKey={key};Version=1.0;");
    let function = start(|options| options.service = Some(text.parse().unwrap())).await;
    let api = function.url();
    let alice = session(&api, "alice").await;
    for transport in Transport::ALL {
        let mut client = Client::connected(&api, &alice, transport).await;
        assert_eq!((function.connections(), service.connections()), (0, 1));
        say(
            &api,
            &alice,
            json!({ "recipient": "alice", "text": "psst" }),
        )
        .await;
        let message =
            json!({ "recipient": "alice", "sender": "alice", "text": "psst", "isPrivate": true });
        let heard = client.event().await;
        assert_eq!(heard, json!({ "event": "message", "message": message }));
        service.close_connections(None, false);
        assert_eq!(client.event().await["event"], "closed");
    }
    function.stop().await;
    service.stop().await;
}

#[tokio::test]
async fn it_hears_public_and_private_messages() {
    for transport in Transport::ALL {
        let backend = start(|_| {}).await;
        let api = backend.url();
        let (alice, bob) = (session(&api, "alice").await, session(&api, "bob").await);
        let mut hears_alice = Client::connected(&api, &alice, transport).await;
        let mut hears_bob = Client::connected(&api, &bob, transport).await;

        let private = json!({ "recipient": "bob", "text": "psst\n", "mine": [1] });
        say(&api, &alice, private).await;
        let public = json!({ "recipient": null, "sender": "mallory", "text": "hello" });
        say(&api, &alice, public).await;

        let private = json!({ "recipient": "bob", "sender": "alice", "text": "psst\n", "isPrivate": true, "mine": [1] });
        let public = json!({ "recipient": null, "sender": "alice", "text": "hello" });
        assert_eq!(
            hears_bob.event().await,
            json!({ "event": "message", "message": private })
        );
        assert_eq!(
            hears_bob.event().await,
            json!({ "event": "message", "message": public })
        );
        assert_eq!(
            hears_alice.event().await,
            json!({ "event": "message", "message": public }),
            "the private message was not for her"
        );
        backend.stop().await;
    }
}

#[tokio::test]
async fn it_comes_back_when_it_is_invited_to() {
    for transport in Transport::ALL {
        let backend = start(|options| options.anonymous = true).await;
        let (api, port) = (backend.url(), backend.addr().port());
        let mut client = Client::connected(&api, "", transport).await;
        connections(&backend, 1).await;
        backend.stop().await;
        // Close with allowReconnect: the client would name an error otherwise, or end.
        assert_eq!(
            client.event().await,
            json!({ "event": "reconnecting", "error": null }),
            "{transport:?}"
        );
        let backend = start(|options| {
            options.port = port;
            options.anonymous = true;
        })
        .await;
        assert_eq!(client.event().await, event("reconnected", transport));
        say(&api, "", json!({ "text": "welcome back" })).await;
        let message = json!({ "sender": "", "text": "welcome back" });
        assert_eq!(
            client.event().await,
            json!({ "event": "message", "message": message })
        );
        backend.stop().await;
    }
}

#[tokio::test]
async fn it_stays_while_it_is_pinged_or_polls() {
    for transport in Transport::ALL {
        let backend = start(|options| {
            options.anonymous = true;
            options.keep_alive = Duration::from_millis(50);
            options.poll_timeout = Duration::from_millis(50);
            options.disconnect_timeout = Duration::from_millis(700);
        })
        .await;
        let mut client = Client::connected(&backend.url(), "", transport).await;
        // Many pings, or many polls; longer than a client may take between two.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(backend.connections(), 1, "{transport:?}");
        backend.broadcast("newMessage", &json!(["still here"]));
        assert_eq!(
            client.event().await,
            json!({ "event": "message", "message": "still here" })
        );
        backend.stop().await;
    }
}

#[tokio::test]
async fn it_goes_without_a_trace() {
    for transport in Transport::ALL {
        let backend = start(|options| options.anonymous = true).await;
        let mut client = Client::connected(&backend.url(), "", transport).await;
        connections(&backend, 1).await;
        // It stops with its input, in its own order.
        drop(client.process.stdin.take());
        assert_eq!(
            client.event().await,
            json!({ "event": "closed", "error": null })
        );
        connections(&backend, 0).await;
        backend.stop().await;
    }
}

#[tokio::test]
async fn it_takes_what_is_offered_in_the_servers_order() {
    use Transport::{LongPolling, ServerSentEvents, WebSockets};
    for offered in [
        vec![WebSockets, ServerSentEvents, LongPolling],
        vec![ServerSentEvents, LongPolling],
        vec![LongPolling, ServerSentEvents],
    ] {
        let first = offered[0];
        let backend = start(|options| {
            options.anonymous = true;
            options.transports = offered;
        })
        .await;
        let mut client = Client::start(&backend.url(), "", "");
        assert_eq!(client.event().await, event("connected", first));
        backend.stop().await;
    }
    let backend = start(|options| {
        options.anonymous = true;
        options.transports = vec![LongPolling];
    })
    .await;
    let mut client = Client::start(&backend.url(), "", "WebSockets");
    assert_eq!(client.event().await["event"], "failed");
    backend.stop().await;
}

#[tokio::test]
async fn it_goes_on_over_another_socket() {
    let backend = start(|options| options.anonymous = true).await;
    let mut client = Client::start_with(&[&backend.url(), "", "WebSockets", "stateful"]);
    assert_eq!(
        client.event().await,
        event("connected", Transport::WebSockets)
    );
    let message = |text: &str| json!({ "event": "message", "message": text });
    backend.broadcast("newMessage", &json!(["before"]));
    assert_eq!(client.event().await, message("before"));
    let input = client.process.stdin.as_mut().expect("its input is piped");
    input.write_all(b"cut\n").await.unwrap();
    assert_eq!(client.event().await, json!({ "event": "cut off" }));
    backend.broadcast("newMessage", &json!(["after"]));
    // No "reconnecting" comes between, and "before" does not come again.
    assert_eq!(client.event().await, message("after"));
    assert_eq!(backend.connections(), 1);
    backend.stop().await;
    let reconnecting = json!({ "event": "reconnecting", "error": null });
    assert_eq!(client.event().await, reconnecting);
}

#[tokio::test]
async fn it_is_refused_without_a_session() {
    let backend = start(|_| {}).await;
    let mut client = Client::start(&backend.url(), "", "");
    let event = client.event().await;
    assert_eq!(event["event"], "failed");
    assert!(event["error"].as_str().unwrap().contains("401"), "{event}");
    backend.stop().await;
}

/// Returns when `backend` has this many clients.
async fn connections(backend: &Backend, count: usize) {
    let reached = async {
        while backend.connections() != count {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(PATIENCE, reached).await.expect("in time");
}
