//! The SignalR client in bad weather, as long as one likes.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::process::{Outcome, cargo, run};

/// Which schedules to play.
#[derive(Args)]
pub(crate) struct Options {
    /// How many schedules to play.
    #[arg(long, default_value_t = 1_000_000, conflicts_with = "seed")]
    count: u64,
    /// Play the schedule of this seed alone, and tell what happens in it.
    #[arg(long)]
    seed: Option<u64>,
}

/// Plays schedules: those of the seeds that follow the time, or a single one.
///
/// # Errors
/// A schedule breaks a rule.
pub(crate) fn run_schedules(options: &Options) -> Outcome {
    let (count, first) = match options.seed {
        Some(seed) => (1, seed),
        // Other ones each time.
        None => (options.count, now()),
    };
    let example = [
        "run",
        "--package",
        "serverless-chat",
        "--example",
        "simulate",
        "--profile",
        "simulation",
        "--",
    ];
    run(
        cargo()
            .args(example)
            .args([count.to_string(), first.to_string()])
            .env("RUST_BACKTRACE", "0"),
        "The lines above say which rule is broken, and how to play that schedule again.",
    )
}

/// Seconds since 1970, a million seeds each.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() * 1_000_000)
}
