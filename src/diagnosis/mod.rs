//! Failures in words: which step failed, and what to change. And the record of all steps, for
//! whoever has to find out.
//!
//! A browser hides the cause of most failures from a script, so the step, the status, and whether
//! anything answers at all are what there is to go by. Whoever sets a backend up needs the one
//! setting that is wrong, with the page's exact origin ready to copy.
//!
//! | module | is for |
//! |---|---|
//! | [`place`] | the page and the backend: what a failure can have to do with where they are |
//! | `function` | failures at the Function App: who am I, negotiate, send |
//! | `service` | failures at the SignalR Service: negotiate, transports, closes |
//! | [`report`] | the steps with their times and verdicts, as rows and as text |
//! | [`redact`] | takes secrets out of a text |

mod function;
pub mod place;
pub mod redact;
pub mod report;
mod service;
#[cfg(test)]
mod tests;

use crate::auth::sign_in::FORGOTTEN;
use crate::config::{ConfigError, KNOWN_KEYS};
use crate::language::words;
use crate::signalr::{Error, Failure, Step};
use crate::text;

pub use place::{Place, Reach};
pub use report::{Fact, Log};

/// What is wrong, in two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened, and at which step.
    pub title: String,
    /// What to do about it.
    pub hint: String,
}

impl Problem {
    /// What stands before and after the page's origin in the hint, if it is there: it is to be
    /// copied.
    pub fn around<'t>(&'t self, origin: &str) -> Option<(&'t str, &'t str)> {
        let (before, after) =
            text::split_once(&self.hint, origin).filter(|_| !origin.is_empty())?;
        // Not where another address only begins in the same way.
        let goes_on =
            after.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ':' | '-'));
        (!goes_on).then_some((before, after))
    }
}

fn problem(title: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem {
        title: title.into(),
        hint: hint.into(),
    }
}

/// A setting is wrong.
pub fn settings(error: &ConfigError) -> Problem {
    problem(
        // It repeats a value, which may be a connection string.
        redact::redact(&error.what),
        [error.instead, " ", words::in_index()].concat(),
    )
}

/// Settings that mean nothing here; `None` if there are none.
pub fn unknown_settings(keys: &[String]) -> Option<Problem> {
    (!keys.is_empty()).then(|| {
        problem(
            words::settings_unknown(&text::joined(keys, ", ")),
            [
                &words::settings_known(&text::joined(&KNOWN_KEYS, ", ")),
                " ",
                words::in_index(),
            ]
            .concat(),
        )
    })
}

/// A sign-in failed, with these words of the server's; none if they could not be read.
pub fn sign_in(words: &str) -> Problem {
    let words = match words {
        FORGOTTEN => words::sign_in_forgotten(),
        "" => words::sign_in_unreadable(),
        words => words,
    };
    problem(words::sign_in_failed(words), words::sign_in_failed_hint())
}

impl Place {
    /// There is none, there was one, and another is tried for. What once worked is set up well, so
    /// an answer that does not come says nothing about settings.
    pub fn reconnection(&self, error: &Error) -> Problem {
        match error {
            Error::Negotiate {
                failure: Failure::Network | Failure::Timeout,
                ..
            } => problem(words::lost_and_silent(), words::lost_and_silent_hint()),
            other => self.connection(other),
        }
    }

    /// There is no connection.
    pub fn connection(&self, error: &Error) -> Problem {
        match error {
            Error::NotAuthorized(words) => problem(words.clone(), words::sign_in_to_go_on()),
            Error::Negotiate {
                step: Step::Negotiate,
                failure,
            } => self.function(failure),
            Error::Negotiate {
                step: Step::NegotiateRedirected,
                failure,
            } => self.service(failure),
            Error::Refused(words) => problem(
                words::negotiate_refused(words),
                words::negotiate_refused_hint(),
            ),
            other => self.transport(other),
        }
    }
}
