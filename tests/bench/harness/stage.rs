//! The pages and the backend that they all talk to.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use backend::options::Limits;
use backend::{Backend, Options};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::browser::{Browser, Tried};
use super::host::Host;

/// A page that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// This project's, as it is published.
    App,
    /// A few lines of JavaScript.
    Dom,
    /// The tutorial's with current libraries.
    Vue3,
    /// The tutorial's with its own.
    Vue2,
}

impl Page {
    /// In the order of the columns.
    pub(crate) const ALL: [Page; 4] = [Page::App, Page::Dom, Page::Vue3, Page::Vue2];

    /// What its column is called.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Page::App => "this app",
            Page::Dom => "by hand",
            Page::Vue3 => "Vue 3, signalr 10",
            Page::Vue2 => "Vue 2.5, signalr 1.0",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Page::App => "app",
            Page::Dom => "dom",
            Page::Vue3 => "vue3",
            Page::Vue2 => "vue2",
        }
    }
}

/// How the messages of a burst come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frames {
    /// Each in a frame of its own.
    Single,
    /// A hundred in a frame.
    Full,
    /// A thousand in a frame: the quickest way to a long history.
    Overfull,
}

impl Frames {
    /// How many messages are in a frame.
    pub(crate) fn size(self) -> usize {
        match self {
            Frames::Single => 1,
            Frames::Full => 100,
            Frames::Overfull => 1_000,
        }
    }
}

/// A host with the pages, and the backend that their settings name.
pub(crate) struct Stage {
    backend: Backend,
    host: JoinHandle<()>,
    origin: String,
}

impl Stage {
    /// Starts both.
    pub(crate) async fn new() -> Stage {
        let host = Host::bind().await;
        let options = Options {
            port: 0,
            anonymous: true,
            allow_origins: vec![host.origin().to_owned()],
            // A page that is busy for minutes is given up here, not there.
            client_timeout: Duration::from_secs(3600),
            limits: Limits {
                queue: 1 << 20,
                ..Limits::default()
            },
            ..Options::default()
        };
        let backend = Backend::start(options).await.expect("a free port");
        let settings = json!({ "apiBaseUrl": backend.url(), "authProvider": "aad" });
        let origin = host.origin().to_owned();
        let host = host.serve(&output().join("pages"), &settings.to_string());
        Stage {
            backend,
            host,
            origin,
        }
    }

    /// The address of a page.
    pub(crate) fn url(&self, page: Page) -> String {
        format!("{}/{}/", self.origin, page.folder())
    }

    /// Opens a page as somebody does who was never there, and waits until it is connected.
    pub(crate) async fn visit(&self, browser: &Browser, page: Page) -> Tried {
        // What a page kept of the messages of another round would be counted with those of this one.
        browser.go_to("about:blank").await?;
        let everything = json!({ "origin": self.origin, "storageTypes": "all" });
        browser
            .devtools("Storage.clearDataForOrigin", everything)
            .await?;
        browser.go_to(&self.url(page)).await?;
        browser
            .wait_for("[data-connection=connected] #message-box")
            .await
    }

    /// Sends messages to everybody, the first of them with number `from`. Returns the time before
    /// the first, in milliseconds by the wall clock.
    pub(crate) fn burst(&self, from: usize, count: usize, frames: Frames) -> f64 {
        let calls: Vec<Value> = (from..from + count).map(arguments).collect();
        let began = now();
        for calls in calls.chunks(frames.size()) {
            self.backend.broadcast_many("newMessage", calls);
        }
        began
    }

    /// Sends a private message in the name of `sender`.
    pub(crate) fn whisper(&self, sender: &str) {
        let message = json!([{ "sender": sender, "text": "Only for you", "isPrivate": true }]);
        self.backend.broadcast("newMessage", &message);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.host.abort();
    }
}

/// The arguments that bring message number `number`: 100 characters of somebody's.
fn arguments(number: usize) -> Value {
    let sender = format!("person{}@example.com", number % 20);
    let mut text = format!("Message {number}: ");
    let words = "a few more words about nothing, so that it is as long as messages often are. ";
    text.extend(words.chars().cycle().take(100 - text.len()));
    json!([{ "sender": sender, "text": text, "isPrivate": false }])
}

/// Milliseconds by the wall clock, which pages know too.
pub(crate) fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("it is later than 1970").as_secs_f64() * 1000.0
}

/// The folder for what a bench reads and writes.
pub(crate) fn output() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench")
}
