//! The texts of other languages than English, as they are loaded: without what is there for whoever
//! writes them.

use std::fs;
use std::path::{Path, PathBuf};

use super::{read, unusable, write};
use crate::process::Outcome;

/// The files of `dist` with the texts of a language, each with its tag, such as `nl`.
///
/// # Errors
/// `dist` cannot be read.
pub(super) fn files(dist: &Path) -> Outcome<Vec<(String, PathBuf)>> {
    let entries = fs::read_dir(dist).map_err(|error| unusable(dist, &error))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<_> = paths
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            let tag = name.strip_suffix(".txt")?.to_owned();
            Some((tag, path))
        })
        .collect();
    files.sort();
    Ok(files)
}

/// Makes the file as small as it can be.
///
/// # Errors
/// It cannot be read or written.
pub(super) fn shrink(file: &Path) -> Outcome {
    write(file, small(&read(file)?).as_bytes())
}

/// The texts of the code come first, in an order of their own: the page needs no names for them. Those
/// of the markup follow a blank line, and are known by what they are in English.
fn small(texts: &str) -> String {
    let (code, markup) = texts.split_once("\n\n").unwrap_or((texts, ""));
    let is_text = |line: &&str| !line.starts_with('#') && !line.is_empty();
    let unnamed = |line: &str| line.find(" = ").map_or("", |at| &line[at..]).to_owned();
    let code = code.lines().filter(is_text).map(unnamed);
    let markup = markup.lines().filter(is_text).map(str::to_owned);
    code.chain(markup).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serverless_chat::language::table::Table;

    use super::*;
    use crate::process::root;

    #[test]
    fn what_is_left_reads_the_same() {
        let texts = "# Words.\napp = Chat\nyou = Jij\n\n# Markup.\nyou = jij\n";
        assert_eq!(small(texts), " = Chat\n = Jij\nyou = jij");
        let dutch = fs::read_to_string(root().join("languages/nl.txt")).unwrap();
        let whole = Table::read(&dutch).expect("it has every text");
        assert_eq!(Table::read(&small(&dutch)), Some(whole));
    }
}
