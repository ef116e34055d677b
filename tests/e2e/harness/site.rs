//! A web host that knows nothing but files.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::map_response;
use axum::response::{Html, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

/// Below the root, since the app must work from any path.
const PATH: &str = "/some/where/";

/// `dist`, with settings of the story's own, as if edited by hand.
pub(crate) struct Site {
    address: SocketAddr,
    index: Arc<Mutex<String>>,
    built: String,
    server: JoinHandle<()>,
}

impl Site {
    /// Serves `dist` on a port that is free.
    pub(crate) async fn start() -> Site {
        let dist = dist();
        let built = std::fs::read_to_string(dist.join("index.html"))
            .expect("dist is built: cargo xtask test dist");
        let index = Arc::new(Mutex::new(built.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let shown = index.clone();
        let page = get(async move || Html(shown.lock().expect("nobody panicked").clone()));
        let files = Router::new()
            .route("/", page)
            .fallback_service(ServeDir::new(dist));
        let headers = headers();
        let router = Router::new()
            .nest_service(PATH.trim_end_matches('/'), files)
            .layer(map_response(move |mut answer: Response| {
                answer.headers_mut().extend(headers.clone());
                std::future::ready(answer)
            }));
        let server = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("the host runs until the story ends");
        });
        Site {
            address,
            index,
            built,
            server,
        }
    }

    /// The origin of the page.
    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// The address of the page.
    pub(crate) fn page(&self) -> String {
        [self.origin().as_str(), PATH].concat()
    }

    /// The files, settings included, in a folder that is made for them.
    pub(crate) fn written(&self) -> PathBuf {
        let folder = self.folder();
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        for file in std::fs::read_dir(dist()).expect("dist is built") {
            let file = file.expect("dist can be read");
            std::fs::copy(file.path(), folder.join(file.file_name()))
                .expect("a file can be copied");
        }
        let index = self.index.lock().expect("nobody panicked").clone();
        std::fs::write(folder.join("index.html"), index).expect("a file can be written");
        folder
    }

    /// A folder of this site's own: no other uses its port meanwhile.
    fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/e2e")
            .join(self.address.port().to_string())
    }

    /// Puts `json` into the settings block.
    pub(crate) fn set_settings(&self, json: &str) {
        let marker = "id=\"chat-config\">";
        let start = self
            .built
            .find(marker)
            .expect("the built page has a settings block")
            + marker.len();
        let end = start
            + self.built[start..]
                .find("</script>")
                .expect("the block ends");
        let edited = [&self.built[..start], json, &self.built[end..]].concat();
        *self.index.lock().expect("nobody panicked") = edited;
    }
}

/// What hosts are to send with every file: the policy again, and what cannot stand in a page. A build
/// by `trunk build` alone has none.
fn headers() -> HeaderMap {
    let rules = std::fs::read_to_string(dist().join("_headers")).unwrap_or_default();
    let lines = rules
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("  "));
    lines
        .filter_map(|line| line.trim().split_once(": "))
        .map(|(name, value)| {
            let name: HeaderName = name.parse().expect("a name of a header");
            (
                name,
                HeaderValue::from_str(value).expect("a header's value"),
            )
        })
        .collect()
}

fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dist")
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
        // Most sites write nothing.
        let _ = std::fs::remove_dir_all(self.folder());
    }
}
