//! What a server may send, made up by a fuzzer.

use clap::{Args, ValueEnum};

use crate::process::{Failure, Outcome, cargo, output, root, run};

/// What to fuzz.
#[derive(Args)]
pub(crate) struct Options {
    /// The targets; all of them, one after the other, if none is named.
    #[arg(value_enum)]
    targets: Vec<Target>,
    /// How long to fuzz each, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// A target of `tests/fuzz`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Target {
    /// Records in pieces.
    Framing,
    /// Hub messages.
    Message,
    /// Answers to a handshake and to a negotiation.
    Negotiate,
}

/// Runs the targets. A text that breaks something is kept in `tests/fuzz/artifacts`, and said.
///
/// # Errors
/// Something broke, hung, or took far more memory than its input; or cargo-fuzz is not installed.
pub(crate) fn run_targets(options: &Options) -> Outcome {
    if output(cargo().args(["fuzz", "--version"])).is_none() {
        return Err(Failure(
            "cargo-fuzz is not installed: cargo install cargo-fuzz --locked".to_owned(),
        ));
    }
    let all = Target::value_variants();
    for target in if options.targets.is_empty() {
        all
    } else {
        &options.targets
    } {
        let name = target.to_possible_value();
        let name = name.map_or_else(String::new, |value| value.get_name().to_owned());
        let found = root().join("target/fuzz-corpus").join(&name);
        std::fs::create_dir_all(&found)
            .map_err(|error| Failure(format!("{} cannot be made: {error}.", found.display())))?;
        let limits = [
            format!("-max_total_time={}", options.seconds),
            "-timeout=5".to_owned(),
            "-rss_limit_mb=512".to_owned(),
            "-malloc_limit_mb=64".to_owned(),
            "-max_len=65536".to_owned(),
            "-print_final_stats=1".to_owned(),
        ];
        run(
            cargo()
                .args(["fuzz", "run", "--fuzz-dir", "tests/fuzz", &name])
                // Fuzzers look into the code that they run, by flags that a stable compiler has
                // and keeps for the nightly ones.
                .env("RUSTC_BOOTSTRAP", "1")
                .arg(&found)
                .arg(root().join("tests/fuzz/corpus").join(&name))
                .arg("--")
                .args(limits),
            "The lines above name the text that did it.",
        )?;
    }
    Ok(())
}
