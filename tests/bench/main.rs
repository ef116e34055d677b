//! Measures something and prints what was found: `cargo xtask bench`, which makes what it needs.

mod benches;
mod harness;

use std::path::Path;
use std::process::ExitCode;

use benches::{backend, chat, protocol, start};
use harness::stage::output;

#[tokio::main]
async fn main() -> ExitCode {
    let name = std::env::args().nth(1).expect("the name of a bench");
    std::fs::create_dir_all(output()).expect("a folder that can be made");
    tokio::select! {
        () = run(&name) => ExitCode::SUCCESS,
        // Browsers end with what is dropped here.
        _ = tokio::signal::ctrl_c() => ExitCode::FAILURE,
    }
}

async fn run(name: &str) {
    match name {
        "protocol" => protocol::run(Path::new(&output().join("protocol"))).await,
        "chat" => chat::run().await,
        "start" => start::run().await,
        "backend" => backend::run().await,
        other => panic!("there is no bench {other}"),
    }
}
