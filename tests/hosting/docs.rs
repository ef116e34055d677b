//! What docs/hosting.md tells people to write.

use std::fs;
use std::path::Path;

/// The blocks of code in one section, in this language.
pub(crate) fn blocks(section: &str, language: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/hosting.md");
    let text = fs::read_to_string(file).expect("the documentation is there");
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
