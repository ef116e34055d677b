//! How fast it is, beside something else, in one run.

use std::fs;
use std::path::Path;

use clap::ValueEnum;

use crate::dist;
use crate::process::{Failure, Outcome, cargo, program, root, run};
use crate::setup::{self, Tools};
use crate::test;

/// Something to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// Reading and writing hub messages, beside the official client.
    Protocol,
}

/// Runs the benches, all of them if none is named, and prints what they find.
///
/// # Errors
/// Something cannot be built or measured; never that it is slow.
pub(crate) fn run_benches(benches: &[Bench]) -> Outcome {
    let tools = setup::for_tests()?;
    let all = Bench::value_variants();
    for bench in if benches.is_empty() { all } else { benches } {
        match bench {
            Bench::Protocol => protocol(&tools)?,
        }
    }
    Ok(())
}

const SEE_ABOVE: &str = "The lines above say what is wrong.";

fn protocol(tools: &Tools) -> Outcome {
    dist::wasm_opt()?;
    test::official_client()?;
    let source = root().join("tests/bench/protocol");
    let page = root().join("target/bench/protocol");
    fs::create_dir_all(&page)
        .map_err(|error| Failure(format!("{} cannot be made: {error}.", page.display())))?;
    // As the app is built: what is measured is what people load.
    let target = "wasm32-unknown-unknown";
    run(
        cargo()
            .args(["build", "--release", "--package", "protocol-bench"])
            .args(["--target", target])
            .env(setup::WASM_FLAGS.0, setup::WASM_FLAGS.1),
        SEE_ABOVE,
    )?;
    let built = root()
        .join("target")
        .join(target)
        .join("release/protocol_bench.wasm");
    run(
        tools
            .program("wasm-bindgen")
            .args(["--target", "web", "--no-typescript", "--out-dir"])
            .args([&page, &built]),
        SEE_ABOVE,
    )?;
    let module = page.join("protocol_bench_bg.wasm");
    run(
        program("wasm-opt")
            .args(["-Oz", "--enable-bulk-memory", "--enable-mutable-globals"])
            .args(["--enable-nontrapping-float-to-int", "--enable-sign-ext"])
            .arg(&module)
            .arg("-o")
            .arg(&module),
        SEE_ABOVE,
    )?;
    let package = root().join("backend/tests/official_client/node_modules/@microsoft/signalr");
    copy(&package.join("dist/browser/signalr.js"), &page)?;
    for file in ["index.html", "bench.js"] {
        copy(&source.join(file), &page)?;
    }
    let example = ["run", "--quiet", "--package", "serverless-chat"];
    run(
        cargo()
            .args(example)
            .args(["--example", "bench", "--"])
            .arg(&page),
        SEE_ABOVE,
    )
}

fn copy(file: &Path, folder: &Path) -> Outcome {
    let name = file.file_name().unwrap_or_default();
    fs::copy(file, folder.join(name))
        .map(drop)
        .map_err(|error| Failure(format!("{} cannot be copied: {error}.", file.display())))
}
