//! A long day of four people in bad weather.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::process::{Failure, Outcome, cargo, root, run};

/// Which day.
#[derive(Args)]
pub(crate) struct Options {
    /// The day of this seed, and not another one each time.
    #[arg(long)]
    seed: Option<u64>,
}

/// Lives through a day with the app that is in `dist`.
///
/// # Errors
/// There is no app in `dist`, or something is lost, doubled, out of order or left over.
pub(crate) fn run_day(options: &Options) -> Outcome {
    if !root().join("dist/index.html").is_file() {
        return Err(Failure(
            "There is no app in dist. Build it: cargo xtask dist".to_owned(),
        ));
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = options
        .seed
        .unwrap_or_else(|| since.map_or(0, |since| since.as_secs()));
    let example = ["run", "--package", "serverless-chat", "--example", "soak"];
    run(
        cargo()
            .args(example)
            .args(["--", &seed.to_string()])
            .env("RUST_BACKTRACE", "0"),
        &format!(
            "The lines above say what is wrong. The same day again: cargo xtask soak --seed {seed}"
        ),
    )
}
