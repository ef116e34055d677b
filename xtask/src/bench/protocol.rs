//! A page that measures what the SignalR client does with text.

use super::{SEE_ABOVE, copy};
use crate::dist;
use crate::process::{Outcome, cargo, program, root, run};
use crate::setup::{self, Tools};
use crate::test;

/// Builds it into `target/bench/protocol`.
///
/// # Errors
/// It cannot be built.
pub(super) fn build(tools: &Tools) -> Outcome {
    dist::wasm_opt()?;
    test::install(&root().join("backend/tests/official_client"))?;
    let source = root().join("tests/bench/protocol");
    let page = root().join("target/bench/protocol");
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
    Ok(())
}
