//! What is built in: under which licences, and from where.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::process::{Failure, Outcome, cargo, output};

/// The licences that a package may have. All of them let the app be published under its own.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    // Of what drives the browser in tests.
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks each package of Cargo.lock.
///
/// # Errors
/// One has another licence, or comes from elsewhere than crates.io.
pub(crate) fn check() -> Outcome {
    let arguments = ["metadata", "--format-version", "1", "--locked"];
    let text = output(cargo().args(arguments)).ok_or_else(|| {
        Failure("cargo metadata fails. Check that Cargo.lock is as it was committed.".to_owned())
    })?;
    let metadata: Value = serde_json::from_str(&text)
        .map_err(|error| Failure(format!("cargo metadata cannot be read: {error}.")))?;
    let packages = metadata["packages"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let amiss: Vec<String> = packages.iter().filter_map(amiss).collect();
    if packages.is_empty() || !amiss.is_empty() {
        return Err(Failure(format!(
            "Of {} packages these are not allowed: {}. Do without them, or think about xtask/src/licences.rs.",
            packages.len(),
            amiss.join("; ")
        )));
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for package in packages {
        *counts
            .entry(package["license"].as_str().unwrap_or_default())
            .or_default() += 1;
    }
    println!("{:>5}  licence", "");
    for (licence, count) in counts {
        println!("{count:>5}  {licence}");
    }
    Ok(())
}

/// What is wrong with a package, if anything is.
fn amiss(package: &Value) -> Option<String> {
    let name = package["name"]
        .as_str()
        .unwrap_or("a package without a name");
    let source = package["source"].as_str();
    if source.is_some_and(|source| source != CRATES_IO) {
        return Some(format!("{name} comes from {}", source.unwrap_or_default()));
    }
    let licence = package["license"].as_str().unwrap_or("no licence");
    (!allowed(licence)).then(|| format!("{name} has {licence}"))
}

/// True if the expression can be met with allowed licences alone. `OR` is an older `/`, and binds
/// less than `AND`.
fn allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    let expression = words.join(" ");
    any(&expression)
}

fn any(expression: &str) -> bool {
    parts(expression, " OR ").into_iter().any(all)
}

fn all(expression: &str) -> bool {
    parts(expression, " AND ").into_iter().all(|one| {
        let inner = one.strip_prefix('(').and_then(|one| one.strip_suffix(')'));
        inner.map_or_else(|| ALLOWED.contains(&one), any)
    })
}

/// An expression cut at a word, wherever that is not in parentheses.
fn parts<'a>(expression: &'a str, word: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0);
    for (at, c) in expression.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 && expression[at..].starts_with(word) => {
                parts.push(&expression[start..at]);
                start = at + word.len();
            }
            _ => {}
        }
    }
    parts.push(&expression[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_expression_is_met_by_any_of_its_choices() {
        for (expression, met) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0 AND MIT", false),
            ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
            ("(GPL-3.0 OR AGPL-3.0) AND MIT", false),
            ("MIT OR GPL-3.0 AND AGPL-3.0", true),
            ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
            ("no licence", false),
            ("", false),
        ] {
            assert_eq!(allowed(expression), met, "{expression}");
        }
    }

    #[test]
    fn a_package_comes_from_here_or_from_the_registry() {
        let package = |source| json!({ "name": "a", "license": "MIT", "source": source });
        assert_eq!(amiss(&package(Value::Null)), None);
        assert_eq!(amiss(&package(json!(CRATES_IO))), None);
        let elsewhere = amiss(&package(json!("git+https://example.com/a"))).unwrap();
        assert!(
            elsewhere.contains("git+https://example.com/a"),
            "{elsewhere}"
        );
        let none = amiss(&json!({ "name": "b" })).unwrap();
        assert_eq!(none, "b has no licence");
    }
}
