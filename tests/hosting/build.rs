//! The files of a build by themselves: that each hash is the hash of what it stands for.

use std::fs;

use serde_json::Value;

use crate::dist::{attribute, built_page, dist, edited, sha256};

/// What a browser hashes: the text of an element, after it has read the page. Line ends are `\n` by
/// then, and a byte order mark is gone.
fn inline(page: &str, open: &str, close: &str) -> Vec<String> {
    let page = page.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let elements = page.split(open).skip(1);
    elements
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let is_data = attributes.contains("application/json");
            (!is_data).then_some(rest.split_once(close)?.0.to_owned())
        })
        .collect()
}

fn policy(page: &str) -> String {
    let (_, rest) = page
        .split_once("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .expect("a policy");
    rest.split_once('"').expect("it ends").0.to_owned()
}

/// The policy allows each script and style of the page by its hash, and nothing that is not there.
fn assert_hashes(page: &str) {
    let policy = policy(page);
    for (directive, open, close) in [
        ("script-src", "<script", "</script>"),
        ("style-src", "<style", "</style>"),
    ] {
        let sources = policy
            .split("; ")
            .find_map(|one| one.strip_prefix(directive));
        let sources = sources.expect(directive);
        let contents = inline(page, open, close);
        assert!(!contents.is_empty(), "{directive}");
        for content in &contents {
            let hash = ["'", &sha256(content.as_bytes()), "'"].concat();
            assert!(
                sources.contains(&hash),
                "{directive} without {hash} of {content}"
            );
        }
        assert_eq!(
            sources.matches("'sha256-").count(),
            contents.len(),
            "{sources}"
        );
    }
}

#[test]
fn the_policy_has_the_hashes_of_the_page_before_and_after_the_settings_are_edited() {
    let page = built_page();
    assert_hashes(&page);
    for json in [
        "{}",
        "\n{ \"apiBaseUrl\": \"https://a.b\",\n  \"authProvider\": [\"aad\"] }\n",
    ] {
        assert_hashes(&edited(&page, json));
    }
    // As an editor leaves it that has its own idea of lines.
    let windows = ["\u{feff}", &page.replace('\n', "\r\n")].concat();
    assert_hashes(&windows);
}

#[test]
fn the_policy_allows_no_more_than_it_should() {
    let page = built_page();
    let policy = policy(&page);
    let directives: Vec<&str> = policy.split("; ").collect();
    for directive in [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(directives.contains(&directive), "{directive} in {policy}");
    }
    let sources = || directives.iter().flat_map(|one| one.split(' ').skip(1));
    for source in [
        "'unsafe-inline'",
        "'unsafe-eval'",
        "'unsafe-hashes'",
        "*",
        "http:",
        "blob:",
    ] {
        assert!(sources().all(|one| one != source), "{source} in {policy}");
    }
    for script in ["data:", "https:", "'strict-dynamic'"] {
        let scripts = directives[1].strip_prefix("script-src ").expect("scripts");
        assert!(!scripts.contains(script), "{script} in {scripts}");
    }
    assert!(policy.contains("'wasm-unsafe-eval'"));
    // Before anything that it is about: a policy is no law for what stands above it.
    let above = page.split_once("http-equiv").expect("a policy").0;
    for element in ["<script", "<style", "<link", "<base"] {
        assert!(
            !above.contains(element),
            "{element} stands above the policy"
        );
    }
    assert!(
        above.len() < 1024,
        "the encoding is looked for in the first kilobyte"
    );
}

#[test]
fn every_file_that_the_page_starts_from_is_checked_and_is_the_one_that_was_built() {
    let page = built_page();
    for (stem, extension) in [
        ("serverless-chat-", "js"),
        ("serverless-chat-", "wasm"),
        ("serverless-chat-later-", "wasm"),
        ("serverless-chat-", "nl.txt"),
    ] {
        let is_of_it = |name: &str| {
            let rest = name
                .strip_prefix(stem)
                .and_then(|rest| rest.strip_suffix(extension));
            rest.is_some_and(|rest| {
                rest.bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || byte == b'.')
            })
        };
        let names: Vec<_> = fs::read_dir(dist())
            .expect("dist is built")
            .map(|file| file.expect("it can be read").file_name())
            .filter_map(|name| name.into_string().ok())
            .filter(|name| is_of_it(name))
            .collect();
        let [name] = names.as_slice() else {
            panic!("one {stem}….{extension}: {names:?}")
        };
        let content = fs::read(dist().join(name)).expect("it can be read");
        let hash = sha256(&content);
        let checked = match extension {
            "js" | "nl.txt" => format!("href=\"./{name}\" integrity=\"{hash}\""),
            _ => format!("fetch(\"./{name}\",{{integrity:\"{hash}\""),
        };
        assert!(page.contains(&checked), "{checked}");
        assert!(dist().join([name, ".br"].concat()).is_file());
        assert!(dist().join([name, ".gz"].concat()).is_file());
    }
    for stale in ["index.html.br", "index.html.gz"] {
        assert!(
            !dist().join(stale).exists(),
            "{stale} would hide edited settings"
        );
    }
}

#[test]
fn every_address_in_the_page_is_relative_and_is_there() {
    let page = built_page();
    let addresses: Vec<&str> = ["href", "src"]
        .into_iter()
        .flat_map(|name| attribute(&page, name))
        .filter(|address| !address.starts_with("data:"))
        .collect();
    assert!(!addresses.is_empty());
    for address in addresses {
        let name = address.strip_prefix("./").expect(address);
        assert!(dist().join(name).is_file(), "{address}");
    }
    let manifest = fs::read_to_string(dist().join("manifest.webmanifest")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["start_url"], "./");
    let icons = manifest["icons"].as_array().expect("icons");
    for icon in icons {
        let file = dist().join(icon["src"].as_str().expect("an address"));
        let content = fs::read(&file).expect("the icon is there");
        if icon["type"] == "image/png" {
            // Width and height stand behind the signature and the name of the first part.
            let number = |at: usize| {
                content[at..at + 4]
                    .iter()
                    .fold(0, |sum, &byte| sum * 256 + u32::from(byte))
            };
            assert_eq!(
                icon["sizes"],
                format!("{}x{}", number(16), number(20)),
                "{file:?}"
            );
        }
    }
}

/// What hosts send is what the page says, and who may have it in a frame besides.
#[test]
fn the_headers_have_the_policy_of_the_page() {
    let header = [&policy(&built_page()), "; frame-ancestors 'none'"].concat();
    let pages = fs::read_to_string(dist().join("_headers")).expect("it is written");
    assert!(pages.contains(&["  Content-Security-Policy: ", &header, "\n"].concat()));
    let config =
        fs::read_to_string(dist().join("staticwebapp.config.json")).expect("it is written");
    let config: Value = serde_json::from_str(&config).expect("JSON");
    assert_eq!(config["globalHeaders"]["Content-Security-Policy"], header);
    let routes = config["routes"].as_array().expect("routes");
    assert_eq!(routes.len(), 4, "JS, both parts of the app, and Dutch");
    for route in routes {
        let name = route["route"]
            .as_str()
            .expect("a path")
            .trim_start_matches('/');
        assert!(dist().join(name).is_file(), "{name}");
        assert_eq!(
            route["headers"]["Cache-Control"],
            "public, max-age=31536000, immutable"
        );
        let kept = format!("/{name}\n  Cache-Control: public, max-age=31536000, immutable\n");
        assert!(pages.contains(&kept), "{kept}");
    }
}
