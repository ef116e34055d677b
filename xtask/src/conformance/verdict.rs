//! Rows and tests put together.

use std::fmt;

use super::rows::Row;
use super::source::Test;

/// A test, and how it went.
#[derive(Clone, Debug)]
pub(super) struct Ran {
    pub(super) test: Test,
    /// `None` if it was not run: it is ignored, or not built natively.
    pub(super) passed: Option<bool>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// All tests that name it pass, and there is one.
    Pass,
    /// One of them does not.
    Fail,
    /// It has a reason instead.
    NotApplicable,
    /// It has neither.
    NoTest,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "FAIL",
            Verdict::NotApplicable => "not applicable",
            Verdict::NoTest => "NO TEST",
        })
    }
}

/// What became of all rows.
pub(super) struct Report<'a> {
    /// Each row with its verdict and the paths of its tests.
    pub(super) verdicts: Vec<(&'a Row, Verdict, Vec<&'a str>)>,
    /// What is amiss, a line each.
    pub(super) problems: Vec<String>,
}

/// Puts rows and tests together.
pub(super) fn judge<'a>(rows: &'a [Row], tests: &'a [Ran]) -> Report<'a> {
    let mut problems = Vec::new();
    let mut verdicts = Vec::new();
    for row in rows {
        let named = tests.iter().filter(|ran| ran.test.ids.contains(&row.id));
        let named: Vec<&Ran> = named.collect();
        let id = &row.id;
        let verdict = match &row.reason {
            Some(_) => Verdict::NotApplicable,
            None if named.is_empty() => Verdict::NoTest,
            None if named.iter().all(|ran| ran.passed == Some(true)) => Verdict::Pass,
            None => Verdict::Fail,
        };
        if verdict == Verdict::NoTest {
            problems.push(format!("{id}: no test names it"));
        }
        for ran in &named {
            let path = &ran.test.path;
            match (verdict, ran.passed) {
                (Verdict::NotApplicable, _) => {
                    problems.push(format!("{id}: does not apply, but {path} names it"));
                }
                (_, Some(true)) => {}
                (_, Some(false)) => problems.push(format!("{id}: {path} fails")),
                (_, None) => problems.push(format!("{id}: {path} was not run")),
            }
        }
        let paths = named.iter().map(|ran| ran.test.path.as_str());
        verdicts.push((row, verdict, paths.collect()));
    }
    for Ran { test, .. } in tests {
        let unknown = test
            .ids
            .iter()
            .filter(|id| rows.iter().all(|row| row.id != **id));
        problems.extend(
            unknown.map(|id| format!("{id}: {} names it, but there is no such row", test.path)),
        );
    }
    Report { verdicts, problems }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(path: &str, ids: &[&str], passed: Option<bool>) -> Ran {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        let path = path.to_owned();
        Ran {
            test: Test { path, ids },
            passed,
        }
    }

    /// The verdict of `Q-1`, and all problems.
    fn judged(reason: Option<&str>, tests: &[Ran]) -> (Verdict, Vec<String>) {
        let rows = [Row {
            id: "Q-1".to_owned(),
            reason: reason.map(str::to_owned),
        }];
        let report = judge(&rows, tests);
        (report.verdicts[0].1, report.problems)
    }

    #[test]
    fn a_row_passes_with_all_its_tests() {
        let (good, bad) = (
            ran("a", &["Q-1"], Some(true)),
            ran("b", &["Q-1"], Some(false)),
        );
        assert_eq!(
            judged(None, std::slice::from_ref(&good)),
            (Verdict::Pass, vec![])
        );
        let fails = vec!["Q-1: b fails".to_owned()];
        assert_eq!(judged(None, &[good, bad]), (Verdict::Fail, fails));
    }

    #[test]
    fn a_test_that_was_not_run_proves_nothing() {
        let problems = vec!["Q-1: a was not run".to_owned()];
        let tests = [ran("a", &["Q-1"], None)];
        assert_eq!(judged(None, &tests), (Verdict::Fail, problems));
    }

    #[test]
    fn a_row_has_either_a_test_or_a_reason() {
        let none = vec!["Q-1: no test names it".to_owned()];
        assert_eq!(judged(None, &[]), (Verdict::NoTest, none));
        assert_eq!(judged(Some("no"), &[]), (Verdict::NotApplicable, vec![]));
        let both = vec!["Q-1: does not apply, but a names it".to_owned()];
        let tests = [ran("a", &["Q-1"], Some(true))];
        assert_eq!(judged(Some("no"), &tests), (Verdict::NotApplicable, both));
    }

    #[test]
    fn a_test_names_rows_that_are_there() {
        let tests = [ran("a", &["Q-1", "Q-2"], Some(true))];
        let problems = vec!["Q-2: a names it, but there is no such row".to_owned()];
        assert_eq!(judged(None, &tests), (Verdict::Pass, problems));
    }
}
