//! Failures at the Function App: who am I, negotiate, send.

use super::place::is_loopback;
use super::service::{too_long, too_many};
use super::{Place, Problem, problem};
use crate::language::words;
use crate::signalr::Failure;

impl Place {
    /// Asking who is here brought no answer that this page may read.
    pub fn who_am_i_unreachable(&self) -> Problem {
        self.no_answer(words::asking_who())
    }

    /// Asking who is here was answered with this status.
    pub fn who_am_i_failed(&self, status: u16) -> Problem {
        let answered = words::function_app_answered(&status.to_string());
        let title = [words::asking_who(), ": ", &answered].concat();
        problem(
            title,
            match status {
                500.. => words::may_be_starting(),
                _ => words::check_api_base_url(),
            },
        )
    }

    /// Negotiation at the function failed.
    pub(super) fn function(&self, failure: &Failure) -> Problem {
        let title = |words: &str| [words, " (", &self.functions_url, "/negotiate)."].concat();
        match failure {
            Failure::Network => self.no_answer(words::asking_function()),
            Failure::Timeout => problem(title(words::negotiate_late()), starting()),
            Failure::Unreadable => problem(
                title(words::negotiate_is_none()),
                words::negotiate_is_none_hint(),
            ),
            Failure::Status { status: 401, .. } => {
                problem(title(words::negotiate_401()), words::negotiate_401_hint())
            }
            Failure::Status { status: 403, .. } => {
                problem(title(words::negotiate_403()), self.forbidden())
            }
            Failure::Status { status: 404, .. } => {
                problem(title(words::negotiate_404()), words::negotiate_404_hint())
            }
            Failure::Status {
                status: 413 | 414, ..
            } => too_long(),
            Failure::Status { status: 429, .. } => too_many(),
            Failure::Status { status: 500, .. } => problem(
                title(words::negotiate_500()),
                match is_loopback(&self.api_base_url) {
                    true => words::negotiate_500_local_hint(),
                    false => words::negotiate_500_hint(),
                },
            ),
            Failure::Status { status, .. } => problem(
                title(&words::negotiate_status(&status.to_string())),
                match status {
                    500.. => starting(),
                    _ => words::look_into_log().to_owned(),
                },
            ),
        }
    }

    /// Why a message that was answered with `status` is not sent.
    pub fn send_failed(&self, status: u16) -> String {
        match status {
            403 => [words::send_403(), " ", &self.forbidden()].concat(),
            404 => words::send_404().to_owned(),
            413 => words::send_413().to_owned(),
            429 => words::send_429().to_owned(),
            500 => words::send_500().to_owned(),
            _ => words::send_status(&status.to_string()),
        }
    }

    /// App Service's rule against forged requests: a POST with a cookie must come from a page that is
    /// in both lists.
    fn forbidden(&self) -> String {
        let allow = words::allow_everywhere(&self.origin);
        match self.with_cookie {
            true => allow,
            false => [&allow, " ", words::check_accounts()].concat(),
        }
    }
}

/// What a function that wakes up needs is another try.
fn starting() -> String {
    [words::app_may_be_starting(), " ", words::next_try_follows()].concat()
}
