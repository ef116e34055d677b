//! What stands around the functions: sign-in, its headers, the switches, and the limits.

mod csrf;
mod faults;
mod functions;
mod limits;
mod me;
mod negotiate;
mod refresh;
mod sign_in;
mod static_web_apps;
mod test_endpoint;

use backend::switches::Switches;
use backend::{Backend, Options};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::Value;

/// A page that may call the functions.
const PAGE: &str = "http://localhost:8080";

/// What browsers begin their name with.
const BROWSER: &str = "Mozilla/5.0";

async fn start(change: impl FnOnce(&mut Options)) -> Backend {
    let mut options = Options {
        port: 0,
        ..Options::default()
    };
    change(&mut options);
    Backend::start(options).await.unwrap()
}

async fn switched(change: impl FnOnce(&mut Switches)) -> Backend {
    start(|options| change(&mut options.switches)).await
}

/// A client that shows where it is led instead of going there.
fn http() -> Client {
    Client::builder()
        .redirect(redirect::Policy::none())
        .build()
        .unwrap()
}

fn get(backend: &Backend, path: &str) -> RequestBuilder {
    http().get(format!("{}{path}", backend.url()))
}

fn post(backend: &Backend, path: &str) -> RequestBuilder {
    http().post(format!("{}{path}", backend.url()))
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

async fn json(request: RequestBuilder) -> Value {
    request.send().await.unwrap().json().await.unwrap()
}

/// What the provider's page sends when somebody gives their name, or `cancel=true`.
async fn answer_provider(backend: &Backend, query: &str, form: &str) -> Response {
    post(backend, &format!("/.auth/login/aad/callback?{query}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .send()
        .await
        .unwrap()
}

fn header(answer: &Response, name: &str) -> String {
    let value = answer.headers().get(name);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

/// The session cookie of somebody who signs in, as a browser sends it back.
async fn cookie(backend: &Backend, name: &str) -> String {
    let answer = answer_provider(backend, "", &format!("name={name}")).await;
    let cookie = header(&answer, "set-cookie");
    cookie.split(';').next().unwrap().to_owned()
}

/// The session token of somebody who signs in.
async fn token(backend: &Backend, name: &str) -> String {
    let form = format!("name={name}");
    let answer = answer_provider(backend, "session_mode=token", &form).await;
    let location = header(&answer, "location");
    let json = decode(location.split_once("#token=").expect("a token").1);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert!(json["user"]["userId"].as_str().unwrap().starts_with("sid:"));
    json["authenticationToken"].as_str().unwrap().to_owned()
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .unwrap()
        .into_owned()
}
