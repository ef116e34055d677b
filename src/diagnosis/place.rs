//! [`Place`]: the page, and the backend that it talks to.

use super::{Problem, problem};
use crate::language::words;
use crate::text::{after_scheme, origin, split_once};

/// Whether anything answers at an address, to a request whose answer nobody may read: what a
/// script can find out about a failure that the browser keeps to itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Nobody asked.
    #[default]
    Unknown,
    /// Something answers, so it is CORS that stands between.
    Answers,
    /// Nothing does.
    Silent,
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
    /// False if the browser says that there is no network.
    pub online: bool,
    /// Whether anything answers where the last request brought no answer.
    pub reach: Reach,
}

impl Place {
    /// A request of the step `step` brought no answer that this page may read. What follows is the
    /// likeliest cause of those that fit.
    pub(super) fn no_answer(&self, step: &str) -> Problem {
        let title = |words: &str| [step, ": ", words].concat();
        if !self.online {
            return problem(
                title(words::this_is_offline()),
                words::this_is_offline_hint(),
            );
        }
        if self.origin.starts_with("https://")
            && self.api_base_url.starts_with("http://")
            && !is_loopback(&self.api_base_url)
        {
            return problem(title(words::mixed_content()), words::mixed_content_hint());
        }
        let api = self.api_base_url.as_str();
        let same_origin = self.origin == origin(api);
        match self.reach {
            Reach::Answers if !same_origin => {
                problem(title(words::not_let_read()), self.allow_origin())
            }
            Reach::Unknown if !same_origin => problem(
                title(&words::no_answer_from(api)),
                [words::check_it_runs(), " ", &self.allow_origin()].concat(),
            ),
            _ => problem(
                title(&words::nothing_answers(api)),
                if is_loopback(api) {
                    words::start_backend()
                } else {
                    words::check_function_app()
                },
            ),
        }
    }

    /// How to let this page in.
    fn allow_origin(&self) -> String {
        let (page, api) = (self.origin.as_str(), self.api_base_url.as_str());
        if is_loopback(page) && is_loopback(api) && host(page) != host(api) {
            let (scheme, port) = split_once(page, host(page)).unwrap_or_default();
            let address = [scheme, host(api), port].concat();
            return words::two_loopbacks(&address, page);
        }
        match (is_loopback(api), self.with_cookie) {
            (true, false) => words::allow_locally(page),
            (true, true) => words::allow_locally_with_cookie(page),
            (false, false) => words::allow(page),
            (false, true) => words::allow_with_cookie(page),
        }
    }
}

fn host(url: &str) -> &str {
    let authority = after_scheme(origin(url));
    let before_port = authority.trim_end_matches(|c: char| c.is_ascii_digit());
    match before_port.strip_suffix(':') {
        Some(host) if before_port.len() < authority.len() => host,
        _ => authority,
    }
}

/// True for an address of the person's own machine.
pub fn is_loopback(url: &str) -> bool {
    matches!(host(url), "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_origins_are_found() {
        for (url, its_host, its_origin) in [
            (
                "http://localhost:7071/x",
                "localhost",
                "http://localhost:7071",
            ),
            ("https://a.b", "a.b", "https://a.b"),
            ("http://[::1]:80/", "[::1]", "http://[::1]:80"),
            ("http://[::1]", "[::1]", "http://[::1]"),
        ] {
            assert_eq!((host(url), origin(url)), (its_host, its_origin));
        }
    }
}
