//! Many messages at once: how long until they are shown, and whether the page can be used meanwhile.

use std::time::Duration;

use serde_json::Value;

use crate::harness::browser::{Browser, Tried, within};
use crate::harness::stage::{Frames, Page, Stage};
use crate::harness::table::Table;

const ROUNDS: usize = 5;

/// How many messages, the pages that can be expected to show them, and after how long they are
/// given up.
const BURSTS: [(usize, &[Page], Duration); 3] = [
    (1_000, &Page::ALL, Duration::from_secs(60)),
    (3_000, &Page::ALL, Duration::from_secs(180)),
    (
        20_000,
        &[Page::App, Page::Dom, Page::Vue3],
        Duration::from_secs(60),
    ),
];

/// Whoever takes longer shows it once, and is not asked again.
const SLOW: f64 = 5_000.0;

/// A long task is one that a person can notice: the browser's own bound, in milliseconds.
const LONG: f64 = 50.0;

/// What one burst did to a page.
struct Burst {
    /// Milliseconds until all was shown.
    shown: f64,
    /// The durations of the long tasks, in milliseconds.
    long_tasks: Vec<f64>,
}

/// Measures all bursts on all pages, in turn.
pub(crate) async fn measure(stage: &Stage, table: &mut Table) {
    let mut browser = None;
    for (count, pages, cap) in BURSTS {
        for frames in [Frames::Single, Frames::Full] {
            let mut pages = pages.to_vec();
            for round in 1..=ROUNDS {
                println!("{}: round {round}", name(count, frames));
                // Nobody is always the first.
                pages.reverse();
                let mut stay = Vec::new();
                for page in pages {
                    let burst = burst(stage, &mut browser, page, count, frames);
                    let column = page as usize;
                    match within(cap, burst).await {
                        Some(burst) => {
                            if burst.shown < SLOW {
                                stay.push(page);
                            }
                            note(table, column, count, frames, &burst);
                        }
                        None => {
                            // Whatever it still does, it does no longer.
                            browser = None;
                            table.give_up(&name(count, frames), "ms", column, cap);
                        }
                    }
                }
                pages = stay;
            }
        }
    }
}

/// The rows that belong into a chart, and what they are called there.
pub(crate) fn chart_rows() -> Vec<(String, String)> {
    let row = |(count, _, _)| (name(count, Frames::Single), thousands(count));
    BURSTS.into_iter().map(row).collect()
}

async fn burst(
    stage: &Stage,
    browser: &mut Option<Browser>,
    page: Page,
    count: usize,
    frames: Frames,
) -> Tried<Burst> {
    let browser = match browser {
        Some(browser) => browser,
        None => browser.insert(Browser::open().await?),
    };
    stage.visit(browser, page).await?;
    settle(browser).await?;
    browser.value("probe.longTasks()").await?;
    browser.value(&format!("probe.arm({count})")).await?;
    let began = stage.burst(0, count, frames);
    let shown = number(&browser.wait("probe.shown()").await?) - began;
    assert!(shown > 0.0, "{page:?} showed messages before they came");
    let long_tasks = numbers(&browser.value("probe.longTasks()").await?);
    Ok(Burst { shown, long_tasks })
}

fn note(table: &mut Table, column: usize, count: usize, frames: Frames, burst: &Burst) {
    let name = name(count, frames);
    table.add(&name, "ms", column, burst.shown);
    if count < 20_000 {
        return;
    }
    let longest = burst.long_tasks.iter().copied().fold(0.0, f64::max);
    let long = burst.long_tasks.iter().filter(|time| **time > LONG).count();
    table.add(&format!("{name}: longest task"), "ms", column, longest);
    let row = format!("{name}: tasks over 50 ms");
    table.add(&row, "", column, long as f64);
}

fn name(count: usize, frames: Frames) -> String {
    let frames = match frames.size() {
        1 => "one in a frame".to_owned(),
        more => format!("{} in a frame", thousands(more)),
    };
    format!("{} messages at once, {frames}", thousands(count))
}

/// Returns when the page has nothing to do.
pub(super) async fn settle(browser: &Browser) -> Tried {
    browser.wait("probe.painted()").await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    browser.wait("probe.painted()").await.map(drop)
}

/// A number as people write it.
pub(super) fn thousands(number: usize) -> String {
    match (number / 1000, number % 1000) {
        (0, small) => small.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}

/// What a page says is a number.
pub(super) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// What a page says is a list of numbers.
pub(super) fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().into_iter().flatten();
    values.map(number).collect()
}
