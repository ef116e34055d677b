//! What a sign-in means to a person: why one is needed, and how it goes.

use crate::auth::{Reason, site};
use crate::diagnosis::{self, Place, Problem};
use crate::ui::words;

/// How far a sign-in beside the page has come, for somebody who is in the middle of a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SigningIn {
    /// Nobody began one.
    #[default]
    NotYet,
    /// In the window that is open.
    InWindow,
    /// It led to nothing.
    Ended {
        /// Why.
        problem: Problem,
        /// What it was tried with.
        provider: String,
    },
}

impl SigningIn {
    /// A window ended without a session; `words` are the server's on it, if there are any.
    pub fn ended(provider: &str, words: Option<&str>) -> SigningIn {
        let problem = words.map_or_else(
            || Problem {
                title: words::window_closed().to_owned(),
                hint: words::window_closed_hint().to_owned(),
            },
            diagnosis::sign_in,
        );
        let provider = provider.to_owned();
        SigningIn::Ended { problem, provider }
    }

    /// What the page says above the chat while the session is over.
    pub fn problem(&self) -> Problem {
        let hint = match self {
            SigningIn::NotYet => words::signed_out_hint(),
            SigningIn::InWindow => words::window_open_hint(),
            SigningIn::Ended { problem, .. } => return problem.clone(),
        };
        Problem {
            title: words::signed_out().to_owned(),
            hint: hint.to_owned(),
        }
    }
}

/// Why the page believes that nobody is signed in, where it helps to know; `None` where there is
/// nothing else to do than to sign in.
pub fn why_signed_out(reason: Reason, place: &Place) -> Option<Problem> {
    let (title, hint) = match reason {
        Reason::Lost => (words::session_lost(), words::session_lost_hint()),
        Reason::SomethingElse => {
            return Some(Problem {
                title: words::something_else(&place.api_base_url),
                hint: words::something_else_hint().to_owned(),
            });
        }
        // These say no more than that, and a cookie that never arrives looks the same.
        Reason::Unauthorized | Reason::Forbidden | Reason::Redirected | Reason::Nobody => {
            return cookie_warning(place);
        }
    };
    Some(Problem {
        title: title.to_owned(),
        hint: hint.to_owned(),
    })
}

/// Cookies were asked for where browsers do not send them.
pub fn cookie_warning(place: &Place) -> Option<Problem> {
    let warns = place.with_cookie && site::is_cross_site(&place.origin, &place.api_base_url);
    warns.then(|| Problem {
        title: words::cookie_blocked(&place.api_base_url),
        hint: words::cookie_hint().to_owned(),
    })
}

/// The person has signed out, and the backend knows them all the same.
pub fn still_signed_in(name: &str, place: &Place) -> Problem {
    Problem {
        title: words::still_signed_in(&place.api_base_url, name),
        hint: words::still_signed_in_hint().to_owned(),
    }
}

/// Whether to ask who is here, where an answer does not come: behind that may be a sign-in page,
/// which a browser shows to no script. Asked once an outage, and of a backend that had worked.
#[derive(Debug, Default)]
pub struct Doubt {
    worked: bool,
}

impl Doubt {
    /// The backend has worked.
    pub fn worked(&mut self) {
        self.worked = true;
    }

    /// It brought no answer that this page may read. True if it is time to ask.
    pub fn unanswered(&mut self) -> bool {
        std::mem::take(&mut self.worked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Reach;

    fn place(origin: &str, api_base_url: &str, with_cookie: bool) -> Place {
        Place {
            origin: origin.into(),
            api_base_url: api_base_url.into(),
            functions_url: [api_base_url, "/api"].concat(),
            with_cookie,
            online: true,
            reach: Reach::Unknown,
        }
    }

    #[test]
    fn a_reason_is_told_where_it_helps() {
        let place = place("https://p.q", "https://a.b", false);
        for (reason, tells) in [
            (Reason::Unauthorized, None),
            (Reason::Forbidden, None),
            (Reason::Redirected, None),
            (Reason::Nobody, None),
            (Reason::Lost, Some("token store")),
            (Reason::SomethingElse, Some("https://a.b/.auth/me")),
        ] {
            let told = why_signed_out(reason, &place);
            let told = told.map(|problem| [problem.title, problem.hint].concat());
            match (&told, tells) {
                (None, None) => {}
                (Some(told), Some(words)) => assert!(told.contains(words), "{reason:?}: {told}"),
                _ => panic!("{reason:?}: {told:?}"),
            }
        }
    }

    #[test]
    fn cookies_across_sites_are_warned_about() {
        for (origin, api, with_cookie, warns) in [
            ("https://p.q", "https://a.b", true, true),
            ("https://p.q", "https://a.b", false, false),
            ("https://p.q", "https://api.p.q", true, false),
            ("https://p.q", "https://p.q", true, false),
        ] {
            let place = place(origin, api, with_cookie);
            assert_eq!(cookie_warning(&place).is_some(), warns, "{origin} {api}");
            // It is why nobody seems to be signed in.
            let why = why_signed_out(Reason::Unauthorized, &place);
            assert_eq!(why, cookie_warning(&place));
        }
    }

    #[test]
    fn a_window_that_led_to_nothing_says_why() {
        assert_eq!(SigningIn::NotYet.problem().title, words::signed_out());
        let closed = SigningIn::ended("aad", None).problem();
        assert_eq!(closed.title, words::window_closed());
        let refused = SigningIn::ended("aad", Some("Access denied")).problem();
        assert!(refused.title.contains("Access denied"), "{}", refused.title);
    }

    #[test]
    fn who_is_here_is_asked_once_an_outage() {
        let mut doubt = Doubt::default();
        assert!(!doubt.unanswered(), "it never worked");
        doubt.worked();
        assert!(doubt.unanswered());
        assert!(!doubt.unanswered(), "the same outage");
        doubt.worked();
        assert!(doubt.unanswered(), "the next one");
    }
}
