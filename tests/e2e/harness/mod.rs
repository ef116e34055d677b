//! What every story needs: a place, and people in it.

mod driver;
pub(crate) mod engine;
mod person;
mod site;
mod vendor;
pub(crate) mod views;

use std::time::{Duration, Instant};

use backend::{Backend, Options};

pub(crate) use person::Person;
use site::Site;

/// How long anything may take that a person waits for. Far longer than it should: it only ends
/// stories that have failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The published app on a web host, and the backend that its settings name.
pub(crate) struct World {
    backend: Option<Backend>,
    port: u16,
    options: Options,
    site: Site,
    /// What the browsers of its people ask for.
    languages: &'static str,
}

impl World {
    /// A backend with sign-in.
    pub(crate) async fn new() -> World {
        World::with(|_| {}).await
    }

    /// A backend with these options.
    pub(crate) async fn with(change: impl FnOnce(&mut Options)) -> World {
        let site = Site::start().await;
        let mut options = Options {
            port: 0,
            allow_origins: vec![site.origin()],
            ..Options::default()
        };
        change(&mut options);
        let backend = Backend::start(options.clone()).await.expect("a free port");
        let port = backend.addr().port();
        site.set_settings(&format!(
            r#"{{"apiBaseUrl":"{}","authProvider":"aad"}}"#,
            backend.url()
        ));
        World {
            backend: Some(backend),
            port,
            options,
            site,
            languages: "en-US,en",
        }
    }

    /// A backend that serves the page itself, as Microsoft's own sample does.
    pub(crate) async fn on_one_origin() -> World {
        let site = Site::start().await;
        site.set_settings(r#"{"apiBaseUrl":"","authProvider":"aad"}"#);
        let pages = Some(site.written());
        let options = Options {
            port: 0,
            pages,
            ..Options::default()
        };
        let backend = Backend::start(options.clone()).await.expect("a free port");
        let port = backend.addr().port();
        World {
            backend: Some(backend),
            port,
            options,
            site,
            languages: "en-US,en",
        }
    }

    /// Writes another settings block into the page.
    pub(crate) fn set_settings(&self, json: &str) {
        self.site.set_settings(json);
    }

    /// The address of the page, without query and fragment.
    pub(crate) fn page(&self) -> String {
        match self.options.pages {
            Some(_) => format!("{}/", self.api()),
            None => self.site.page(),
        }
    }

    /// The backend's address.
    pub(crate) fn api(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The backend, while it runs.
    pub(crate) fn backend(&self) -> &Backend {
        self.backend.as_ref().expect("it runs")
    }

    /// How many clients are connected.
    pub(crate) fn connections(&self) -> usize {
        self.backend.as_ref().map_or(0, Backend::connections)
    }

    /// Stops the backend, as for maintenance.
    pub(crate) async fn stop_backend(&mut self) {
        if let Some(backend) = self.backend.take() {
            backend.stop().await;
        }
    }

    /// Starts it again, at the same address.
    pub(crate) async fn start_backend(&mut self) {
        let options = Options {
            port: self.port,
            ..self.options.clone()
        };
        self.backend = Some(
            Backend::start(options)
                .await
                .expect("the port is free again"),
        );
    }

    /// Somebody with a browser of their own, looking at the page.
    pub(crate) async fn visitor(&self) -> Person {
        let person = Person::who_reads(self.languages).await;
        person.go_to(&self.page()).await;
        person
    }

    /// Somebody who is signed in and connected.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let person = self.visitor().await;
        person.sign_in(name).await;
        person
    }
}

/// Waits until `condition` gives something.
///
/// # Panics
/// It never does; says what was waited for.
pub(crate) async fn eventually<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(began.elapsed() < PATIENCE, "never came: {what}");
        // A browser tells nobody that something on a page has changed: it has to be asked.
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}
