//! The official client, in a Node process that ends with its owner.

use std::future::Future;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

use crate::scenario::ClientPart;
use crate::transcript::Lines;

/// Plays the client's part of a scenario. The process is kept until `server_ended`, so that nothing it
/// still sends is lost.
pub(crate) async fn play(part: &ClientPart, heard: &Lines, server_ended: impl Future<Output = ()>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = "backend/tests/official_client/node_modules/@microsoft/signalr";
    assert!(
        root.join(package).is_dir(),
        "the official client is not installed: cargo xtask test peer"
    );
    let mut process = Command::new("node")
        .arg("play.mjs")
        .current_dir(root.join("tests/side_by_side/official"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node is installed: cargo xtask setup --test");
    let mut input = process.stdin.take().expect("its input is piped");
    let scenario = serde_json::to_string(part).expect("a scenario is JSON");
    let line = [&scenario, "\n"].concat();
    input
        .write_all(line.as_bytes())
        .await
        .expect("it reads the scenario");
    let output = process.stdout.take().expect("its output is piped");
    let mut output = BufReader::new(output).lines();
    loop {
        let line = output.next_line().await.expect("it speaks");
        let line = line.expect("it plays to the end; what is wrong is said above");
        let line: Option<String> = serde_json::from_str(&line).expect("a line of JSON");
        match line {
            Some(line) => heard.push(line),
            None => break,
        }
    }
    server_ended.await;
}
