//! Browsers of three engines, each with the driver that its makers give it.

use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::driver::{Driver, Group};
use super::eventually;

/// What shows the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Chromium, with ChromeDriver.
    Blink,
    /// Firefox, with geckodriver.
    Gecko,
    /// The browser that WebKitGTK is tried with, with its WebKitWebDriver.
    WebKit,
}

impl Engine {
    /// Starts its driver.
    pub(crate) async fn driver(self) -> Driver {
        match self {
            Engine::Blink => Driver::start().await,
            Engine::Gecko => gecko().await,
            Engine::WebKit => webkit().await,
        }
    }

    /// What its driver is asked for: a browser that nobody sees, which asks pages for these
    /// languages.
    pub(crate) fn capabilities(self, languages: &str) -> Map<String, Value> {
        let capabilities = match self {
            Engine::Blink => {
                let args = [
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--window-size=1280,800",
                ];
                json!({
                    "goog:chromeOptions": { "args": args, "prefs": {
                        // Browsers block cookies of third parties, or are about to: nothing may need them.
                        "profile.cookie_controls_mode": 1,
                        "intl.accept_languages": languages,
                    } },
                    "goog:loggingPrefs": { "browser": "ALL" },
                })
            }
            Engine::Gecko => json!({
                "moz:firefoxOptions": {
                    "args": ["-headless", "--width=1280", "--height=800"],
                    "prefs": { "intl.accept_languages": languages },
                },
            }),
            Engine::WebKit => json!({
                "webkitgtk:browserOptions": {
                    "binary": mini_browser(),
                    "args": ["--automation"],
                },
            }),
        };
        let Value::Object(capabilities) = capabilities else {
            unreachable!("each is written as an object")
        };
        capabilities
    }
}

/// Starts Firefox's.
async fn gecko() -> Driver {
    let mut command = Command::new("geckodriver");
    let driver = Group::spawn(command.args(["--port", "0", "--websocket-port", "0"]));
    let driver = Driver::told(driver, "Listening on 127.0.0.1:").await;
    driver.expect("geckodriver finds a port")
}

/// Starts WebKitGTK's, with a screen that nobody sees: its browser has no other way to do without
/// one. It tells nobody its port, so it is given one.
async fn webkit() -> Driver {
    let mut command = Command::new("Xvfb");
    let screen = ["-displayfd", "1", "-screen", "0", "1280x900x24"];
    let mut screen = Group::spawn(command.args(screen).args(["-nolisten", "tcp"]));
    let number = screen.line("").await.expect("Xvfb finds a screen");
    let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let addr = free.expect("a port is free");
    let mut command = Command::new("WebKitWebDriver");
    let driver = Group::spawn(
        command
            .arg(format!("--port={}", addr.port()))
            .env("DISPLAY", format!(":{}", number.trim()))
            .env("LIBGL_ALWAYS_SOFTWARE", "1"),
    );
    eventually("WebKitWebDriver listens", async || {
        TcpStream::connect(addr).await.ok()
    })
    .await;
    Driver::new(vec![driver, screen], format!("http://{addr}"))
}

/// Where Debian has it: below the folder of the machine's kind.
fn mini_browser() -> PathBuf {
    let libraries = std::fs::read_dir("/usr/lib").expect("a system has libraries");
    libraries
        .filter_map(Result::ok)
        .map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"))
        .find(|file| file.is_file())
        .expect("WebKitGTK is installed: cargo xtask setup --test")
}
