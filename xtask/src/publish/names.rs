//! Names that say what is in a file.
//!
//! Trunk's names do so for what it built; what is shrunk afterwards would keep the name when only
//! the shrinking changes, and a browser that keeps it for a year would never hear of it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::{Hashed, texts, unusable};
use crate::process::Outcome;
use crate::split::LATER;

/// What the name of each file begins with that the page starts from.
pub(crate) const STEM: &str = "serverless-chat-";

/// What the name of the second part begins with.
pub(crate) const LATER_STEM: &str = "serverless-chat-later-";

/// The files that the page starts from.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) script: Hashed,
    pub(super) module: Hashed,
    /// What is loaded when somebody wants it; `None` in a build that is not cut in two.
    pub(super) later: Option<Hashed>,
    /// The texts of each language beside English, with its tag.
    pub(super) texts: Vec<(String, Hashed)>,
}

impl Named {
    /// All files.
    pub(super) fn files(&self) -> impl Iterator<Item = &Hashed> {
        self.code().chain(self.texts.iter().map(|(_, file)| file))
    }

    /// What the app consists of, whatever the language.
    pub(super) fn code(&self) -> impl Iterator<Item = &Hashed> {
        [&self.script, &self.module].into_iter().chain(&self.later)
    }
}

/// Renames the JS, the WASM and the texts of `dist` by what is in them.
///
/// # Errors
/// There is not one JS and one WASM, or a file cannot be renamed.
pub(super) fn rename(dist: &Path) -> Outcome<Named> {
    let module = named(&only_file(dist, "wasm")?, STEM, "wasm")?;
    let script = named(&only_file(dist, "js")?, STEM, "js")?;
    let later = dist.join(LATER);
    let later = later.is_file().then(|| named(&later, LATER_STEM, "wasm"));
    let texts = texts::files(dist)?.into_iter().map(|(tag, file)| {
        texts::shrink(&file)?;
        let file = named(&file, STEM, &format!("{tag}.txt"))?;
        Ok((tag, file))
    });
    let texts = texts.collect::<Outcome<_>>()?;
    Ok(Named {
        script,
        module,
        later: later.transpose()?,
        texts,
    })
}

/// The hash of some content, as policies and `integrity` have it.
pub(super) fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content)))
}

/// Sixteen digits that only this content has.
pub(super) fn short_hash(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest.iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn named(file: &Path, stem: &str, extension: &str) -> Outcome<Hashed> {
    let content = fs::read(file).map_err(|error| unusable(file, &error))?;
    let name = format!("{stem}{}.{extension}", short_hash(&content));
    fs::rename(file, file.with_file_name(&name)).map_err(|error| unusable(file, &error))?;
    let integrity = integrity(&content);
    Ok(Hashed { name, integrity })
}

fn only_file(dist: &Path, extension: &str) -> Outcome<PathBuf> {
    let files = fs::read_dir(dist).map_err(|error| unusable(dist, &error))?;
    let mut found = files
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|one| one == extension))
        .filter(|path| !path.ends_with(LATER));
    match (found.next(), found.next()) {
        (Some(file), None) => Ok(file),
        _ => Err(unusable(dist, &format!("not one .{extension} file"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_that_browsers_compute() {
        // As `printf alert | openssl dgst -sha256 -binary | base64` has it.
        assert_eq!(
            integrity(b"alert"),
            "sha256-35BQWN1npAn++BSA6B5HNlcrDttNf7mHxpXNB+Jg7IE="
        );
        assert_eq!(short_hash(b"alert"), "df905058dd67a409");
    }
}
