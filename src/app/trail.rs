//! [`Trail`]: what the page has done so far to get a connection, for the person who has to find out
//! why there is none.

use leptos::prelude::*;

use super::link::{Link, LinkState};
use crate::config::{AuthMode, Config, ConfigError};
use crate::diagnosis::report::{Row, Step};
use crate::diagnosis::{Fact, Log, Problem};
use crate::platform::{clock, page};
use crate::signalr::trace::Trace;
use crate::ui::words;

/// The handle that whoever takes a step holds, and whoever shows the steps.
#[derive(Clone, Copy)]
pub(crate) struct Trail {
    /// True while the steps are looked at.
    pub(crate) open: RwSignal<bool>,
    /// Counts the changes.
    revision: RwSignal<u32>,
    parts: StoredValue<Parts, LocalStorage>,
}

struct Parts {
    log: Log,
    /// What is known from the settings, if they can be used.
    settled: Option<(String, AuthMode)>,
    /// What is known of the connection.
    state: Option<LinkState>,
    problem: Option<Problem>,
}

impl Trail {
    /// Begins with the settings.
    pub(super) fn new(config: Result<&Config, &ConfigError>) -> Trail {
        let settled = config.ok();
        let settled = settled.map(|config| (config.api_base_url.clone(), config.auth_mode));
        let parts = Parts {
            log: Log::default(),
            settled,
            state: None,
            problem: None,
        };
        let trail = Trail {
            open: RwSignal::new(false),
            revision: RwSignal::new(0),
            parts: StoredValue::new_local(parts),
        };
        trail.begin(Step::Settings, "index.html");
        let outcome = config
            .map(|_| words::verdict_ok())
            .map_err(|error| error.what.clone());
        trail.end(Step::Settings, outcome);
        trail
    }

    fn change(self, change: impl FnOnce(&mut Parts)) {
        self.parts.update_value(change);
        self.revision
            .update(|revision| *revision = revision.wrapping_add(1));
    }

    /// A step begins now.
    pub(super) fn begin(self, step: Step, place: &str) {
        let now = clock::now() as u64;
        self.change(|parts| parts.log.begin(now, step, place));
    }

    /// The step is over now.
    pub(super) fn end(self, step: Step, outcome: Result<&'static str, String>) {
        let now = clock::now() as u64;
        let outcome = outcome.as_ref().copied().map_err(String::as_str);
        self.change(|parts| parts.log.end(now, step, outcome));
    }

    /// Takes what the connection does.
    pub(super) fn trace(self, at: u64, trace: &Trace) {
        self.change(|parts| parts.log.trace(at, trace));
    }

    /// Takes how the connection is.
    pub(super) fn link(self, link: &Link) {
        self.change(|parts| {
            parts.state = Some(link.state);
            parts.problem = link.problem.clone();
        });
    }

    /// Takes why there is no chat.
    pub(super) fn problem(self, problem: Option<Problem>) {
        self.change(|parts| parts.problem = problem);
    }

    /// Where the service was asked for a connection last.
    pub(super) fn service(self) -> Option<String> {
        self.parts
            .with_value(|parts| parts.log.service().map(str::to_owned))
    }

    /// What is true now, and the steps, followed.
    pub(crate) fn read<T>(self, read: impl FnOnce(&[Fact], &Log) -> T) -> T {
        self.revision.track();
        self.parts.with_value(|parts| {
            let mut facts = Vec::new();
            let mut add = |name, value: &str| {
                if !value.is_empty() {
                    facts.push((name, value.to_owned()));
                }
            };
            add(
                words::fact_connection(),
                parts.state.map_or("", LinkState::words),
            );
            if let Some(problem) = &parts.problem {
                add(
                    words::fact_problem(),
                    &[&problem.title, " ", &problem.hint].concat(),
                );
            }
            add(words::fact_page(), &page::origin());
            if let Some((api, mode)) = &parts.settled {
                add(words::fact_function_app(), api);
                add(
                    words::fact_sign_in(),
                    match mode {
                        AuthMode::Cookie => words::by_cookie(),
                        AuthMode::Token => words::by_token(),
                        AuthMode::None => words::by_nothing(),
                    },
                );
            }
            let transport = parts.log.transport().unwrap_or_default();
            add(words::fact_transport(), transport);
            add(
                words::fact_browser(),
                match page::is_online() {
                    true => words::online(),
                    false => words::offline(),
                },
            );
            add(words::fact_version(), env!("CARGO_PKG_VERSION"));
            read(&facts, &parts.log)
        })
    }

    /// All of it as text, to be handed on.
    pub(crate) fn text(self) -> String {
        self.read(|facts, log| log.text(facts, &|at| clock::iso(at as f64)))
    }

    /// When a step began, as the person's own clock has it.
    pub(crate) fn time(row: &Row) -> String {
        clock::to_the_second(row.began as f64)
    }
}
