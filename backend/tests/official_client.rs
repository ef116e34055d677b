//! The official client, `@microsoft/signalr` in Node, against this backend: so that the stand-in
//! is no fiction of its own.
//!
//! `cargo xtask test peer` installs the client and runs this.

use std::process::Stdio;
use std::time::Duration;

use backend::{Backend, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The client, in a Node process that ends with it.
struct Client {
    _process: Child,
    events: Lines<BufReader<ChildStdout>>,
}

impl Client {
    fn start(api: &str, session: &str) -> Client {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/official_client");
        let installed = std::path::Path::new(folder)
            .join("node_modules/@microsoft/signalr")
            .is_dir();
        assert!(
            installed,
            "the official client is not installed: cargo xtask test peer"
        );
        let mut process = Command::new("node")
            .args(["listen.mjs", api, session])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is installed: cargo xtask setup --test");
        let output = process.stdout.take().expect("its output is piped");
        Client {
            events: BufReader::new(output).lines(),
            _process: process,
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

    async fn connected(api: &str, session: &str) -> Client {
        let mut client = Client::start(api, session);
        assert_eq!(client.event().await, json!({ "event": "connected" }));
        client
    }
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

#[tokio::test]
async fn it_hears_public_and_private_messages() {
    let backend = Backend::start(Options {
        port: 0,
        ..Options::default()
    })
    .await
    .unwrap();
    let api = backend.url();
    let (alice, bob) = (session(&api, "alice").await, session(&api, "bob").await);
    let mut hears_alice = Client::connected(&api, &alice).await;
    let mut hears_bob = Client::connected(&api, &bob).await;

    say(
        &api,
        &alice,
        json!({ "recipient": "bob", "text": "psst", "mine": [1] }),
    )
    .await;
    say(
        &api,
        &alice,
        json!({ "recipient": null, "sender": "mallory", "text": "hello" }),
    )
    .await;
    let private = json!({ "recipient": "bob", "sender": "alice", "text": "psst", "isPrivate": true, "mine": [1] });
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

#[tokio::test]
async fn it_comes_back_when_it_is_invited_to() {
    let backend = Backend::start(Options {
        port: 0,
        anonymous: true,
        ..Options::default()
    })
    .await
    .unwrap();
    let (api, port) = (backend.url(), backend.addr().port());
    let mut client = Client::connected(&api, "").await;
    backend.stop().await;
    // Close with allowReconnect: the client would end with "closed" otherwise.
    assert_eq!(
        client.event().await,
        json!({ "event": "reconnecting", "error": null })
    );
    let options = Options {
        port,
        anonymous: true,
        ..Options::default()
    };
    let backend = Backend::start(options).await.unwrap();
    assert_eq!(client.event().await, json!({ "event": "reconnected" }));
    say(&api, "", json!({ "text": "welcome back" })).await;
    let message = json!({ "sender": "", "text": "welcome back" });
    assert_eq!(
        client.event().await,
        json!({ "event": "message", "message": message })
    );
    backend.stop().await;
}

#[tokio::test]
async fn it_is_refused_without_a_session() {
    let backend = Backend::start(Options {
        port: 0,
        ..Options::default()
    })
    .await
    .unwrap();
    let mut client = Client::start(&backend.url(), "");
    let event = client.event().await;
    assert_eq!(event["event"], "failed");
    assert!(event["error"].as_str().unwrap().contains("401"), "{event}");
    backend.stop().await;
}
