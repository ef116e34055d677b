//! Opens a page that measures something, in headless Chromium, and prints what it found: `cargo xtask
//! bench`. The page is a folder; when it is done it leaves an object in `outcome`.

#[path = "../e2e/harness/driver.rs"]
mod driver;

use std::time::Duration;

use driver::Driver;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

/// Far longer than any page takes.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a page leaves.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Outcome {
    /// Its rows.
    Rows(Vec<Row>),
    /// Why there are none.
    Error(String),
}

/// One thing, measured on both sides.
#[derive(Deserialize)]
struct Row {
    name: String,
    /// The text that is read or written.
    bytes: u64,
    /// Microseconds.
    ours: f64,
    /// Microseconds.
    official: f64,
    /// The median of each round's, which is not the ratio of the medians.
    ratio: f64,
}

#[tokio::main]
async fn main() {
    let folder = std::env::args().nth(1).expect("a folder with a page");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let server = tokio::spawn(async move {
        let files = axum::Router::new().fallback_service(ServeDir::new(folder));
        axum::serve(listener, files).await
    });
    let driver = Driver::start().await;
    let browser = open_browser(&driver).await;
    let page = format!("http://{address}/");
    browser.goto(&page).await.expect("the page loads");
    let outcome = tokio::time::timeout(PATIENCE, outcome(&browser)).await;
    match outcome.expect("the page comes to an end") {
        Outcome::Rows(rows) => print(&rows),
        Outcome::Error(words) => panic!("the page could not measure: {words}"),
    }
    browser.close().await.expect("the browser ends");
    server.abort();
}

async fn open_browser(driver: &Driver) -> Client {
    let args = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
    ];
    let capabilities = json!({ "goog:chromeOptions": { "args": args } });
    let Value::Object(capabilities) = capabilities else {
        unreachable!("it is written as an object")
    };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    builder.connect(&driver.url).await.expect("Chromium starts")
}

async fn outcome(browser: &Client) -> Outcome {
    loop {
        let found = browser
            .execute("return globalThis.outcome ?? null", Vec::new())
            .await
            .expect("the page answers");
        if !found.is_null() {
            return serde_json::from_value(found).expect("it is what pages leave");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn print(rows: &[Row]) {
    println!("| | bytes | ours, µs | official, µs | ratio |");
    println!("|---|---:|---:|---:|---:|");
    for Row {
        name,
        bytes,
        ours,
        official,
        ratio,
    } in rows
    {
        println!("| {name} | {bytes} | {ours:.2} | {official:.2} | {ratio:.2} |");
    }
}
