//! The test targets: finding their files, running them, reading what they print.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::source::{self, Test};
use super::verdict::Ran;
use crate::process::{Failure, Outcome, cargo, root, shown};

/// A target with tests that may name rows.
pub(super) struct Suite {
    /// What makes cargo take it.
    target: &'static [&'static str],
    /// The folder of its root module.
    crate_folder: &'static str,
    /// The folder in which its tests are looked for.
    tests_folder: &'static str,
}

/// Where tests that name rows may be.
pub(super) const SUITES: [Suite; 3] = [
    Suite {
        target: &["--lib"],
        crate_folder: "src",
        tests_folder: "src/signalr",
    },
    Suite {
        target: &["--test", "conformance"],
        crate_folder: "tests/conformance",
        tests_folder: "tests/conformance",
    },
    Suite {
        target: &["--test", "side_by_side"],
        crate_folder: "tests/side_by_side",
        tests_folder: "tests/side_by_side",
    },
];

impl Suite {
    /// Its tests that name rows; none if the folder is not there.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn tests(&self, families: &[String]) -> Outcome<Vec<Test>> {
        let mut tests = Vec::new();
        for path in files(&root().join(self.tests_folder))? {
            let module = module_of(path.strip_prefix(root().join(self.crate_folder)).ok());
            tests.extend(source::tests(&read(&path)?, &module, families));
        }
        Ok(tests)
    }

    /// Runs these tests of it.
    ///
    /// # Errors
    /// They cannot be built.
    pub(super) fn run(&self, tests: Vec<Test>) -> Outcome<Vec<Ran>> {
        if tests.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = cargo();
        command.args(["test", "--package", "serverless-chat"]);
        command.args(self.target);
        println!("$ {} (the tests that name rows)", shown(&command));
        command.args(["--", "--exact"]);
        command.args(tests.iter().map(|test| &test.path));
        let output = command.stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| Failure(format!("cargo cannot be run ({error}).")))?;
        let printed = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            println!("{printed}");
        }
        let results = results(&printed);
        if results.is_empty() && !output.status.success() {
            return Err(Failure("The lines above say what is wrong.".to_owned()));
        }
        let ran = |test: Test| Ran {
            passed: results.get(test.path.as_str()).copied(),
            test,
        };
        Ok(tests.into_iter().map(ran).collect())
    }
}

/// The tests that libtest says it ran, and whether they passed.
fn results(printed: &str) -> HashMap<&str, bool> {
    let result = |line| {
        let (path, outcome) = str::strip_prefix(line, "test ")?.split_once(" ... ")?;
        let path = path.strip_suffix(" - should panic").unwrap_or(path);
        match outcome {
            "ok" => Some((path, true)),
            "FAILED" => Some((path, false)),
            _ => None,
        }
    };
    printed.lines().filter_map(result).collect()
}

/// The path of the module that a file is, given the file's path from the root module's folder.
fn module_of(file: Option<&Path>) -> String {
    let file = file.map(|file| file.with_extension("")).unwrap_or_default();
    let parts = file.iter().map(|part| part.to_string_lossy());
    let mut parts: Vec<_> = parts.collect();
    if parts.last().is_some_and(|last| last == "mod") || parts == ["main"] || parts == ["lib"] {
        parts.pop();
    }
    parts.join("::")
}

/// The Rust files below a folder, in order.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The text of a file.
///
/// # Errors
/// It cannot be read.
pub(super) fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("{} cannot be read: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_the_lines_of_tests() {
        let printed = "\nrunning 4 tests\ntest a::b ... ok\ntest c ... FAILED\n\
            test d - should panic ... ok\ntest e ... ignored\n\nfailures:\n\n---- c stdout ----\n\
            test result: FAILED. 2 passed; 1 failed\n";
        let expected = HashMap::from([("a::b", true), ("c", false), ("d", true)]);
        assert_eq!(results(printed), expected);
    }

    #[test]
    fn files_are_modules() {
        let module = |file: &str| module_of(Some(Path::new(file)));
        assert_eq!(module("signalr/retry.rs"), "signalr::retry");
        assert_eq!(module("signalr/client/mod.rs"), "signalr::client");
        assert_eq!(module("main.rs"), "");
        assert_eq!(module("streams.rs"), "streams");
        assert_eq!(module("streams/main.rs"), "streams::main");
    }
}
