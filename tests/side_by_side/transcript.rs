//! What a client did, made comparable.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use similar::{ChangeTag, DiffOp, TextDiff};

/// A part of a transcript. What happens within a part has an order that a scenario fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// What the application was told.
    Application,
    /// Negotiations, and the opening of sockets and event streams.
    Requests,
    /// The polls of a long-polling connection, and its end.
    Polls,
    /// Requests that carry what the client sends, each with its records.
    Posts,
    /// What the client sent over a socket, counted from 1: a record a line.
    Socket(usize),
}

/// What a client did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Transcript(BTreeMap<Part, Vec<String>>);

impl Transcript {
    pub(crate) fn add(&mut self, part: Part, line: String) {
        self.0.entry(part).or_default().push(line);
    }

    /// How many lines have this text in them.
    pub(crate) fn count(&self, text: &str) -> usize {
        let lines = self.0.values().flatten();
        lines.filter(|line| line.contains(text)).count()
    }

    fn part(&self, part: Part) -> &[String] {
        self.0.get(&part).map_or(&[], Vec::as_slice)
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (part, lines) in &self.0 {
            writeln!(f, "  {part:?}")?;
            for line in lines {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}

/// Lines that are still being written.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    pub(crate) fn push(&self, line: String) {
        self.0.lock().expect("nobody panicked with it").push(line);
    }

    /// How many lines have this text in them.
    pub(crate) fn count(&self, text: &str) -> usize {
        let lines = self.0.lock().expect("nobody panicked with it");
        lines.iter().filter(|line| line.contains(text)).count()
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("nobody panicked with it"))
    }
}

/// The addresses of a server, as in `http://127.0.0.1:1234`.
pub(crate) struct Hosts {
    pub(crate) a: String,
    pub(crate) b: String,
}

impl Hosts {
    /// `{a}` and `{b}` replaced by the addresses.
    pub(crate) fn in_full(&self, text: &str) -> String {
        text.replace("{a}", &self.a).replace("{b}", &self.b)
    }

    /// A line without what differs between any two runs or between any two languages.
    pub(crate) fn plain(&self, line: &str) -> String {
        // What is wrong with a JSON text is told otherwise by each version of Node.
        let line = match line.split_once("SyntaxError: ") {
            Some((before, _)) => &[before, "not JSON"].concat(),
            None => line,
        };
        // JavaScript puts it before an error within an error.
        let line = line.replace("Error: ", "");
        if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(&line) {
            // The order of the keys means nothing.
            return value.to_string();
        }
        let line = line.replace(&self.a, "{a}").replace(&self.b, "{b}");
        // Each client has a version of its own.
        let line = match line.split_once("Microsoft SignalR/") {
            Some((before, after)) => {
                let rest = after.trim_start_matches(|one| one != ';');
                [before, "Microsoft SignalR/version", rest].concat()
            }
            None => line,
        };
        // The time of a poll.
        match line.split_once("&_=") {
            Some((before, after)) => {
                let rest = after.trim_start_matches(|one: char| one.is_ascii_digit());
                [before, "&_=now", rest].concat()
            }
            None => line,
        }
    }
}

/// An intended difference: where the official client has some lines, ours has others.
pub(crate) struct Difference {
    part: Part,
    official: Vec<String>,
    ours: Vec<String>,
    reason: &'static str,
}

impl Difference {
    pub(crate) fn new(
        part: Part,
        official: &[&str],
        ours: &[&str],
        reason: &'static str,
    ) -> Difference {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Difference {
            part,
            official: lines(official),
            ours: lines(ours),
            reason,
        }
    }

    fn hunk(&self) -> Hunk<'_> {
        Hunk {
            part: self.part,
            official: &self.official,
            ours: &self.ours,
        }
    }
}

/// Lines of the one in the place of lines of the other.
#[derive(Debug, PartialEq, Eq)]
struct Hunk<'t> {
    part: Part,
    official: &'t [String],
    ours: &'t [String],
}

/// Fails unless the transcripts differ exactly as it is listed.
pub(crate) fn compare(official: &Transcript, ours: &Transcript, differences: &[Difference]) {
    let mut parts: Vec<Part> = official.0.keys().chain(ours.0.keys()).copied().collect();
    parts.sort_unstable();
    parts.dedup();
    let mut found = Vec::new();
    for part in &parts {
        let (one, other) = (official.part(*part), ours.part(*part));
        let hunks = similar::capture_diff_slices(similar::Algorithm::Lcs, one, other);
        found.extend(
            hunks
                .iter()
                .filter(|op| !matches!(op, DiffOp::Equal { .. }))
                .map(|op| Hunk {
                    part: *part,
                    official: &one[op.old_range()],
                    ours: &other[op.new_range()],
                }),
        );
    }
    let mut listed: Vec<&Difference> = differences.iter().collect();
    // Stable: those of a part stay in their order.
    listed.sort_by_key(|one| one.part);
    let expected: Vec<Hunk<'_>> = listed.iter().map(|one| one.hunk()).collect();
    if found == expected {
        return;
    }
    let mut report = String::new();
    for one in found.iter().filter(|one| !expected.contains(one)) {
        let _ = writeln!(report, "not listed: {one:#?}");
    }
    for (hunk, difference) in expected.iter().zip(&listed) {
        if !found.contains(hunk) {
            let reason = difference.reason;
            let _ = writeln!(report, "listed, but it does not show ({reason}): {hunk:#?}");
        }
    }
    let (one, other) = (official.to_string(), ours.to_string());
    let diff = TextDiff::from_lines(&one, &other);
    for change in diff.iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => "official",
            ChangeTag::Insert => "ours    ",
            ChangeTag::Equal => "        ",
        };
        let _ = write!(report, "{sign} {change}");
    }
    panic!("the clients differ otherwise than it is listed\n{report}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(lines: &[&str]) -> Transcript {
        let mut transcript = Transcript::default();
        for line in lines {
            transcript.add(Part::Application, (*line).to_owned());
        }
        transcript
    }

    fn difference(official: &[&str], ours: &[&str]) -> [Difference; 1] {
        [Difference::new(
            Part::Application,
            official,
            ours,
            "so it is",
        )]
    }

    #[test]
    fn equal_transcripts_and_listed_differences_pass() {
        let (one, other) = (transcript(&["1", "2"]), transcript(&["1", "3"]));
        compare(&one, &one, &[]);
        compare(&one, &other, &difference(&["2"], &["3"]));
    }

    #[test]
    #[should_panic(expected = "not listed")]
    fn an_unlisted_difference_fails() {
        compare(&transcript(&["1", "2"]), &transcript(&["1"]), &[]);
    }

    #[test]
    #[should_panic(expected = "does not show")]
    fn a_difference_that_does_not_show_fails() {
        let one = transcript(&["1", "2"]);
        compare(&one, &one, &difference(&["2"], &["3"]));
    }

    #[test]
    fn lines_are_plain() {
        let hosts = Hosts {
            a: "http://127.0.0.1:1".to_owned(),
            b: "http://127.0.0.1:2".to_owned(),
        };
        for (line, plain) in [
            (r#"{"type":1,"target":"x"}"#, r#"{"target":"x","type":1}"#),
            (
                "start failed: No: Error: Error: Why",
                "start failed: No: Why",
            ),
            (
                "GET a/hub?id=1&_=123 | marked",
                "GET a/hub?id=1&_=now | marked",
            ),
            ("at http://127.0.0.1:2/hub", "at {b}/hub"),
            (
                "x: Microsoft SignalR/1.2 (1.2.3; OS)",
                "x: Microsoft SignalR/version; OS)",
            ),
        ] {
            assert_eq!(hosts.plain(line), plain);
        }
    }
}
