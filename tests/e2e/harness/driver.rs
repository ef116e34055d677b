//! A ChromeDriver process, that ends with its owner.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running ChromeDriver.
pub(crate) struct Driver {
    /// Ends the process when dropped.
    _process: Child,
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
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is installed: cargo xtask setup --test");
        let output = process.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await.expect("chromedriver speaks") {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                let port = port.trim_end_matches('.');
                let url = format!("http://localhost:{port}");
                return Some(Driver {
                    _process: process,
                    url,
                });
            }
        }
        None
    }
}
