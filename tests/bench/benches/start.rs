//! From the click that leads to a page until it can be used: nothing in the cache, a slow machine, a
//! phone's network.

use std::time::Duration;

use serde_json::{Value, json};

use super::bursts::number;
use crate::harness::browser::{Browser, Tried, within};
use crate::harness::stage::{Page, Stage};
use crate::harness::table::Table;

const ROUNDS: usize = 7;

const CAP: Duration = Duration::from_secs(60);

/// Measures all pages, in turn.
pub(crate) async fn run() {
    let stage = Stage::new().await;
    let columns = Page::ALL.map(Page::title).to_vec();
    let mut table = Table::new("start", columns, Page::Vue3 as usize);
    let mut pages = Page::ALL;
    for round in 1..=ROUNDS {
        println!("start: round {round}");
        pages.reverse();
        for page in pages {
            let column = page as usize;
            let times = within(CAP, load(&stage, page)).await;
            for (row, time) in [
                ("until something is painted", "paint"),
                ("until the composer can be used", "usable"),
                ("until messages can come", "connected"),
            ] {
                match &times {
                    Some(times) => table.add(row, "ms", column, number(&times[time])),
                    None => table.give_up(row, "ms", column, CAP),
                }
            }
        }
    }
    for page in Page::ALL {
        if let Some((requests, bytes)) = within(CAP, count(&stage, page)).await {
            let column = page as usize;
            let row = "requests until messages can come";
            table.add(row, "", column, requests as f64);
            let row = "what they bring, with headers";
            table.add(row, "kB", column, bytes / 1000.0);
        }
    }
    table.finish();
}

/// Loads a page in a new browser, which has nothing in any of its caches.
async fn load(stage: &Stage, page: Page) -> Tried<Value> {
    let browser = Browser::open().await?;
    // What a browser does when it begins is over.
    tokio::time::sleep(Duration::from_secs(1)).await;
    browser.devtools("Network.enable", json!({})).await?;
    // "Fast 4G", as Chromium's own tools have it: times in milliseconds, bytes in a second.
    let fast_4g = json!({
        "offline": false,
        "latency": 165,
        "downloadThroughput": 1_012_500,
        "uploadThroughput": 168_750,
    });
    browser
        .devtools("Network.emulateNetworkConditions", fast_4g)
        .await?;
    browser.slow_down(4).await?;
    browser.go_to(&stage.url(page)).await?;
    browser.wait("probe.start()").await
}

/// How many requests a page makes until it is connected, and the bytes of their answers.
async fn count(stage: &Stage, page: Page) -> Tried<(usize, f64)> {
    let browser = Browser::with_log().await?;
    browser.log().await?;
    stage.visit(&browser, page).await?;
    let mut log = browser.log().await?;
    let is = |name: &'static str| move |event: &Value| event["method"] == name;
    // The page's own files, and then some that it fetches when there is time.
    let opened = is("Network.webSocketHandshakeResponseReceived");
    let end = log.iter().position(opened).unwrap_or(log.len());
    log.truncate(end);
    let is_request = |event: &&Value| match event["method"].as_str() {
        Some("Network.requestWillBeSent") => {
            let url = event["params"]["request"]["url"].as_str();
            url.is_some_and(|url| url.starts_with("http"))
        }
        Some("Network.webSocketCreated") => true,
        _ => false,
    };
    let bytes = |event: &Value| event["params"]["encodedDataLength"].as_f64();
    let requests = log.iter().filter(is_request).count();
    let finished = log
        .iter()
        .filter(|event| is("Network.loadingFinished")(event));
    Ok((requests, finished.filter_map(bytes).sum()))
}
