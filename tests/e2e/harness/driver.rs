//! A WebDriver process, that ends with its owner, and its browsers with it.

use std::process::Stdio;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running driver.
pub(crate) struct Driver {
    /// The driver, and behind it what it needs.
    _processes: Vec<Group>,
    /// Where it listens.
    pub(crate) url: String,
}

/// A process, and whatever it starts.
pub(crate) struct Group {
    process: Child,
    /// What it says. Kept: geckodriver ends when it is not heard any more.
    output: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    /// Starts Chromium's, on a port that is free.
    ///
    /// It takes a free port on IPv4, and gives up if the same one is taken on IPv6: then another
    /// try finds another.
    pub(crate) async fn start() -> Driver {
        for _ in 0..10 {
            let mut command = Command::new("chromedriver");
            let driver = Group::spawn(command.arg("--port=0"));
            if let Some(driver) = Driver::told(driver, "started successfully on port ").await {
                return driver;
            }
        }
        panic!("chromedriver finds no port");
    }

    /// The driver, once it has said its port behind these words.
    pub(crate) async fn told(mut process: Group, words: &str) -> Option<Driver> {
        let port = process.line(words).await?;
        let port = port.trim_end_matches('.');
        Some(Driver::new(
            vec![process],
            format!("http://localhost:{port}"),
        ))
    }

    /// The driver that listens at `url`, and what it needs.
    pub(crate) fn new(processes: Vec<Group>, url: String) -> Driver {
        Driver {
            _processes: processes,
            url,
        }
    }
}

impl Group {
    /// Starts it.
    pub(crate) fn spawn(command: &mut Command) -> Group {
        let process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A group of its own, which the browsers that it starts belong to.
            .process_group(0)
            .kill_on_drop(true)
            .spawn();
        let mut process = process.unwrap_or_else(|error| {
            panic!("{command:?}: {error}. Install it: cargo xtask setup --test")
        });
        let output = process.stdout.take().expect("its output is piped");
        let output = BufReader::new(output).lines();
        Group { process, output }
    }

    /// The rest of the first line that has these words; `None` if the process ends without one.
    pub(crate) async fn line(&mut self, words: &str) -> Option<String> {
        while let Some(line) = self.output.next_line().await.expect("it writes text") {
            if let Some((_, rest)) = line.split_once(words) {
                return Some(rest.to_owned());
            }
        }
        None
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A story that fails leaves its browser open.
        let group = self.process.id().and_then(|id| i32::try_from(id).ok());
        if let Some(Err(error)) = group.map(|group| killpg(Pid::from_raw(group), Signal::SIGKILL)) {
            eprintln!("a browser may still run: {error}");
        }
    }
}
