//! What makes the page an app that can be installed, and that is there without a network: manifest,
//! icons, and a service worker that knows this build's files.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::names::{Named, short_hash};
use super::page::without_settings;
use super::{Hashed, unusable, write as write_file};
use crate::process::{Failure, Outcome, root};

/// Files as they are in `installable/`.
const FILES: [&str; 6] = [
    "manifest.webmanifest",
    "icon.svg",
    "icon-maskable.svg",
    "icon-192.png",
    "icon-512.png",
    "offline.js",
];

const WORKER: &str = "service-worker.js";

/// Writes them all into `dist`.
///
/// # Errors
/// One cannot be read or written.
pub(super) fn write(dist: &Path, page: &str, named: &Named) -> Outcome {
    let folder = root().join("installable");
    for name in FILES {
        let from = folder.join(name);
        fs::copy(&from, dist.join(name)).map_err(|error| unusable(&from, &error))?;
    }
    let worker = folder.join(WORKER);
    let text = fs::read_to_string(&worker).map_err(|error| unusable(&worker, &error))?;
    write_file(
        &dist.join(WORKER),
        for_build(&text, page, named)?.as_bytes(),
    )
}

/// The service worker of this build: a browser takes it for a new one when a byte of it differs.
fn for_build(worker: &str, page: &str, named: &Named) -> Outcome<String> {
    let build = short_hash(without_settings(page).as_bytes());
    let files = named
        .code()
        .map(|Hashed { name, integrity }| [name, integrity]);
    let files = json!(files.collect::<Vec<_>>());
    let texts = named.texts.iter();
    let texts = texts.map(|(tag, Hashed { name, integrity })| [tag, name, integrity]);
    let texts = json!(texts.collect::<Vec<_>>());
    let lines = [
        ("const BUILD = \"\";", format!("const BUILD = \"{build}\";")),
        ("const FILES = [];", format!("const FILES = {files};")),
        ("const TEXTS = [];", format!("const TEXTS = {texts};")),
    ];
    lines
        .into_iter()
        .try_fold(worker.to_owned(), |text, (from, to)| {
            if text.matches(from).count() == 1 {
                return Ok(text.replace(from, &to));
            }
            Err(Failure(format!(
                "installable/{WORKER} does not have the line {from} once. Put it back."
            )))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(page: &str) -> String {
        let hashed = |name: &str| Hashed {
            name: name.to_owned(),
            integrity: format!("sha256-{name}"),
        };
        let named = Named {
            script: hashed("x-2.js"),
            module: hashed("x-3.wasm"),
            later: Some(hashed("y-4.wasm")),
            texts: vec![("nl".to_owned(), hashed("x-4.nl.txt"))],
        };
        let text = fs::read_to_string(root().join("installable").join(WORKER)).unwrap();
        for_build(&text, page, &named).unwrap()
    }

    #[test]
    fn a_worker_knows_its_build() {
        let page = "<script id=\"chat-config\">{}</script>";
        let text = worker(page);
        assert!(text.contains(
            "const FILES = [[\"x-2.js\",\"sha256-x-2.js\"],[\"x-3.wasm\",\"sha256-x-3.wasm\"],[\"y-4.wasm\",\"sha256-y-4.wasm\"]];"
        ));
        assert!(text.contains("const TEXTS = [[\"nl\",\"x-4.nl.txt\",\"sha256-x-4.nl.txt\"]];"));
        assert_eq!(text, worker(&page.replace("{}", "{\"apiBaseUrl\":\"\"}")));
        assert_ne!(text, worker(&page.replace("</script>", "</script><p>")));
    }
}
