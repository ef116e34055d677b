//! The app on nginx and on Caddy, below the root: what they send, and that people can talk.

use std::fs;
use std::path::Path;

use backend::{Backend, Options};
use reqwest::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, LOCATION};

use crate::dist::{Folder, built_page, edited};
use crate::harness::Person;
use crate::servers::{Kind, Server};

const KINDS: [Kind; 2] = [Kind::Nginx, Kind::Caddy];

/// What a browser asks for.
const BROWSER: &str = "gzip, deflate, br";

struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: impl reqwest::header::AsHeaderName) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("a header in ASCII"))
    }
}

async fn get(url: &str, encodings: &str) -> Answer {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let request = client.get(url).header(ACCEPT_ENCODING, encodings);
    let answer = request.send().await.expect(url);
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer.bytes().await.expect(url).to_vec(),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("it is there");
    files
        .map(|file| file.expect("it can be read").file_name())
        .map(|name| name.into_string().expect("a name in UTF-8"))
        .collect()
}

#[tokio::test]
async fn the_app_is_sent_compressed_and_kept_and_the_page_is_asked_for_anew() {
    for kind in KINDS {
        let folder = Folder::with_dist("chat");
        let files = folder.path.join("chat");
        let server = Server::start(kind, &folder.path).await;
        for name in names(&files) {
            let content_type = match name.rsplit_once('.') {
                Some((_, "js")) => "javascript",
                Some((_, "wasm")) => "application/wasm",
                Some((_, "txt")) => "text/plain",
                _ => continue,
            };
            let url = [server.page().as_str(), &name].concat();
            let is_app = name.starts_with("serverless-chat-");
            for (encodings, encoding, suffix) in [
                (BROWSER, "br", ".br"),
                ("gzip", "gzip", ".gz"),
                ("identity", "", ""),
            ] {
                let answer = get(&url, encodings).await;
                let what = format!("{kind:?} {name} {encodings}");
                assert_eq!(answer.status, 200, "{what}");
                assert!(answer.header(CONTENT_TYPE).contains(content_type), "{what}");
                assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
                let kept = match is_app {
                    true => "public, max-age=31536000, immutable",
                    false => "no-cache",
                };
                assert_eq!(answer.header(CACHE_CONTROL), kept, "{what}");
                if is_app {
                    assert_eq!(answer.header(CONTENT_ENCODING), encoding, "{what}");
                    let file = files.join([name.as_str(), suffix].concat());
                    assert!(
                        answer.body == fs::read(file).expect("it is there"),
                        "{what}"
                    );
                }
            }
        }

        let page = get(&server.page(), BROWSER).await;
        assert_eq!(page.status, 200);
        assert!(
            page.header(CONTENT_TYPE).starts_with("text/html"),
            "{kind:?}"
        );
        assert_eq!(page.header(CONTENT_ENCODING), "gzip", "{kind:?}");
        assert_eq!(page.header(CACHE_CONTROL), "no-cache", "{kind:?}");
        assert_eq!(
            page.header("content-security-policy"),
            "frame-ancestors 'none'"
        );
        assert_eq!(page.header("referrer-policy"), "strict-origin");

        let manifest = get(&[&server.page(), "manifest.webmanifest"].concat(), BROWSER).await;
        assert_eq!(
            manifest.header(CONTENT_TYPE),
            "application/manifest+json",
            "{kind:?}"
        );
        assert_eq!(manifest.header(CACHE_CONTROL), "no-cache", "{kind:?}");

        let without_slash = get(server.page().trim_end_matches('/'), BROWSER).await;
        assert!((301..=308).contains(&without_slash.status), "{kind:?}");
        assert!(
            without_slash.header(LOCATION).ends_with("/chat/"),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn people_talk_through_a_page_whose_settings_were_edited_on_the_host() {
    for kind in KINDS {
        let folder = Folder::with_dist("chat");
        let server = Server::start(kind, &folder.path).await;
        let backend = backend_for(&server).await;
        let settings = settings(&backend);
        // As an editor on Windows saves it.
        let page = [
            "\u{feff}",
            &edited(&built_page(), &settings).replace('\n', "\r\n"),
        ]
        .concat();
        fs::write(folder.path.join("chat/index.html"), page).expect("it can be written");
        let (alice, bob) = (Person::new().await, Person::new().await);
        for (person, name) in [(&alice, "alice"), (&bob, "bob")] {
            person.go_to(&server.page()).await;
            person.sign_in(name).await;
        }
        alice.say("hosted").await;
        bob.sees("alice", "hosted", &["received"]).await;
        alice.leave(&[]).await;
        bob.leave(&[]).await;
        backend.stop().await;
    }
}

/// A backend that knows the page.
pub(crate) async fn backend_for(server: &Server) -> Backend {
    let options = Options {
        port: 0,
        allow_origins: vec![server.origin()],
        ..Options::default()
    };
    Backend::start(options).await.expect("a free port")
}

/// The settings block for a backend.
pub(crate) fn settings(backend: &Backend) -> String {
    format!(
        "\n{{ \"apiBaseUrl\": \"{}\", \"authProvider\": \"aad\" }}\n",
        backend.url()
    )
}
