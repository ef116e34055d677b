//! What was built, made ready for a web host.
//!
//! | module | is for |
//! |---|---|
//! | [`settings`] | the settings block, with the values of the command line |
//! | [`names`] | names that say what is in a file: whoever has one need not ask again |
//! | [`texts`] | the texts of other languages, as they are loaded |
//! | [`page`] | what index.html loads, and how it is checked |
//! | [`policy`] | what the page may do, for the browser to enforce |
//! | [`installed`] | manifest, icons, and the service worker that has the page without a network |
//! | [`headers`] | the same for hosts that send headers, and how long each file may be kept |
//! | [`pack`] | compressed copies, for hosts that do not compress |

mod headers;
mod installed;
pub(crate) mod names;
mod pack;
mod page;
mod policy;
mod settings;
mod texts;

use std::fs;
use std::path::Path;

use crate::process::{Failure, Outcome, root};

use settings::Settings;

/// How the app is published.
#[derive(clap::Args, Debug, Default)]
// clap names groups after their types, and the command's own options are called the same.
#[group(skip)]
pub(crate) struct Options {
    #[command(flatten)]
    settings: Settings,
    /// The path of the page below the host's root, such as /chat/. Without it all addresses are
    /// relative, and the page works at any path that ends in a slash.
    #[arg(long, value_name = "PATH")]
    base: Option<String>,
    /// Let the page talk to the backend and to this origin only, such as
    /// <https://my-chat.service.signalr.net>; may be given more than once. Without it, the policy
    /// allows any address over TLS, so that the settings can be edited freely.
    #[arg(long, value_name = "ORIGIN")]
    connect_src: Vec<String>,
}

impl Options {
    /// # Errors
    /// An option cannot be used.
    pub(crate) fn check(&self) -> Outcome {
        let source = read(&root().join("index.html"))?;
        let (_, api) = self.settings.write(&source)?;
        policy::connections(&api, &self.connect_src)?;
        base(self.base.as_deref()).map(drop)
    }
}

/// A file that is loaded by its content's own name.
#[derive(Clone, Debug)]
struct Hashed {
    name: String,
    /// As `integrity` has it.
    integrity: String,
}

/// Makes `dist` ready to be uploaded.
///
/// # Errors
/// An option cannot be used, or `dist` is not as Trunk leaves it.
pub(crate) fn publish(dist: &Path, options: &Options) -> Outcome {
    let base = base(options.base.as_deref())?;
    let index = dist.join("index.html");
    let built = read(&index)?;
    let (html, api) = options.settings.write(&built)?;
    let connect = policy::connections(&api, &options.connect_src)?;
    let named = names::rename(dist)?;
    let html = page::rewrite(&html, &named, &base)?;
    let policy = policy::of(&html, &connect);
    let html = page::with_policy(&html, &policy)?;
    write(&index, html.as_bytes())?;
    installed::write(dist, &html, &named)?;
    headers::write_files(dist, &named, &policy, &base)?;
    pack::pack(dist, named.files())
}

/// What stands before the name of a file in its address.
fn base(path: Option<&str>) -> Outcome<String> {
    let Some(path) = path else {
        return Ok("./".to_owned());
    };
    let inner = path.trim_matches('/');
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    let climbs = inner.split('/').any(|part| part == ".." || part == ".");
    if climbs || inner.contains("//") || !inner.bytes().all(fits) {
        return Err(Failure(format!(
            "--base cannot be {path:?}. Write the path of the page on its host, such as /chat/."
        )));
    }
    Ok(match inner {
        "" => "/".to_owned(),
        inner => format!("/{inner}/"),
    })
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| unusable(path, &error))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure(format!(
        "{} cannot be published: {why}. Build it anew: cargo xtask dist",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_a_path_with_slashes_around_it() {
        for (given, meant) in [
            (None, "./"),
            (Some("/"), "/"),
            (Some("chat"), "/chat/"),
            (Some("/a/b.c/"), "/a/b.c/"),
        ] {
            assert_eq!(base(given).unwrap(), meant, "{given:?}");
        }
        for given in ["https://a.b/c", "a b", "../a", "a//b", "a?b", "a\"b"] {
            assert!(base(Some(given)).is_err(), "{given}");
        }
    }
}
