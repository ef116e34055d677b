//! A browser that can be slowed down, counted and given up.

use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::driver::Driver;
use super::vendor::Vendor;

/// What a command of a browser comes to.
pub(crate) type Tried<T = ()> = Result<T, CmdError>;

/// Headless Chromium with a fresh profile, and `probe.js` in every page. Dropped, it is killed,
/// whatever it does.
pub(crate) struct Browser {
    client: Client,
    _driver: Driver,
}

impl Browser {
    /// Opens one.
    pub(crate) async fn open() -> Tried<Browser> {
        Browser::with(json!({})).await
    }

    /// Opens one that keeps a log of its requests.
    pub(crate) async fn with_log() -> Tried<Browser> {
        Browser::with(json!({ "performance": "ALL" })).await
    }

    async fn with(logs: Value) -> Tried<Browser> {
        let driver = Driver::start().await;
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--window-size=1280,800",
        ];
        let capabilities = json!({
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": logs,
            // What takes too long is given up here, not there.
            "timeouts": { "script": 3_600_000, "pageLoad": 3_600_000 },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("it is written as an object")
        };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let client = builder.connect(&driver.url).await.expect("Chromium starts");
        let browser = Browser {
            client,
            _driver: driver,
        };
        let probe = json!({ "source": include_str!("probe.js") });
        browser
            .devtools("Page.addScriptToEvaluateOnNewDocument", probe)
            .await?;
        Ok(browser)
    }

    /// Goes to an address. Returns when the page has loaded.
    pub(crate) async fn go_to(&self, url: &str) -> Tried {
        self.client.goto(url).await
    }

    /// What an expression is in the page.
    pub(crate) async fn value(&self, expression: &str) -> Tried<Value> {
        let script = format!("return {expression}");
        self.client.execute(&script, Vec::new()).await
    }

    /// What the promise that an expression is in the page comes to.
    pub(crate) async fn wait(&self, expression: &str) -> Tried<Value> {
        let script = format!("{expression}.then(arguments[0])");
        self.client.execute_async(&script, Vec::new()).await
    }

    /// Waits until a selector finds something.
    pub(crate) async fn wait_for(&self, selector: &str) -> Tried {
        let found = format!("document.querySelector(`{selector}`) !== null");
        while self.value(&found).await? != json!(true) {
            // A browser tells nobody that something on a page has changed: it has to be asked.
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        Ok(())
    }

    /// A command of the DevTools protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Tried<Value> {
        self.client
            .issue_cmd(Vendor::devtools(command, &parameters))
            .await
    }

    /// Makes scripts, styles and layout so many times slower.
    pub(crate) async fn slow_down(&self, rate: u32) -> Tried {
        self.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": rate }))
            .await
            .map(drop)
    }

    /// Throws away what nobody holds any more.
    pub(crate) async fn collect_garbage(&self) -> Tried {
        // What a first round has finalised, a second one frees.
        for _ in 0..2 {
            self.devtools("HeapProfiler.collectGarbage", json!({}))
                .await?;
        }
        Ok(())
    }

    /// Presses and releases a key that writes a letter.
    pub(crate) async fn press(&self, letter: &str) -> Tried {
        for (kind, text) in [("keyDown", letter), ("keyUp", "")] {
            let event = json!({ "type": kind, "key": letter, "text": text });
            self.devtools("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// What the log of requests has got.
    pub(crate) async fn log(&self) -> Tried<Vec<Value>> {
        let log = self.client.issue_cmd(Vendor::log("performance")).await?;
        let entries = log.as_array().cloned().unwrap_or_default();
        let event = |entry: &Value| {
            let entry = serde_json::from_str::<Value>(entry["message"].as_str()?).ok()?;
            Some(entry["message"].clone())
        };
        Ok(entries.iter().filter_map(event).collect())
    }
}

/// What something comes to, if it does within `cap` and without an error: a page that crashes has
/// not finished either.
pub(crate) async fn within<T>(cap: Duration, tried: impl Future<Output = Tried<T>>) -> Option<T> {
    match tokio::time::timeout(cap, tried).await {
        Ok(Ok(value)) => Some(value),
        Ok(Err(error)) => {
            eprintln!("  given up: {error}");
            None
        }
        Err(_) => None,
    }
}
