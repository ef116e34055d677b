//! The app as static files.

use crate::process::{Failure, Outcome, root, run};
use crate::setup::{Tools, find};
use crate::shrink::shrink;
use crate::size;

/// Builds `dist` and prints what a visitor loads.
///
/// # Errors
/// wasm-opt is not there, or the build fails.
pub(crate) fn run_build(tools: &Tools) -> Outcome {
    wasm_opt()?;
    run(
        &mut tools.release_trunk("build"),
        "The words above say what is wrong.",
    )?;
    shrink(&root().join("dist"))?;
    size::print_files()
}

/// A release build needs wasm-opt, which comes with binaryen.
///
/// # Errors
/// It is not there.
pub(crate) fn wasm_opt() -> Outcome {
    match find("wasm-opt") {
        Some(_) => Ok(()),
        None => Err(Failure(
            "wasm-opt is not there; a release build needs it. On Debian or Ubuntu: sudo apt-get install binaryen"
                .to_owned(),
        )),
    }
}
