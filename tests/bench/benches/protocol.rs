//! Opens a page that measures by itself, and prints what it found. The page is a folder; when it is
//! done it leaves an object in `outcome`.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

use crate::harness::browser::{Browser, Tried, within};

/// Far longer than the page takes.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the page leaves.
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

/// Measures what the page in `folder` does.
pub(crate) async fn run(folder: &Path) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let files = axum::Router::new().fallback_service(ServeDir::new(folder));
    let server = tokio::spawn(axum::serve(listener, files).into_future());
    let page = format!("http://{address}/");
    let outcome = within(PATIENCE, outcome(&page)).await;
    match serde_json::from_value(outcome.expect("the page comes to an end")) {
        Ok(Outcome::Rows(rows)) => print(&rows),
        Ok(Outcome::Error(words)) => panic!("the page could not measure: {words}"),
        Err(error) => panic!("the page left something else: {error}"),
    }
    server.abort();
}

async fn outcome(page: &str) -> Tried<Value> {
    let browser = Browser::open().await?;
    browser.go_to(page).await?;
    loop {
        let found = browser.value("globalThis.outcome ?? null").await?;
        if !found.is_null() {
            return Ok(found);
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
