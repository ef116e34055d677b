//! What a page does while nothing changes.

use std::time::Duration;

use super::bursts::{number, settle};
use crate::harness::browser::{Browser, Tried, within};
use crate::harness::stage::{Frames, Page, Stage};
use crate::harness::table::Table;

const MINUTE: Duration = Duration::from_secs(60);

/// Leaves all pages alone for the same minute.
pub(crate) async fn measure(stage: &Stage, table: &mut Table) {
    println!("idle, for a minute");
    let mut opened = Vec::new();
    for page in Page::ALL {
        if let Some(browser) = within(MINUTE, open(stage, page)).await {
            opened.push((page, browser));
        }
    }
    // All see the same messages at the same time.
    stage.burst(0, 100, Frames::Full);
    tokio::time::sleep(Duration::from_secs(3)).await;
    for (_, browser) in &opened {
        within(MINUTE, browser.value("probe.asked()")).await;
    }
    tokio::time::sleep(MINUTE).await;
    for (page, browser) in &opened {
        if let Some(asked) = within(MINUTE, browser.value("probe.asked()")).await {
            let column = *page as usize;
            for (row, what) in [
                ("idle: timers in a minute", "timers"),
                ("idle: frames in a minute", "frames"),
            ] {
                table.add(row, "", column, number(&asked[what]));
            }
        }
    }
}

async fn open(stage: &Stage, page: Page) -> Tried<Browser> {
    let browser = Browser::open().await?;
    stage.visit(&browser, page).await?;
    settle(&browser).await?;
    Ok(browser)
}
