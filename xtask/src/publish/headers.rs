//! What hosts are to send with each file, in the files that some of them read: `_headers` for
//! Netlify and Cloudflare Pages, `staticwebapp.config.json` for Azure Static Web Apps. For the
//! others, docs/hosting.md has it in their own words.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::names::Named;
use super::{policy, write};
use crate::process::{Failure, Outcome};

/// For files whose name says what is in them: for a year, without asking.
pub(super) const KEPT: &str = "public, max-age=31536000, immutable";
/// For all others: to be asked for at each visit, and sent only if they have changed.
pub(super) const ASKED: &str = "no-cache";

/// What is sent with every file, but for how long it may be kept.
fn common(policy: &str) -> [(&'static str, String); 5] {
    [
        ("Content-Security-Policy", policy::header(policy)),
        ("Cross-Origin-Resource-Policy", "same-origin".to_owned()),
        (
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()".to_owned(),
        ),
        ("Referrer-Policy", "strict-origin".to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
    ]
}

/// Writes both files.
///
/// # Errors
/// They cannot be written.
pub(super) fn write_files(dist: &Path, named: &Named, policy: &str, base: &str) -> Outcome {
    let root = if base == "./" { "/" } else { base };
    let kept = named.files().map(|file| [root, &file.name].concat());
    let kept: Vec<String> = kept.collect();
    write(
        &dist.join("_headers"),
        for_pages(&kept, policy, root).as_bytes(),
    )?;
    let config =
        serde_json::to_string_pretty(&for_static_web_apps(&kept, policy)).map_err(|error| {
            Failure(format!(
                "staticwebapp.config.json cannot be written: {error}."
            ))
        })?;
    write(&dist.join("staticwebapp.config.json"), config.as_bytes())
}

fn for_pages(kept: &[String], policy: &str, root: &str) -> String {
    let mut text = format!("{root}*\n");
    for (name, value) in common(policy) {
        text += &format!("  {name}: {value}\n");
    }
    // These hosts join what several rules say of one header: no rule for all sets this one.
    for path in [
        root.to_owned(),
        format!("{root}index.html"),
        format!("{root}service-worker.js"),
    ] {
        text += &format!("{path}\n  Cache-Control: {ASKED}\n");
    }
    for path in kept {
        text += &format!("{path}\n  Cache-Control: {KEPT}\n");
    }
    text
}

fn for_static_web_apps(kept: &[String], policy: &str) -> Value {
    let mut headers: Map<String, Value> = common(policy)
        .into_iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    headers.insert("Cache-Control".to_owned(), json!(ASKED));
    let routes: Vec<Value> = kept
        .iter()
        .map(|path| json!({ "route": path, "headers": { "Cache-Control": KEPT } }))
        .collect();
    json!({
        "globalHeaders": headers,
        "routes": routes,
        "mimeTypes": { ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_a_hash_in_their_name_are_kept() {
        let kept = ["/chat/x-1.js".to_owned()];
        let text = for_pages(&kept, "default-src 'none'", "/chat/");
        assert!(text.starts_with(
            "/chat/*\n  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\n"
        ));
        assert!(
            text.contains("/chat/x-1.js\n  Cache-Control: public, max-age=31536000, immutable\n")
        );
        assert!(text.contains("/chat/index.html\n  Cache-Control: no-cache\n"));
        let config = for_static_web_apps(&kept, "default-src 'none'");
        assert_eq!(config["globalHeaders"]["Cache-Control"], ASKED);
        assert_eq!(config["routes"][0]["route"], "/chat/x-1.js");
        assert_eq!(config["routes"][0]["headers"]["Cache-Control"], KEPT);
    }
}
