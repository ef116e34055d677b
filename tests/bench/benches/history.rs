//! What a page costs that has much to show already: one more message, a key, memory.

use std::time::Duration;

use serde_json::json;

use super::bursts::{number, numbers, settle, thousands};
use crate::harness::browser::{Browser, Tried, within};
use crate::harness::stage::{Frames, Page, Stage, now};
use crate::harness::table::{Table, median};

/// How often each page is filled, where that does not take too long.
const ROUNDS: usize = 3;

const SAMPLES: usize = 20;

/// How long a page may take to come from one of [`LENGTHS`] to the next, and for all that is measured there.
const CAP: Duration = Duration::from_secs(90);

/// How many messages a page is filled with, step by step.
const LENGTHS: [usize; 4] = [100, 3_000, 20_000, 100_000];

const MEGABYTE: f64 = 1024.0 * 1024.0;

/// Fills all pages, in turn, and measures them on the way.
pub(crate) async fn measure(stage: &Stage, table: &mut Table) {
    let mut pages = Page::ALL.to_vec();
    for round in 1..=ROUNDS {
        pages.reverse();
        let mut stay = Vec::new();
        for page in pages {
            println!("a history, {}: round {round}", page.title());
            if fill(stage, page, table).await {
                stay.push(page);
            }
        }
        pages = stay;
    }
}

/// Returns false if the page was given up on the way.
async fn fill(stage: &Stage, page: Page, table: &mut Table) -> bool {
    let open = async {
        let browser = Browser::open().await?;
        stage.visit(&browser, page).await?;
        Ok(browser)
    };
    let Some(browser) = within(CAP, open).await else {
        return false;
    };
    let mut visit = Visit {
        stage,
        browser,
        page,
        count: 0,
    };
    for length in LENGTHS {
        if within(CAP, visit.go_on(length, table)).await.is_none() {
            table.give_up(&after(length), "ms", page as usize, CAP);
            return false;
        }
    }
    for step in [Step::Key, Step::BusyKey, Step::Switching] {
        if within(CAP, visit.take(step, table)).await.is_none() {
            return false;
        }
    }
    true
}

/// What is done with a page that is full.
enum Step {
    /// Somebody types.
    Key,
    /// Somebody types on a slow machine while others talk.
    BusyKey,
    /// Somebody goes to and fro between conversations.
    Switching,
}

/// A page that is being filled.
struct Visit<'a> {
    stage: &'a Stage,
    browser: Browser,
    page: Page,
    /// The messages that were sent to it.
    count: usize,
}

impl Visit<'_> {
    async fn go_on(&mut self, length: usize, table: &mut Table) -> Tried {
        let column = self.page as usize;
        self.send(length - self.count).await?;
        settle(&self.browser).await?;
        if length >= 20_000 {
            let row = format!("DOM nodes after {}", thousands(length));
            table.add(&row, "", column, self.nodes().await?);
        }
        if length == 100_000 {
            let row = "memory after 100,000: JavaScript and WASM";
            table.add(row, "MB", column, self.memory().await?);
            let row = "memory after 100,000: with the DOM's";
            table.add(row, "MB", column, self.memory_with_dom().await?);
        }
        if length == 20_000 {
            return Ok(());
        }
        let mut times = Vec::new();
        for sample in 0..SAMPLES {
            // Not in step with the frames.
            let pause = 50 + sample as u64 * 7 % 17;
            tokio::time::sleep(Duration::from_millis(pause)).await;
            times.push(self.send(1).await?);
        }
        let time = median(&times).unwrap_or(f64::NAN);
        table.add(&after(length), "ms", column, time);
        Ok(())
    }

    /// Sends messages and waits until they are shown. Returns how long that took, in milliseconds.
    async fn send(&mut self, count: usize) -> Tried<f64> {
        let (from, count) = (self.count, self.count + count);
        self.count = count;
        let arm = format!("probe.arm({count})");
        self.browser.value(&arm).await?;
        let began = self.stage.burst(from, count - from, Frames::Overfull);
        Ok(number(&self.browser.wait("probe.shown()").await?) - began)
    }

    async fn take(&mut self, step: Step, table: &mut Table) -> Tried {
        let column = self.page as usize;
        match step {
            Step::Key => {
                self.type_letters().await?;
                let keys = numbers(&self.browser.value("probe.keys()").await?);
                let row = "a key in the composer after 100,000, until painted";
                let time = median(&keys).unwrap_or(f64::NAN);
                table.add(row, "ms", column, time);
            }
            Step::BusyKey => {
                self.browser.value("probe.interactions()").await?;
                self.browser.slow_down(4).await?;
                let worst = self.type_while_others_talk().await?;
                let row = "Interaction to Next Paint, 4x slower CPU, 50 messages a second";
                table.add(row, "ms", column, worst);
                self.browser.slow_down(1).await?;
            }
            // Only the app has conversations.
            Step::Switching if self.page != Page::App => {}
            Step::Switching => {
                self.switch_often().await?;
                let row = "memory after 1,000 switches more: JavaScript and WASM";
                table.add(row, "MB", column, self.memory().await?);
            }
        }
        Ok(())
    }

    /// Types into the composer, letter by letter.
    async fn type_letters(&self) -> Tried {
        let focus = "document.getElementById('message-box').focus()";
        self.browser.value(focus).await?;
        for _ in 0..SAMPLES {
            self.browser.press("a").await?;
            tokio::time::sleep(Duration::from_millis(90)).await;
        }
        settle(&self.browser).await
    }

    /// Returns the slowest interaction, in milliseconds.
    async fn type_while_others_talk(&mut self) -> Tried<f64> {
        let began = now();
        let talk = async {
            let mut every = tokio::time::interval(Duration::from_millis(20));
            for number in self.count.. {
                every.tick().await;
                self.stage.burst(number, 1, Frames::Single);
            }
        };
        tokio::select! {
            typed = self.type_letters() => typed?,
            () = talk => {}
        }
        self.count += ((now() - began) / 20.0) as usize;
        // Shorter ones than a frame are not told.
        let durations = numbers(&self.browser.value("probe.interactions()").await?);
        Ok(durations.into_iter().fold(16.0, f64::max))
    }

    /// Goes to a private conversation and back, a thousand times in all, a frame for each.
    async fn switch_often(&self) -> Tried {
        let private = "[data-conversation^='user:']";
        self.stage.whisper("person1@example.com");
        self.browser.wait_for(private).await?;
        let switch = format!(
            "(async () => {{
                for (let i = 0; i < 1000; i++) {{
                    const to = i % 2 ? '[data-conversation=room]' : \"{private}\";
                    document.querySelector(to).click();
                    await probe.painted();
                }}
            }})()"
        );
        self.browser.wait(&switch).await.map(drop)
    }

    async fn nodes(&self) -> Tried<f64> {
        self.browser.collect_garbage().await?;
        self.browser
            .devtools("Performance.enable", json!({}))
            .await?;
        let metrics = self
            .browser
            .devtools("Performance.getMetrics", json!({}))
            .await?;
        let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
        let nodes = metrics.iter().find(|metric| metric["name"] == "Nodes");
        Ok(nodes.map_or(f64::NAN, |nodes| number(&nodes["value"])))
    }

    /// Megabytes of JavaScript's objects and of WebAssembly's memory.
    async fn memory(&self) -> Tried<f64> {
        let usage = self.heap().await?;
        let wasm = self.browser.value("probe.wasmBytes()").await?;
        Ok((number(&usage["usedSize"]) + number(&wasm)) / MEGABYTE)
    }

    /// The same, and what the browser keeps for the page's elements.
    async fn memory_with_dom(&self) -> Tried<f64> {
        let usage = self.heap().await?;
        let dom = number(&usage["embedderHeapUsedSize"]) / MEGABYTE;
        Ok(self.memory().await? + dom)
    }

    async fn heap(&self) -> Tried<serde_json::Value> {
        self.browser.collect_garbage().await?;
        self.browser
            .devtools("Runtime.getHeapUsage", json!({}))
            .await
    }
}

fn after(length: usize) -> String {
    format!("one more message after {}", thousands(length))
}
