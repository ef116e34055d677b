//! Failures at the SignalR Service: negotiate, transports, closes.

use super::{Place, Problem, Reach, problem};
use crate::language::words;
use crate::signalr::error::Phase;
use crate::signalr::transport::Why;
use crate::signalr::{Error, Failure};
use crate::text::contains;

impl Place {
    /// Negotiation at the service failed.
    pub(super) fn service(&self, failure: &Failure) -> Problem {
        match failure {
            Failure::Network => self.service_unreachable(),
            Failure::Status { status: 400, .. } => {
                problem(words::service_400(), words::service_400_hint())
            }
            Failure::Status { status: 401, .. } => {
                problem(words::service_401(), words::service_401_hint())
            }
            Failure::Status {
                status: status @ (404 | 409),
                ..
            } => problem(
                words::service_status(&status.to_string()),
                words::service_forgot(),
            ),
            Failure::Status {
                status: 413 | 414, ..
            } => too_long(),
            Failure::Status { status: 429, .. } => too_many(),
            Failure::Status { status: 500, .. } => {
                problem(words::service_500(), words::set_serverless())
            }
            Failure::Status { status, .. } => problem(
                words::service_status(&status.to_string()),
                words::next_try_follows(),
            ),
            Failure::Timeout => problem(words::service_late(), words::next_try_follows()),
            Failure::Unreadable => problem(words::service_is_none(), words::service_is_none_hint()),
        }
    }

    fn service_unreachable(&self) -> Problem {
        let allow = words::service_allow(&self.origin);
        match self.reach {
            Reach::Answers => problem(words::service_not_let_read(), allow),
            Reach::Silent => problem(
                words::service_unreachable(),
                words::service_unreachable_hint(),
            ),
            Reach::Unknown => problem(
                words::service_no_answer(),
                [&allow, " ", words::service_blocked()].concat(),
            ),
        }
    }

    /// The service was found, and there is no connection to it.
    pub(super) fn transport(&self, error: &Error) -> Problem {
        match error {
            Error::NoTransport(unusable) if unusable.is_empty() => problem(
                words::service_offers_nothing(),
                words::service_offers_nothing_hint(),
            ),
            Error::NoTransport(unusable) if unusable.iter().all(|one| one.why == Why::Refused) => {
                problem(words::service_insecure(), words::service_insecure_hint())
            }
            Error::NoTransport(_) => problem(
                words::service_not_opened(),
                [
                    words::service_not_opened_hint(),
                    " ",
                    words::next_try_follows(),
                ]
                .concat(),
            ),
            Error::ClosedByServer { error, .. } => {
                let words = error.as_deref().unwrap_or(words::no_reason_given());
                let hint = match contains(words, "No app server") {
                    true => words::set_serverless(),
                    false => words::comes_back(),
                };
                problem(words::service_closed(words), hint)
            }
            Error::Lost { .. } | Error::Ended | Error::Poll(_) | Error::ServerTimeout => {
                problem(words::lost(), words::lost_hint())
            }
            other if other.phase() == Phase::Handshake => {
                problem(words::handshake_failed(), other.to_string())
            }
            other => problem(words::service_speaks_otherwise(), other.to_string()),
        }
    }
}

pub(super) fn too_many() -> Problem {
    problem(
        words::too_many_connections(),
        words::too_many_connections_hint(),
    )
}

pub(super) fn too_long() -> Problem {
    problem(words::token_too_long(), words::token_too_long_hint())
}
