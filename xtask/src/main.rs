//! The project's own commands.
//!
//! | module | is for |
//! |---|---|
//! | [`setup`] | what has to be there: the wasm target, Trunk, wasm-bindgen, a browser |
//! | [`start`] | the app and the backend, until Ctrl-C |
//! | [`mod@test`] | everything that has to pass |
//! | [`dist`] | the app as static files |
//! | [`split`] | the app's module cut in two: what is loaded at once, and what later |
//! | [`shrink`] | what of those files only people would read, taken out |
//! | [`mod@publish`] | those files made ready for a web host: settings, policy, names, a service worker |
//! | [`licences`] | what may be built in |
//! | [`size`] | how large they are, why, and how large they may be |
//! | [`conformance`] | which tests of the official SignalR client the tests here answer |
//! | [`simulate`] | the SignalR client in bad weather, as long as one likes |
//! | [`soak`] | four people in bad weather, in browsers |
//! | [`fuzz`] | what a server may send, made up by a fuzzer |
//! | [`mod@bench`] | how fast it is, beside something else, in one run |
//! | [`process`] | running other programs |

mod bench;
mod conformance;
mod dist;
mod fuzz;
mod licences;
mod process;
mod publish;
mod setup;
mod shrink;
mod simulate;
mod size;
mod soak;
mod split;
mod start;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use process::Failure;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up what is missing, and run the app on the local backend until Ctrl-C.
    Start(start::Options),
    /// Set up what is missing, and run every test, or only the named steps.
    Test {
        /// The steps to run; all of them if none is named.
        #[arg(value_enum)]
        steps: Vec<test::Step>,
    },
    /// Run the tests of the SignalR client that answer to a test of the official client, and print
    /// what became of each line of `tests/conformance/rows.md`.
    Conformance {
        /// Print only totals and what is amiss.
        #[arg(long)]
        summary: bool,
    },
    /// Play random schedules of faults to the SignalR client: a million of them, or one by its seed.
    Simulate(simulate::Options),
    /// Let four people talk in browsers for minutes, with the app that is in `dist`, while everything
    /// goes wrong; and see that nothing is lost or doubled.
    Soak(soak::Options),
    /// Fuzz what reads a server's text. Needs cargo-fuzz.
    Fuzz(fuzz::Options),
    /// Measure how fast it is, beside something else, in one run.
    Bench {
        /// What to measure; everything if nothing is named.
        #[arg(value_enum)]
        benches: Vec<bench::Bench>,
    },
    /// Build the app as static files in `dist`, ready to be uploaded, and print their sizes.
    Dist(dist::Options),
    /// Build the app, print its sizes and what each crate has in them, and fail above the budget.
    Size,
    /// Set up what `start` needs.
    Setup {
        /// Also what `test` needs.
        #[arg(long)]
        test: bool,
    },
    /// Build the app and take pictures of its states into `target/screenshots`; those that README.md
    /// shows also into `docs/images`.
    Screenshots,
}

fn main() -> ExitCode {
    if let Some(code) = split::stand_in() {
        return code;
    }
    let outcome = match Arguments::parse().command {
        Command::Start(options) => start::run_until_interrupted(&options),
        Command::Test { steps } => test::run_steps(&steps),
        Command::Conformance { summary } => conformance::run(summary),
        Command::Simulate(options) => simulate::run_schedules(&options),
        Command::Soak(options) => soak::run_day(&options),
        Command::Fuzz(options) => fuzz::run_targets(&options),
        Command::Bench { benches } => bench::run_benches(&benches),
        Command::Dist(options) => {
            setup::for_app().and_then(|tools| dist::run_build(&tools, &options))
        }
        Command::Size => setup::for_app().and_then(|tools| size::run_report(&tools)),
        Command::Setup { test: false } => setup::for_app().map(drop),
        Command::Setup { test: true } => setup::for_tests().map(drop),
        Command::Screenshots => test::screenshots(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(line)) => {
            eprintln!("\nxtask: {line}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::{CommandFactory, Parser};

    use super::Arguments;
    use super::process::root;

    #[test]
    fn the_commands_can_be_parsed() {
        Arguments::command().debug_assert();
    }

    /// What README and docs tell people to type is a command.
    #[test]
    fn every_command_in_the_documentation_is_one() {
        let docs = fs::read_dir(root().join("docs")).unwrap();
        let docs = docs.map(|file| file.unwrap().path());
        let pages = docs.filter(|path| path.extension().is_some_and(|one| one == "md"));
        let mut count = 0;
        for page in pages.chain(["README.md", "SECURITY.md"].map(|name| root().join(name))) {
            let text = fs::read_to_string(&page).unwrap();
            // In a line of its own, or within a sentence.
            let lines = text.lines().filter(|line| line.starts_with("cargo xtask "));
            let spans = text
                .lines()
                .flat_map(|line| line.split('`').skip(1).step_by(2));
            let spans = spans.filter(|span| span.starts_with("cargo xtask "));
            for command in lines.chain(spans) {
                let command = command.split(" #").next().unwrap_or_default().trim();
                // Stands for what the reader has.
                let command = command.replace("URL", "https://a.b").replace("NAME", "aad");
                let words = command.split_whitespace().skip(1);
                if let Err(error) = Arguments::try_parse_from(words) {
                    let shown = error.kind() == clap::error::ErrorKind::DisplayHelp;
                    assert!(shown, "{}: {command}: {error}", page.display());
                }
                count += 1;
            }
        }
        assert!(count > 10, "{count} commands were found");
    }
}
