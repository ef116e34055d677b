//! A ChromeDriver process, that ends with its owner, and its browsers with it.

use std::process::Stdio;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running ChromeDriver.
pub(crate) struct Driver {
    process: Child,
    /// Where it listens.
    pub(crate) url: String,
}

impl Driver {
    /// Starts one on a port that is free.
    ///
    /// It takes a free port on IPv4, and gives up if the same one is taken on IPv6: then another
    /// try finds another.
    pub(crate) async fn start() -> Driver {
        for _ in 0..10 {
            if let Some(driver) = Driver::try_start().await {
                return driver;
            }
        }
        panic!("chromedriver finds no port");
    }

    async fn try_start() -> Option<Driver> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A group of its own, which the browsers that it starts belong to.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is installed: cargo xtask setup --test");
        let output = process.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await.expect("chromedriver speaks") {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                let port = port.trim_end_matches('.');
                let url = format!("http://localhost:{port}");
                return Some(Driver { process, url });
            }
        }
        None
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A story that fails leaves its browser open.
        let group = self.process.id().and_then(|id| i32::try_from(id).ok());
        if let Some(Err(error)) = group.map(|group| killpg(Pid::from_raw(group), Signal::SIGKILL)) {
            eprintln!("a browser may still run: {error}");
        }
    }
}
