//! A web host for all pages, that sends what it has as packed as it gets.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Packed files, by path.
type Files = HashMap<String, File>;

struct File {
    kind: &'static str,
    packed: Vec<u8>,
}

/// Folders of files on a port of its own.
pub(crate) struct Host {
    listener: TcpListener,
    origin: String,
}

impl Host {
    /// Takes a port that is free.
    pub(crate) async fn bind() -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let origin = format!("http://localhost:{}", address.port());
        Host { listener, origin }
    }

    /// The origin of the pages.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Serves the folders in `folder`, each under its name, with these settings in its page.
    pub(crate) fn serve(self, folder: &Path, settings: &str) -> JoinHandle<()> {
        let files = Arc::new(read(folder, settings));
        let router = Router::new().fallback(file).with_state(files);
        tokio::spawn(async move {
            axum::serve(self.listener, router)
                .await
                .expect("the host runs until the bench ends");
        })
    }
}

async fn file(State(files): State<Arc<Files>>, uri: Uri) -> Response {
    let path = match uri.path() {
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        path => path.to_owned(),
    };
    match files.get(&path) {
        Some(file) => {
            let headers = [
                (header::CONTENT_TYPE, file.kind),
                (header::CONTENT_ENCODING, "br"),
            ];
            (headers, file.packed.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn read(folder: &Path, settings: &str) -> Files {
    let mut files = Files::new();
    let entries = |folder: &Path| std::fs::read_dir(folder).expect("cargo xtask bench makes it");
    for page in entries(folder) {
        let page = page.expect("it can be read").path();
        let page_name = page.file_name().unwrap_or_default().to_string_lossy();
        for file in entries(&page) {
            let file = file.expect("it can be read").path();
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let mut bytes = std::fs::read(&file).expect("it can be read");
            if name == "index.html" {
                bytes = with_settings(&bytes, settings);
            }
            let kind = match file.extension().and_then(|end| end.to_str()) {
                Some("html") => "text/html",
                Some("css") => "text/css",
                Some("js") => "text/javascript",
                Some("wasm") => "application/wasm",
                _ => "application/octet-stream",
            };
            let packed = pack(&bytes);
            files.insert(format!("/{page_name}/{name}"), File { kind, packed });
        }
    }
    files
}

fn with_settings(page: &[u8], settings: &str) -> Vec<u8> {
    let page = std::str::from_utf8(page).expect("pages are UTF-8");
    let (before, block) = page
        .split_once("id=\"chat-config\">")
        .expect("every page has a settings block");
    let (_, after) = block.split_once("</script>").expect("the block ends");
    [before, "id=\"chat-config\">", settings, "</script>", after]
        .concat()
        .into_bytes()
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    packer.write_all(bytes).expect("memory takes everything");
    packer.into_inner()
}
