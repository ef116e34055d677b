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
    pub(crate) async fn start() -> Driver {
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
                return Driver {
                    _process: process,
                    url,
                };
            }
        }
        panic!("chromedriver ended before it listened");
    }
}
