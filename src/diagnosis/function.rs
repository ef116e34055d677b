//! Failures at the Function App: who am I, negotiate, send.

use super::place::is_loopback;
use super::service::{too_long, too_many};
use super::{NEXT_TRY, Place, Problem, answered, problem};
use crate::signalr::Failure;

/// The step that asks who is here.
const WHO_AM_I: &str = "Asking who you are";

impl Place {
    /// Asking who is here brought no answer that this page may read.
    pub fn who_am_i_unreachable(&self) -> Problem {
        self.no_answer(WHO_AM_I)
    }

    /// Asking who is here was answered with this status.
    pub fn who_am_i_failed(&self, status: u16) -> Problem {
        let title = [WHO_AM_I, ": ", &answered("the Function App", status)].concat();
        problem(
            title,
            match status {
                500.. => {
                    "It may be starting: try again in a minute. If this goes on, look into its log stream."
                }
                _ => "Check that the setting apiBaseUrl in index.html names the Function App.",
            },
        )
    }

    /// Negotiation at the function failed.
    pub(super) fn function(&self, failure: &Failure) -> Problem {
        let title = |words: &str| [words, " (", &self.functions_url, "/negotiate)."].concat();
        match failure {
            Failure::Network => self.no_answer("Asking the negotiate function"),
            Failure::Timeout => problem(
                title("The negotiate function did not answer in time"),
                ["The Function App may be starting. ", NEXT_TRY].concat(),
            ),
            Failure::Unreadable => problem(
                title("What answers is no negotiate function"),
                "Correct the setting apiBaseUrl in index.html: it must name the Function App, not a web page.",
            ),
            Failure::Status { status: 401, .. } => problem(
                title("The negotiate function wants you to sign in"),
                "Sign in again. If that does not help, set the function's authLevel to anonymous.",
            ),
            Failure::Status { status: 403, .. } => problem(
                title("The negotiate function refused this page with status 403"),
                self.forbidden(),
            ),
            Failure::Status { status: 404, .. } => problem(
                title("There is no negotiate function"),
                "Deploy a function called negotiate or SignalRInfo, or correct the settings apiBaseUrl and routePrefix in index.html.",
            ),
            Failure::Status {
                status: 413 | 414, ..
            } => too_long(),
            Failure::Status { status: 429, .. } => too_many(),
            Failure::Status { status: 500, .. } => problem(
                title("The negotiate function failed with status 500"),
                match is_loopback(&self.api_base_url) {
                    true => {
                        "Check AzureSignalRConnectionString in local.settings.json. Take userId out of the function's binding while nobody can sign in."
                    }
                    false => {
                        "Check the app setting AzureSignalRConnectionString, and that the binding's userId works for somebody who is not signed in."
                    }
                },
            ),
            Failure::Status { status, .. } => problem(
                title(
                    &[
                        "The negotiate function answered with status ",
                        &status.to_string(),
                    ]
                    .concat(),
                ),
                match status {
                    500.. => ["The Function App may be starting. ", NEXT_TRY].concat(),
                    _ => "Look into the function's log for the reason.".to_owned(),
                },
            ),
        }
    }

    /// Why a message that was answered with `status` is not sent.
    pub fn send_failed(&self, status: u16) -> String {
        match status {
            403 => ["The backend refused this page. ", &self.forbidden()].concat(),
            404 => "There is no messages function. Check the settings apiBaseUrl and messageRoute."
                .to_owned(),
            413 => "It is too long for the backend.".to_owned(),
            429 => "Too many messages at once. Wait a little.".to_owned(),
            500 => "The messages function failed with status 500. Check AzureSignalRConnectionString, and the function's log.".to_owned(),
            _ => answered("The backend", status),
        }
    }

    /// App Service's rule against forged requests: a POST with a cookie must come from a page that is
    /// in both lists.
    fn forbidden(&self) -> String {
        [
            "Add ",
            &self.origin,
            " to the Function App's CORS origins and to its Allowed external redirect URLs.",
            match self.with_cookie {
                true => "",
                false => {
                    " If it is there, check which accounts its Authentication settings let in."
                }
            },
        ]
        .concat()
    }
}
