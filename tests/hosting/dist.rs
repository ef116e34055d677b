//! The folder that is uploaded, and copies of it that a test may change.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// What was built.
pub(crate) fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dist")
}

/// The page as it was built.
pub(crate) fn built_page() -> String {
    fs::read_to_string(dist().join("index.html")).expect("dist is built: cargo xtask test dist")
}

/// As `integrity` and policies have it. Not by the code that wrote them.
pub(crate) fn sha256(content: &[u8]) -> String {
    ["sha256-", &BASE64_STANDARD.encode(Sha256::digest(content))].concat()
}

/// The page with these settings, as a person edits them.
pub(crate) fn edited(page: &str, json: &str) -> String {
    let (before, rest) = page.split_once("id=\"chat-config\">").expect("a block");
    let (_, after) = rest.split_once("</script>").expect("the block ends");
    [before, "id=\"chat-config\">", json, "</script>", after].concat()
}

/// The values of an attribute, in the order of the page.
pub(crate) fn attribute<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let begin = [" ", name, "=\""].concat();
    let rest = page.split(&begin).skip(1);
    rest.filter_map(|rest| Some(rest.split_once('"')?.0))
        .collect()
}

/// A folder of its own, gone with its owner.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
}

impl Folder {
    /// An empty one.
    pub(crate) fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("chat-host-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Folder { path }
    }

    /// Puts `dist` into it, in a folder of this name.
    pub(crate) fn with_dist(name: &str) -> Folder {
        let folder = Folder::new();
        let to = folder.path.join(name);
        fs::create_dir_all(&to).expect("a folder can be made");
        for file in fs::read_dir(dist()).expect("dist is built: cargo xtask test dist") {
            let file = file.expect("dist can be read");
            fs::copy(file.path(), to.join(file.file_name())).expect("a file can be copied");
        }
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("{} is left: {error}", self.path.display());
        }
    }
}
