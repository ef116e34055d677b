//! The app as static files.

use crate::process::{Failure, Outcome, root, run};
use crate::publish::{self, publish};
use crate::setup::{Tools, find};
use crate::shrink::shrink;
use crate::size;
use crate::split;

/// How to build.
#[derive(clap::Args, Debug, Default)]
pub(crate) struct Options {
    #[command(flatten)]
    publish: publish::Options,
    /// Build quickly: a large and slow app, for trying end-to-end stories.
    #[arg(long)]
    dev: bool,
}

/// Builds `dist`, ready to be uploaded, and prints what a visitor loads.
///
/// # Errors
/// An option cannot be used, wasm-opt is not there, or the build fails.
pub(crate) fn run_build(tools: &Tools, options: &Options) -> Outcome {
    // Before the build, which takes minutes.
    options.publish.check()?;
    let dist = root().join("dist");
    let see = "The words above say what is wrong.";
    if options.dev {
        run(tools.program("trunk").arg("build"), see)?;
    } else {
        wasm_opt()?;
        run(&mut split::trunk(tools)?, see)?;
        shrink(&dist)?;
        split::finish(&dist)?;
    }
    publish(&dist, &options.publish)?;
    if options.dev {
        // Nobody downloads it, and packing it takes longer than building it.
        return Ok(());
    }
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
