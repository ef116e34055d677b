//! The commands of docs/hosting.md: run as they stand there, as far as they need no Azure.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::dist::{Folder, dist};
use crate::docs::blocks;

/// Runs a block of the documentation, as somebody types it.
fn run(script: &str, folder: &Path) {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("bash");
    shell
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(folder);
    shell.env("PATH", format!("{}:{path}", folder.join("bin").display()));
    for name in ["GROUP", "SIGNALR", "FUNCTIONAPP", "ACCOUNT", "TOKEN"] {
        shell.env(name, ["my-", &name.to_lowercase()].concat());
    }
    shell.env("ORIGIN", "https://mychat.z6.web.core.windows.net");
    for who in ["AUTHOR", "COMMITTER"] {
        shell.env(format!("GIT_{who}_NAME"), "Somebody");
        shell.env(format!("GIT_{who}_EMAIL"), "somebody@example.com");
    }
    let output = shell.output().expect("bash is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{said}");
}

/// A folder with `dist`, and with an `az` in `bin` that writes down how it is called.
fn with_az() -> Folder {
    let folder = Folder::with_dist("dist");
    let bin = folder.path.join("bin");
    fs::create_dir_all(&bin).expect("a folder can be made");
    let az = "#!/bin/sh\n{ printf '%s\\t' \"$@\"; echo; } >> \"$(dirname \"$0\")/../calls\"\n\
for file; do if [ \"$last\" = --file ]; then cat \"$file\" > \"$(dirname \"$0\")/../sent-$(basename \"$file\")\"; fi; last=$file; done\n";
    fs::write(bin.join("az"), az).expect("it can be written");
    fs::set_permissions(bin.join("az"), fs::Permissions::from_mode(0o755)).expect("it can run");
    folder
}

/// The calls of `az`: each with its words.
fn calls(folder: &Folder) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.path.join("calls")).expect("az was called");
    let words = |line: &str| {
        line.trim_end_matches('\t')
            .split('\t')
            .map(str::to_owned)
            .collect()
    };
    text.lines().map(words).collect()
}

fn option<'a>(call: &'a [String], name: &str) -> &'a str {
    let at = call.iter().position(|word| word == name);
    at.and_then(|at| call.get(at + 1))
        .map_or("", String::as_str)
}

#[test]
fn every_file_goes_to_azure_storage_with_its_type_and_its_encoding() {
    let folder = with_az();
    let blocks = blocks("Azure Storage", "sh");
    assert_eq!(blocks.len(), 2);
    for block in &blocks {
        run(block, &folder.path);
    }
    let calls = calls(&folder);
    let uploads: Vec<_> = calls
        .iter()
        .filter(|call| call[..3] == ["storage", "blob", "upload"])
        .collect();
    let uploaded: BTreeSet<&str> = uploads.iter().map(|call| option(call, "--name")).collect();
    let served: BTreeSet<String> = fs::read_dir(dist())
        .expect("dist is built")
        .map(|file| {
            file.expect("it can be read")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .filter(|name| !name.ends_with(".br") && !name.ends_with(".gz"))
        .filter(|name| name != "_headers" && name != "staticwebapp.config.json")
        .collect();
    assert_eq!(uploaded, served.iter().map(String::as_str).collect());
    for call in &uploads {
        let name = option(call, "--name");
        let is_app = name.starts_with("serverless-chat-");
        let (kind, encoding) = match name.rsplit_once('.').expect(name).1 {
            "wasm" => ("application/wasm", "br"),
            "js" if is_app => ("text/javascript", "br"),
            "js" => ("text/javascript", ""),
            "html" => ("text/html", "gzip"),
            "txt" => ("text/plain", "br"),
            "png" => ("image/png", ""),
            "svg" => ("image/svg+xml", ""),
            "webmanifest" => ("application/manifest+json", ""),
            other => panic!("what is .{other}?"),
        };
        assert_eq!(option(call, "--content-type"), kind, "{name}");
        assert_eq!(option(call, "--content-encoding"), encoding, "{name}");
        let kept = if is_app {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        assert_eq!(option(call, "--content-cache-control"), kept, "{name}");
        assert_eq!(option(call, "--container-name"), "$web", "{name}");
        // The bytes are those that the encoding says.
        let file = option(call, "--file");
        let sent = fs::read(folder.path.join(["sent-", file].concat())).expect("it was sent");
        match encoding {
            "br" => assert!(
                sent == fs::read(dist().join(file)).expect("it is there"),
                "{name}"
            ),
            "gzip" => assert_eq!(sent[..2], [0x1f, 0x8b], "{name}"),
            _ => assert!(
                sent == fs::read(dist().join(name)).expect("it is there"),
                "{name}"
            ),
        }
    }
    // Who loads the page while this runs finds all that it names.
    let order: Vec<&str> = uploads.iter().map(|call| option(call, "--name")).collect();
    let page = order
        .iter()
        .position(|name| *name == "index.html")
        .expect("the page");
    let last_app = order
        .iter()
        .rposition(|name| name.starts_with("serverless-chat-"));
    assert!(last_app.expect("the app") < page, "{order:?}");
    assert_eq!(
        order.last(),
        Some(&"service-worker.js"),
        "it looks for all the others"
    );
}

#[test]
fn the_function_app_is_told_of_the_page() {
    let folder = with_az();
    for block in blocks("The Function App", "sh") {
        run(&block, &folder.path);
    }
    let calls: Vec<String> = calls(&folder).iter().map(|call| call.join(" ")).collect();
    assert_eq!(
        calls,
        [
            "signalr update --resource-group my-group --name my-signalr --service-mode Serverless",
            "functionapp cors add --resource-group my-group --name my-functionapp --allowed-origins https://mychat.z6.web.core.windows.net",
            "webapp auth update --resource-group my-group --name my-functionapp --allowed-external-redirect-urls https://mychat.z6.web.core.windows.net/",
            "functionapp cors credentials --resource-group my-group --name my-functionapp --enable true",
        ]
    );
}

#[test]
fn the_branch_for_github_pages_has_what_was_built() {
    let folder = Folder::with_dist("dist");
    let elsewhere = folder.path.join("elsewhere.git");
    run(
        "git init --quiet --bare elsewhere.git; git init --quiet; git remote add origin \"$PWD/elsewhere.git\"; mkdir target",
        &folder.path,
    );
    let blocks = blocks("GitHub Pages", "sh");
    // A second time, too.
    for _ in 0..2 {
        for block in &blocks {
            run(block, &folder.path);
        }
    }
    let listed = Command::new("git")
        .args(["ls-tree", "--name-only", "gh-pages"])
        .current_dir(&elsewhere)
        .output()
        .expect("git is there");
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    let pushed: BTreeSet<&str> = listed.lines().filter(|name| *name != ".nojekyll").collect();
    let built: BTreeSet<String> = fs::read_dir(dist())
        .expect("dist is built")
        .map(|file| {
            file.expect("it can be read")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    assert_eq!(pushed, built.iter().map(String::as_str).collect());
    assert!(listed.lines().any(|name| name == ".nojekyll"));
}
