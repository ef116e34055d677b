//! How fast it is, beside something else, in one run.

mod pages;
mod protocol;

use std::fs;
use std::path::Path;

use clap::ValueEnum;

use crate::dist;
use crate::process::{Failure, Outcome, cargo, run};
use crate::setup::{self, Tools};

/// Something to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// Reading and writing hub messages, beside the official client.
    Protocol,
    /// Many messages, one more, a key, memory, idleness: beside pages by hand and with Vue.
    Chat,
    /// The time until the page can be used, beside the same pages.
    Start,
    /// The local backend with two thousand clients.
    Backend,
}

/// Runs the benches, all of them if none is named, and prints what they find.
///
/// # Errors
/// Something cannot be built or measured; never that it is slow.
pub(crate) fn run_benches(benches: &[Bench]) -> Outcome {
    let tools = setup::for_tests()?;
    let all = Bench::value_variants();
    let benches = if benches.is_empty() { all } else { benches };
    if benches.contains(&Bench::Chat) || benches.contains(&Bench::Start) {
        dist::run_build(&tools, &dist::Options::default())?;
        pages::gather()?;
    }
    for bench in benches {
        bench.run(&tools)?;
    }
    Ok(())
}

const SEE_ABOVE: &str = "The lines above say what is wrong.";

impl Bench {
    fn run(self, tools: &Tools) -> Outcome {
        let name = match self {
            Bench::Protocol => {
                protocol::build(tools)?;
                "protocol"
            }
            Bench::Chat => "chat",
            Bench::Start => "start",
            Bench::Backend => "backend",
        };
        // Not the release build, which is made to be small.
        let example = ["run", "--quiet", "--profile", "simulation"];
        run(
            cargo()
                .args(example)
                .args(["--package", "serverless-chat", "--example", "bench", "--"])
                .arg(name),
            SEE_ABOVE,
        )
    }
}

/// Copies a file into a folder, which is made if it is not there.
fn copy(file: &Path, folder: &Path) -> Outcome {
    let name = file.file_name().unwrap_or_default();
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(file, folder.join(name)))
        .map(drop)
        .map_err(|error| {
            Failure(format!(
                "{} cannot be copied into {}: {error}.",
                file.display(),
                folder.display()
            ))
        })
}
