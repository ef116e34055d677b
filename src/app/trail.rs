//! [`Trail`]: what the page has done so far to get a connection, for the person who has to find out
//! why there is none.

use std::collections::VecDeque;

use leptos::prelude::*;

use super::link::{self, Link, LinkState};
use crate::auth::{PostError, WhoAmI};
use crate::config::{AuthMode, Config, ConfigError};
use crate::diagnosis::report::{KEPT, Row, Step};
use crate::diagnosis::{Fact, Log, Problem};
use crate::platform::{clock, page};
use crate::signalr::Error;
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
    notes: VecDeque<(u64, Note)>,
    /// What is known from the settings, if they can be used.
    settled: Option<(String, AuthMode)>,
    /// What is known of the connection.
    state: Option<LinkState>,
    problem: Option<Problem>,
}

/// The most notes that are kept: a step has two, and what happened last is what counts.
const NOTES: usize = 2 * KEPT;

/// Something of the record, as it is until somebody wants to read it.
pub(super) enum Note {
    /// A step began, there.
    Began(Step, String),
    /// The settings were read.
    Read(Result<(), String>),
    /// Somebody was asked who is here.
    Asked(WhoAmI),
    /// A message was sent, or not.
    Sent(Result<(), PostError>),
    /// The same by a call of the hub.
    Called(Result<(), Error>),
    /// What the connection did.
    Trace(Trace),
}

impl Parts {
    /// The steps, in words.
    fn log(&self) -> Log {
        let mut log = Log::default();
        for (at, note) in &self.notes {
            let at = *at;
            let mut end = |step, outcome: Result<&'static str, String>| {
                log.end(at, step, outcome.as_ref().copied().map_err(String::as_str));
            };
            match note {
                Note::Began(step, place) => log.begin(at, *step, place),
                Note::Read(outcome) => end(
                    Step::Settings,
                    outcome.clone().map(|()| words::verdict_ok()),
                ),
                Note::Asked(answer) => end(Step::WhoAmI, link::who_am_i(answer)),
                Note::Sent(outcome) => end(Step::Send, link::sent(outcome)),
                Note::Called(outcome) => {
                    let outcome = outcome.as_ref().map(|()| words::verdict_ok());
                    end(Step::Send, outcome.map_err(Error::to_string));
                }
                Note::Trace(trace) => log.trace(at, trace),
            }
        }
        log
    }
}

impl Trail {
    /// Begins with the settings.
    pub(super) fn new(config: Result<&Config, &ConfigError>) -> Trail {
        let settled = config.ok();
        let settled = settled.map(|config| (config.api_base_url.clone(), config.auth_mode));
        let parts = Parts {
            notes: VecDeque::new(),
            settled,
            state: None,
            problem: None,
        };
        let trail = Trail {
            open: RwSignal::new(false),
            revision: RwSignal::new(0),
            parts: StoredValue::new_local(parts),
        };
        trail.note(Note::Began(Step::Settings, "index.html".to_owned()));
        let outcome = config.map(drop).map_err(|error| error.what.clone());
        trail.note(Note::Read(outcome));
        trail
    }

    fn change(self, change: impl FnOnce(&mut Parts)) {
        self.parts.update_value(change);
        self.revision
            .update(|revision| *revision = revision.wrapping_add(1));
    }

    /// Takes what happens now.
    pub(super) fn note(self, note: Note) {
        self.note_at(clock::now() as u64, note);
    }

    /// Takes what happened then.
    pub(super) fn note_at(self, at: u64, note: Note) {
        self.change(|parts| {
            if parts.notes.len() == NOTES {
                parts.notes.pop_front();
            }
            parts.notes.push_back((at, note));
        });
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
            .with_value(|parts| parts.log().service().map(str::to_owned))
    }

    /// What is true now, and the steps, followed.
    pub(crate) fn read<T>(self, read: impl FnOnce(&[Fact], &Log) -> T) -> T {
        self.revision.track();
        self.parts.with_value(|parts| {
            let log = parts.log();
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
            let transport = log.transport().unwrap_or_default();
            add(words::fact_transport(), transport);
            add(
                words::fact_browser(),
                match page::is_online() {
                    true => words::online(),
                    false => words::offline(),
                },
            );
            add(words::fact_version(), env!("CARGO_PKG_VERSION"));
            read(&facts, &log)
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
