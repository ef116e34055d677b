//! Everything that has to pass.

use std::path::Path;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::conformance;
use crate::dist;
use crate::licences;
use crate::process::{Failure, Outcome, cargo, output, program, root, run};
use crate::setup::{self, Tools};
use crate::size;

/// A part of the tests. In this order: the quick ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// The code is formatted.
    Fmt,
    /// What is built in comes from where it should, under licences that are allowed.
    Licences,
    /// No lint has anything to say, natively and for WebAssembly.
    Clippy,
    /// Whatever needs no browser.
    Native,
    /// The official SignalR client gets along with the backend, and does what this project's does.
    Peer,
    /// Thin wrappers, in a browser.
    Browser,
    /// The app builds as it is published, within its budget of bytes.
    Dist,
    /// Whole stories, in a browser, on the published app; and the app on real web hosts.
    E2e,
}

/// Runs the steps, all of them if none is named.
///
/// # Errors
/// The first step that fails.
pub(crate) fn run_steps(steps: &[Step]) -> Outcome {
    let tools = setup::for_tests()?;
    let all = Step::value_variants();
    let mut times = Vec::new();
    for step in if steps.is_empty() { all } else { steps } {
        let name = name(*step);
        println!("\n== {name}");
        let began = Instant::now();
        step.run(&tools).map_err(|Failure(line)| {
            Failure(format!(
                "Step {name}: {line} To repeat it alone: cargo xtask test {name}"
            ))
        })?;
        times.push((name, began.elapsed()));
    }
    println!("\nAll passed.");
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    for (name, time) in times.into_iter().chain([("in all".to_owned(), total)]) {
        println!("{:>6.1} s  {name}", time.as_secs_f64());
    }
    Ok(())
}

/// Builds the app and takes pictures of its states.
///
/// # Errors
/// The build fails, or a state cannot be reached.
pub(crate) fn screenshots() -> Outcome {
    let tools = setup::for_tests()?;
    Step::Dist.run(&tools)?;
    let example = [
        "run",
        "--package",
        "serverless-chat",
        "--example",
        "screenshots",
        "--",
    ];
    let pictures = root().join("target/screenshots");
    run(cargo().args(example).arg(&pictures), SEE_ABOVE)?;
    let images = root().join("docs/images");
    for (picture, image) in README_IMAGES {
        std::fs::create_dir_all(&images)
            .and_then(|()| std::fs::copy(pictures.join(picture), images.join(image)))
            .map_err(|error| Failure(format!("docs/images/{image} cannot be written: {error}.")))?;
    }
    Ok(())
}

/// The pictures that README.md shows, and the names that it knows them by.
const README_IMAGES: [(&str, &str); 4] = [
    ("room-wide-light.png", "room.png"),
    ("reconnecting-phone-dark.png", "reconnecting.png"),
    ("private-phone-light.png", "private.png"),
    ("dutch-settings-wide-dark.png", "settings.png"),
];

impl setup::Engine {
    /// What the names of its stories begin with.
    fn stories(self) -> &'static str {
        match self {
            setup::Engine::Firefox => "engines::firefox",
            setup::Engine::WebKit => "engines::webkit",
        }
    }
}

fn name(step: Step) -> String {
    step.to_possible_value()
        .map_or_else(String::new, |value| value.get_name().to_owned())
}

const SEE_ABOVE: &str = "The lines above say what is wrong.";

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

impl Step {
    fn run(self, tools: &Tools) -> Outcome {
        let app = ["--package", "serverless-chat"];
        match self {
            Step::Fmt => run(
                cargo().args(["fmt", "--all", "--check"]),
                "To mend it: cargo fmt --all.",
            ),
            Step::Licences => licences::check(),
            Step::Clippy => {
                let deny = ["--all-targets", "--", "-D", "warnings"];
                run(
                    cargo().args(["clippy", "--workspace"]).args(deny),
                    SEE_ABOVE,
                )?;
                // Examples are programs for this machine.
                let parts = ["--lib", "--bins", "--tests", "--", "-D", "warnings"];
                run(
                    cargo().arg("clippy").args(app).args(WASM).args(parts),
                    SEE_ABOVE,
                )
            }
            Step::Native => {
                let tests = [
                    "test",
                    "--workspace",
                    "--lib",
                    "--bins",
                    "--test",
                    "http",
                    "--test",
                    "connection_string",
                    "--test",
                    "platform",
                    "--test",
                    "input",
                    "--test",
                    "transports",
                    "--test",
                    "conformance",
                    "--test",
                    "properties",
                    "--test",
                    "memory",
                    "--test",
                    "simulation",
                ];
                run(cargo().args(tests), SEE_ABOVE)?;
                run(cargo().args(["test", "--doc"]).args(app), SEE_ABOVE)?;
                let doc = ["doc", "--workspace", "--no-deps", "--quiet"];
                run(
                    cargo().args(doc).env("RUSTDOCFLAGS", "-D warnings"),
                    SEE_ABOVE,
                )
            }
            Step::Peer => {
                install(&root().join("backend/tests/official_client"))?;
                run(
                    cargo().args(["test", "--package", "backend", "--test", "official_client"]),
                    SEE_ABOVE,
                )?;
                run(
                    cargo()
                        .arg("test")
                        .args(app)
                        .args(["--test", "side_by_side"]),
                    SEE_ABOVE,
                )?;
                conformance::run(true)
            }
            Step::Browser => {
                let mut test = tools.program("cargo");
                test.args(["test", "--lib"]).args(app).args(WASM);
                test.env(
                    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                    "wasm-bindgen-test-runner",
                );
                if let Some(driver) = setup::find("chromedriver") {
                    test.env("CHROMEDRIVER", driver);
                }
                run(&mut test, SEE_ABOVE)
            }
            Step::Dist => {
                dist::run_build(tools, &dist::Options::default())?;
                size::check()
            }
            Step::E2e => {
                install(&root().join("tests/e2e"))?;
                let mut test = tools.program("cargo");
                test.arg("test").args(app);
                test.args(["--test", "e2e", "--test", "hosting", "--"]);
                for engine in setup::Engine::ALL {
                    if let Some(program) = engine.missing() {
                        println!(
                            "Left out: the stories in {engine:?}, since {program} is not installed."
                        );
                        test.args(["--skip", engine.stories()]);
                    }
                }
                // Each story starts browsers of its own; more at once only slow each other down.
                run(test.env("RUST_TEST_THREADS", "2"), SEE_ABOVE)
            }
        }
    }
}

/// Installs the packages that a folder's lock file names, if they are not there.
///
/// # Errors
/// They cannot be had.
pub(crate) fn install(folder: &Path) -> Outcome {
    if is_installed(folder) {
        return Ok(());
    }
    run(
        program("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(folder),
        "Check that the npm registry can be reached.",
    )
}

/// True if npm has installed what the lock file names.
fn is_installed(folder: &Path) -> bool {
    let list = output(
        program("npm")
            .args(["ls", "--depth", "0"])
            .current_dir(folder),
    );
    folder.join("node_modules").is_dir() && list.is_some()
}
