//! What became of each line of `tests/conformance/rows.md`.
//!
//! | module | is for |
//! |---|---|
//! | [`ids`] | the ids in a text |
//! | [`rows`] | the list of what is asked for |
//! | [`source`] | the tests in a source file, and the ids that they name |
//! | [`suite`] | the test targets: finding their files, running them, reading what they print |
//! | [`verdict`] | rows and tests put together |

mod ids;
mod rows;
mod source;
mod suite;
mod verdict;

use std::collections::BTreeMap;

use crate::process::{Failure, Outcome, root};
use rows::Row;
use suite::SUITES;
use verdict::{Report, Verdict};

/// Runs the tests that name rows, and prints what became of each row, or only what is amiss.
///
/// # Errors
/// A row that applies has no test or one that fails, a row both has a test and does not apply, or a
/// test names a row that does not exist; or the list or a source file cannot be read.
pub(crate) fn run(summary: bool) -> Outcome {
    let path = root().join("tests/conformance/rows.md");
    let rows = rows::parse(&suite::read(&path)?)?;
    let families = rows::families(&rows);
    let mut tests = Vec::new();
    for suite in &SUITES {
        let named = suite.tests(&families)?;
        tests.extend(suite.run(named)?);
    }
    let report = verdict::judge(&rows, &tests);
    if !summary {
        println!();
        report.verdicts.iter().for_each(print);
    }
    print_totals(&report);
    match report.problems.len() {
        0 => Ok(()),
        count => Err(Failure(format!(
            "Conformance: {count} problems, as listed above."
        ))),
    }
}

fn print((row, verdict, tests): &(&Row, Verdict, Vec<&str>)) {
    let why = row.reason.as_deref().unwrap_or_default();
    let words = verdict.to_string();
    println!("{:<7} {words:<14} {}{why}", row.id, tests.join(", "));
}

fn print_totals(report: &Report) {
    if !report.problems.is_empty() {
        println!();
    }
    for problem in &report.problems {
        println!("{problem}");
    }
    let mut totals = BTreeMap::new();
    for (_, verdict, _) in &report.verdicts {
        *totals.entry(*verdict).or_insert(0) += 1;
    }
    println!("\n{:>4} rows", report.verdicts.len());
    for (verdict, count) in totals {
        println!("{count:>4} {verdict}");
    }
}
