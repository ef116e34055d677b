//! What docs/hosting.md tells people to write; and that other pages name only what is there.

use std::fs;
use std::path::Path;

use serverless_chat::config::KNOWN_KEYS;

fn page(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(file).expect(name)
}

/// The blocks of code in one section, in this language.
pub(crate) fn blocks(section: &str, language: &str) -> Vec<String> {
    let text = page("docs/hosting.md");
    let heading = ["\n## ", section, "\n"].concat();
    let (_, text) = text.split_once(&heading).expect(section);
    let text = text.split("\n## ").next().unwrap_or_default();
    let fence = ["```", language, "\n"].concat();
    let blocks = text.split(&fence).skip(1);
    blocks
        .map(|block| {
            block
                .split_once("```")
                .expect("the block ends")
                .0
                .to_owned()
        })
        .collect()
}

/// The one block of its language in a section.
pub(crate) fn block(section: &str, language: &str) -> String {
    let mut blocks = blocks(section, language);
    assert_eq!(blocks.len(), 1, "{section} has one block of {language}");
    blocks.remove(0)
}

/// `text` with something else in place of what is there once.
pub(crate) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(
        text.matches(from).count(),
        1,
        "{from:?} is there once:\n{text}"
    );
    text.replace(from, to)
}

/// The names of all functions in the Rust files below a folder of the project.
fn functions(folder: &Path, names: &mut Vec<String>) {
    for file in fs::read_dir(folder).expect("a folder of the project") {
        let path = file.expect("it can be read").path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            functions(&path, names);
        } else if path.extension().is_some_and(|one| one == "rs") {
            let text = fs::read_to_string(&path).expect("a text");
            let after = text.split("fn ").skip(1);
            names.extend(after.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
        }
    }
}

#[test]
fn every_test_that_the_security_page_names_is_there() {
    let mut there = Vec::new();
    for folder in ["src", "tests", "backend", "xtask"] {
        functions(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
            &mut there,
        );
    }
    let security = page("SECURITY.md");
    let (_, promises) = security.split_once("\n|---|---|\n").expect("the table");
    let mut count = 0;
    for row in promises.lines().take_while(|line| line.starts_with('|')) {
        let proof = row.trim_end_matches('|').rsplit_once('|').expect(row).1;
        let names = proof.split('`').skip(1).step_by(2);
        for name in names.filter(|name| !name.starts_with("cargo ")) {
            assert!(
                there.iter().any(|one| one == name),
                "{name} is no test: {row}"
            );
            count += 1;
        }
        assert!(proof.contains('`'), "a promise without a test: {row}");
    }
    assert!(count > 10, "the table was read");
}

#[test]
fn every_setting_is_explained() {
    let text = page("docs/configuring.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let explained: Vec<&str> = rows
        .filter_map(|row| Some(row.split_once('`')?.0))
        .collect();
    assert_eq!(explained, KNOWN_KEYS);
}
