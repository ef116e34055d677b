//! Failures in words: which step failed, and what to change.
//!
//! A browser hides the cause of most failures from a script, so the step and the status are all
//! there is to go by. Whoever sets a backend up needs the one setting that is wrong, with the
//! page's exact origin ready to copy.

use crate::config::{ConfigError, KNOWN_KEYS};
use crate::signalr::{Error, Failure, Step};
use crate::text;

/// What is wrong, in two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened, and at which step.
    pub title: String,
    /// What to do about it.
    pub hint: String,
}

/// What the words are about: the page, and the backend that it talks to.
#[derive(Clone, Debug)]
pub struct Place {
    /// The origin of the page.
    pub origin: String,
    /// The setting `apiBaseUrl`.
    pub api_base_url: String,
    /// The address of the functions, without their names.
    pub functions_url: String,
    /// True if requests carry the cookie, which needs more of CORS.
    pub with_cookie: bool,
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
        error.what.clone(),
        [error.instead, " The settings are in index.html."].concat(),
    )
}

/// Settings that mean nothing here; `None` if there are none.
pub fn unknown_settings(keys: &[String]) -> Option<Problem> {
    (!keys.is_empty()).then(|| {
        problem(
            ["Unknown in the settings: ", &keys.join(", "), "."].concat(),
            [
                "Known are ",
                &KNOWN_KEYS.join(", "),
                "; capitals matter. The settings are in index.html.",
            ]
            .concat(),
        )
    })
}

/// A sign-in failed, with these words of the server's.
pub fn sign_in(words: &str) -> Problem {
    problem(
        ["Signing in failed: ", words].concat(),
        "Try again, or sign in with another account.",
    )
}

impl Place {
    /// Asking who is here brought no answer that this page may read.
    pub fn who_am_i_unreachable(&self) -> Problem {
        problem(
            [
                "Asking ",
                &self.api_base_url,
                " who you are brought no answer.",
            ]
            .concat(),
            self.unreachable(),
        )
    }

    /// Asking who is here was answered with this status.
    pub fn who_am_i_failed(&self, status: u16) -> Problem {
        problem(
            [
                "Asking who you are was answered with status ",
                &status.to_string(),
                ".",
            ]
            .concat(),
            "The Function App may be starting. If this goes on, look into its log stream.",
        )
    }

    /// There is none, there was one, and another is tried for. What once worked is set up well, so
    /// an answer that does not come says nothing about settings.
    pub fn reconnection(&self, error: &Error) -> Problem {
        match error {
            Error::Negotiate {
                failure: Failure::Network | Failure::Timeout,
                ..
            } => problem(
                "The connection was lost, and the backend does not answer.",
                "Check that you are online. It comes back by itself; what is said meanwhile is not shown later.",
            ),
            other => self.connection(other),
        }
    }

    /// There is no connection.
    pub fn connection(&self, error: &Error) -> Problem {
        match error {
            Error::NotAuthorized(words) => problem(
                words.clone(),
                "Sign in again to go on. Your messages and drafts are still here.",
            ),
            Error::Negotiate {
                step: Step::Negotiate,
                failure,
            } => self.negotiate(failure),
            Error::Negotiate {
                step: Step::NegotiateRedirected,
                failure,
            } => self.service(failure),
            Error::Refused(words) => problem(
                ["The negotiate function refused: ", words].concat(),
                "Ask whoever runs the backend what this means.",
            ),
            Error::NoTransport(unusable) if unusable.is_empty() => problem(
                "The SignalR Service offers no way to connect that this page knows.",
                "Check that the negotiate function's hub is one of an Azure SignalR Service.",
            ),
            Error::NoTransport(_) => problem(
                "The SignalR Service answered, but no connection to it opened.",
                "A proxy or firewall may be in the way. The next try follows by itself.",
            ),
            Error::ClosedByServer { error, .. } => {
                let words = error.as_deref().unwrap_or("no reason given");
                let hint = match text::contains(words, "No app server") {
                    true => "Set the SignalR Service's mode to Serverless.",
                    false => "It comes back by itself.",
                };
                problem(
                    ["The SignalR Service closed the connection: ", words].concat(),
                    hint,
                )
            }
            Error::Lost { .. } | Error::Ended | Error::Poll(_) | Error::ServerTimeout => problem(
                "The connection was lost.",
                "It comes back by itself. What is said meanwhile is not shown later.",
            ),
            other => problem(
                "The SignalR Service does not speak as expected.",
                other.to_string(),
            ),
        }
    }

    fn negotiate(&self, failure: &Failure) -> Problem {
        let title = |words: &str| [words, " (", &self.functions_url, "/negotiate)."].concat();
        match failure {
            Failure::Network => problem(
                title("The negotiate function brought no answer"),
                self.unreachable(),
            ),
            Failure::Timeout => problem(
                title("The negotiate function did not answer in time"),
                "The Function App may be starting. The next try follows by itself.",
            ),
            Failure::Unreadable => problem(
                title("What answered is no negotiate function"),
                "Check the setting apiBaseUrl: it must name the Function App, not a web page.",
            ),
            Failure::Status { status: 401, .. } => problem(
                title("The negotiate function wants you to sign in"),
                "Sign in again to go on. Your messages and drafts are still here.",
            ),
            Failure::Status { status: 403, .. } => problem(
                title("The negotiate function refused this page"),
                self.forbidden(),
            ),
            Failure::Status { status: 404, .. } => problem(
                title("There is no negotiate function"),
                "Check the settings apiBaseUrl and routePrefix, and that the function is called \"negotiate\" or \"SignalRInfo\" and deployed.",
            ),
            Failure::Status { status: 429, .. } => too_many(),
            Failure::Status { status: 500, .. } => problem(
                title("The negotiate function failed with status 500"),
                "Check its connection string, AzureSignalRConnectionString, and that its binding's userId works for somebody who is not signed in.",
            ),
            Failure::Status { status, .. } => problem(
                title(
                    &[
                        "The negotiate function answered with status ",
                        &status.to_string(),
                    ]
                    .concat(),
                ),
                "The Function App may be starting. The next try follows by itself.",
            ),
        }
    }

    fn service(&self, failure: &Failure) -> Problem {
        match failure {
            Failure::Network => problem(
                "The SignalR Service brought no answer.",
                [
                    "Check that its CORS settings allow ",
                    &self.origin,
                    ", and that the network lets you reach it.",
                ]
                .concat(),
            ),
            Failure::Status { status: 401, .. } => problem(
                "The SignalR Service did not take the token of the negotiate function.",
                "Check that the function's connection string has the service's present key, and that its clock is right.",
            ),
            Failure::Status {
                status: 413 | 414, ..
            } => problem(
                "The token of the negotiate function is too long for the SignalR Service.",
                "Put fewer claims into it.",
            ),
            Failure::Status { status: 429, .. } => too_many(),
            Failure::Status { status: 500, .. } => problem(
                "The SignalR Service failed with status 500.",
                "Check that its mode is Serverless.",
            ),
            Failure::Status { status, .. } => problem(
                [
                    "The SignalR Service answered with status ",
                    &status.to_string(),
                    ".",
                ]
                .concat(),
                "The next try follows by itself.",
            ),
            Failure::Timeout | Failure::Unreadable => problem(
                "The SignalR Service did not answer as expected.",
                "The next try follows by itself.",
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
            _ => [
                "The backend answered with status ",
                &status.to_string(),
                ".",
            ]
            .concat(),
        }
    }

    /// No answer: the causes that a script cannot tell apart, the likeliest first.
    fn unreachable(&self) -> String {
        let mut causes = "Check that it is running, and that you are online.".to_owned();
        let api_is_http = self.api_base_url.starts_with("http://");
        if self.origin.starts_with("https://") && api_is_http && !is_loopback(&self.api_base_url) {
            causes.push_str(" This page is https, so apiBaseUrl must be https too.");
        }
        if host(&self.origin) != host(&self.api_base_url)
            && is_loopback(&self.origin)
            && is_loopback(&self.api_base_url)
        {
            causes.push_str(" Note that localhost and 127.0.0.1 are different origins.");
        }
        if self.origin != self.api_base_url {
            let cookie = if self.with_cookie {
                ", with credentials"
            } else {
                ""
            };
            causes.extend([
                " Check that its CORS settings allow exactly ",
                &self.origin,
                cookie,
                ".",
            ]);
        }
        causes
    }

    fn forbidden(&self) -> String {
        [
            "Add ",
            &self.origin,
            " to the Function App's CORS origins, and this page's address to its Allowed external redirect URLs.",
        ]
        .concat()
    }
}

fn too_many() -> Problem {
    problem(
        "The SignalR Service has too many connections.",
        "A Free tier takes 20, and each tab is one. The next try follows by itself.",
    )
}

fn host(url: &str) -> &str {
    let authority = text::after_scheme(url)
        .split('/')
        .next()
        .unwrap_or_default();
    let is_port = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match authority.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        _ => authority,
    }
}

fn is_loopback(url: &str) -> bool {
    matches!(host(url), "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(origin: &str, api_base_url: &str) -> Place {
        Place {
            origin: origin.into(),
            api_base_url: api_base_url.into(),
            functions_url: [api_base_url, "/api"].concat(),
            with_cookie: false,
        }
    }

    #[test]
    fn an_unreachable_backend_is_explained_by_what_can_be_known() {
        let hint = place("https://p.q", "https://a.b")
            .who_am_i_unreachable()
            .hint;
        assert!(
            hint.contains("CORS settings allow exactly https://p.q."),
            "{hint}"
        );
        let hint = place("https://p.q", "http://a.b")
            .who_am_i_unreachable()
            .hint;
        assert!(hint.contains("must be https"), "{hint}");
        let hint = place("https://p.q", "http://localhost:7071")
            .who_am_i_unreachable()
            .hint;
        assert!(
            !hint.contains("must be https"),
            "loopback is exempt: {hint}"
        );
        let hint = place("http://127.0.0.1:5500", "http://localhost:7071")
            .who_am_i_unreachable()
            .hint;
        assert!(hint.contains("different origins"), "{hint}");
        let hint = place("http://localhost:8080", "http://localhost:7071")
            .who_am_i_unreachable()
            .hint;
        assert!(!hint.contains("different origins"), "{hint}");
        let hint = place("https://a.b", "https://a.b")
            .who_am_i_unreachable()
            .hint;
        assert!(!hint.contains("CORS"), "the same origin: {hint}");
    }

    #[test]
    fn what_once_worked_is_not_blamed_on_settings() {
        let error = Error::Negotiate {
            step: Step::Negotiate,
            failure: Failure::Network,
        };
        let place = place("https://p.q", "https://a.b");
        assert!(place.connection(&error).hint.contains("CORS"));
        assert!(!place.reconnection(&error).hint.contains("CORS"));
    }

    /// Every status that a client can meet: whose it is, and what helps.
    #[test]
    fn each_status_names_its_step_and_what_to_change() {
        use Step::{Negotiate, NegotiateRedirected};
        let place = place("https://p.q", "https://a.b");
        let (function, service) = ("negotiate function", "SignalR Service");
        for (step, status, whose, helps) in [
            (NegotiateRedirected, 400, service, "by itself"),
            (Negotiate, 401, function, "Sign in again"),
            (NegotiateRedirected, 401, service, "present key"),
            (Negotiate, 403, function, "Allowed external redirect URLs"),
            (Negotiate, 404, function, "SignalRInfo"),
            (NegotiateRedirected, 404, service, "by itself"),
            (NegotiateRedirected, 409, service, "by itself"),
            (NegotiateRedirected, 413, service, "fewer claims"),
            (NegotiateRedirected, 414, service, "fewer claims"),
            (Negotiate, 429, "SignalR Service", "Free tier"),
            (NegotiateRedirected, 429, service, "Free tier"),
            (Negotiate, 500, function, "AzureSignalRConnectionString"),
            (NegotiateRedirected, 500, service, "Serverless"),
            (Negotiate, 502, function, "may be starting"),
            (Negotiate, 503, function, "may be starting"),
            (NegotiateRedirected, 503, service, "by itself"),
        ] {
            let words = String::new();
            let failure = Failure::Status { status, words };
            let Problem { title, hint } = place.connection(&Error::Negotiate { step, failure });
            assert!(title.contains(whose), "{step:?} {status}: {title}");
            assert!(hint.contains(helps), "{step:?} {status}: {hint}");
        }
    }

    #[test]
    fn what_has_no_status_is_explained_too() {
        let place = place("https://p.q", "https://a.b");
        for (error, helps) in [
            (
                Error::Negotiate {
                    step: Step::NegotiateRedirected,
                    failure: Failure::Network,
                },
                "https://p.q",
            ),
            (
                Error::Negotiate {
                    step: Step::Negotiate,
                    failure: Failure::Unreadable,
                },
                "not a web page",
            ),
            (
                Error::ClosedByServer {
                    error: Some("No app server is currently connected.".into()),
                    allow_reconnect: false,
                },
                "Serverless",
            ),
            (Error::NoTransport(Vec::new()), "Azure SignalR Service"),
            (Error::ServerTimeout, "by itself"),
        ] {
            let hint = place.connection(&error).hint;
            assert!(hint.contains(helps), "{error:?}: {hint}");
        }
    }
}
