//! The hub over each of its transports, from negotiation to the end.

mod client;
mod every_transport;
mod long_polling;
mod offered;
mod parting;
mod server_sent_events;
mod stateful_reconnect;
mod websocket;

use std::time::Duration;

use backend::{Backend, Options};
use reqwest::StatusCode;
use serde_json::Value;

/// A handshake request that is accepted.
const HANDSHAKE: &str = "{\"protocol\":\"json\",\"version\":1}\u{1e}";

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);

async fn start(change: impl FnOnce(&mut Options)) -> Backend {
    let mut options = Options {
        port: 0,
        anonymous: true,
        ..Options::default()
    };
    change(&mut options);
    Backend::start(options).await.unwrap()
}

/// What negotiation gives: where to connect, and what to show there.
#[derive(Clone)]
struct Address {
    /// With `hub` and `id`, and no token.
    url: String,
    token: String,
}

impl Address {
    /// For `request`, which holds no token yet.
    async fn status(&self, request: reqwest::RequestBuilder) -> StatusCode {
        let answer = request.bearer_auth(&self.token).send().await;
        answer.unwrap().status()
    }

    async fn get(&self) -> StatusCode {
        self.status(reqwest::Client::new().get(&self.url)).await
    }

    async fn post(&self, text: &str) -> StatusCode {
        let request = reqwest::Client::new().post(&self.url);
        self.status(request.body(text.to_owned())).await
    }

    async fn delete(&self) -> StatusCode {
        self.status(reqwest::Client::new().delete(&self.url)).await
    }
}

async fn negotiate(backend: &Backend) -> Address {
    negotiate_as(backend, None).await.0
}

async fn negotiate_as(backend: &Backend, session: Option<&str>) -> (Address, Value) {
    negotiate_with(backend, session, "negotiateVersion=1").await
}

/// Negotiates with the function, as whom `session` belongs to, and with the service.
async fn negotiate_with(backend: &Backend, session: Option<&str>, query: &str) -> (Address, Value) {
    let http = reqwest::Client::new();
    let mut function = http.post(format!("{}/api/negotiate", backend.url()));
    if let Some(session) = session {
        function = function.header("x-zumo-auth", session);
    }
    let function: Value = function.send().await.unwrap().json().await.unwrap();
    let token = function["accessToken"].as_str().unwrap().to_owned();
    let hub = format!("{}/client/negotiate?hub=chat", backend.url());
    let request = http.post(format!("{hub}&{query}")).bearer_auth(&token);
    let service: Value = request.send().await.unwrap().json().await.unwrap();
    let id = service["connectionToken"].as_str().unwrap();
    let url = format!("{}/client/?hub=chat&id={id}", backend.url());
    (Address { url, token }, service)
}

/// Signs in, in token mode.
async fn sign_in(backend: &Backend, name: &str) -> String {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let url = format!(
        "{}/.auth/login/aad/callback?session_mode=token",
        backend.url()
    );
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

/// Returns when `backend` has this many clients.
async fn connections(backend: &Backend, count: usize) {
    let reached = async {
        while backend.connections() != count {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, reached)
        .await
        .unwrap_or_else(|_| panic!("{} clients instead of {count}", backend.connections()));
}
