//! The pages that are measured side by side.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::copy;
use crate::process::{Failure, Outcome, root};
use crate::test;

/// What the pages load from npm, below `node_modules`, beside what is written here.
const PAGES: [(&str, &[&str]); 3] = [
    ("dom", &[]),
    (
        "vue3",
        &[
            "vue/dist/vue.runtime.global.prod.js",
            "@microsoft/signalr/dist/browser/signalr.min.js",
        ],
    ),
    // As the tutorial loads them: some minified, some not.
    (
        "vue2",
        &[
            "vue2/dist/vue.js",
            "@aspnet/signalr/dist/browser/signalr.js",
            "axios/dist/axios.min.js",
            "bootstrap/dist/css/bootstrap.min.css",
        ],
    ),
];

/// Puts `dist` and the other pages into a folder each of `target/bench/pages`.
///
/// # Errors
/// The packages cannot be had, or a file cannot be copied.
pub(super) fn gather() -> Outcome {
    let source = root().join("tests/bench/pages");
    test::install(&source)?;
    let target = root().join("target/bench/pages");
    let app = target.join("app");
    // The names of its files change with what is in them.
    if app.is_dir() {
        fs::remove_dir_all(&app).map_err(|error| unreadable(&app, &error))?;
    }
    copy_all(&root().join("dist"), &app)?;
    for (name, packages) in PAGES {
        let folder = target.join(name);
        copy_all(&source.join(name), &folder)?;
        for package in packages {
            copy(&source.join("node_modules").join(package), &folder)?;
        }
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Outcome {
    let list = || -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(from)?.map(|entry| Ok(entry?.path()));
        entries.collect()
    };
    let files = list().map_err(|error| unreadable(from, &error))?;
    files.iter().try_for_each(|file| copy(file, to))
}

fn unreadable(folder: &Path, error: &io::Error) -> Failure {
    Failure(format!(
        "{} cannot be read or emptied: {error}.",
        folder.display()
    ))
}
