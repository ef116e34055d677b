//! Signing in beside the page, in a window of its own: what that window says, and what follows.
//!
//! App Service Authentication posts a message to the page that opened the window, where it knows
//! `completion_type=postMessage`. Where it does not, the window comes back to this page's own
//! address with the token in the fragment, and hands it over in the same words. Where the session
//! is a cookie, the window shows by its address that it is done.

use super::principal::{Principal, WhoAmI};
use super::sign_in::{Fragment, UNREADABLE, shortened};
use super::token::SessionToken;
use crate::json::{self, Fields};

/// How a sign-in beside the page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With a session token.
    Token(SessionToken),
    /// With a cookie, which only the browser sees.
    Cookie,
    /// It failed, in these words of the server's.
    Refused(String),
    /// The person closed the window.
    Closed,
}

/// A message that came to the page.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// True if the window that was opened sent it.
    pub from_popup: bool,
    /// The origin of the page that sent it.
    pub origin: &'a str,
    /// What it says, in JSON.
    pub data: &'a str,
}

/// What a message says of the sign-in; `None` if it is about something else, or from anywhere but
/// the sign-in's window while that shows a page of one of the `trusted` origins: the backend's, and
/// this page's own.
pub fn hear(message: Message<'_>, trusted: [&str; 2]) -> Option<Ended> {
    if !message.from_popup || !trusted.contains(&message.origin) {
        return None;
    }
    let fields = Fields::read(message.data).ok()?;
    if fields.string("type")? != COMPLETED {
        return None;
    }
    let token = fields.get("oauth").map(|oauth| oauth.get());
    if let Some(token) = token.and_then(SessionToken::from_json) {
        return Some(Ended::Token(token));
    }
    let words = fields.string("error").filter(|words| !words.is_empty());
    let words = words.as_deref().unwrap_or(UNREADABLE);
    Some(Ended::Refused(shortened(words)))
}

/// Looks at the window now and then.
#[derive(Debug, Default)]
pub struct Watch {
    closed: bool,
}

impl Watch {
    /// What a look says: whether the window is closed, and its address where this page may read
    /// it. At the address `done`, if there is one, the cookie is set. `None` while the person is at
    /// it.
    pub fn look(
        &mut self,
        closed: bool,
        address: Option<&str>,
        done: Option<&str>,
    ) -> Option<Ended> {
        if closed {
            // Seen twice: what the window said last may arrive after it is gone.
            return std::mem::replace(&mut self.closed, true).then_some(Ended::Closed);
        }
        let address = address?.split(['?', '#']).next();
        (done.is_some() && address == done).then_some(Ended::Cookie)
    }
}

/// What a window that came back to this page tells the page that opened it. `None` if the fragment
/// of its address is not about a sign-in.
pub fn hand_over(fragment: &Fragment) -> Option<String> {
    let (key, value) = match fragment {
        Fragment::None => return None,
        Fragment::Token(token) => (
            "\"oauth\":{\"authenticationToken\":",
            [&json::written(token.reveal()), "}"].concat(),
        ),
        Fragment::Error(words) => ("\"error\":", json::written(words)),
    };
    Some(["{\"type\":\"", COMPLETED, "\",", key, &value, "}"].concat())
}

const COMPLETED: &str = "LoginCompleted";

/// What becomes of the chat on the screen, once the sign-in is through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It goes on: the same person is back.
    GoOn,
    /// It was somebody else's, and must not stay on the screen.
    Anew(Principal),
    /// The sign-in led to nothing: nobody can say who is here.
    Nobody,
}

/// Decides by what `/.auth/me` says now. `before` is the user id that it gave when the chat began;
/// empty if nobody was signed in.
pub fn next(before: &str, answer: WhoAmI) -> Next {
    match answer {
        WhoAmI::SignedIn(principal) if principal.user_id == before => Next::GoOn,
        WhoAmI::SignedIn(principal) => Next::Anew(principal),
        _ => Next::Nobody,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::principal::Reason;

    const API: &str = "https://a.b";
    const PAGE: &str = "https://p.q";
    const TOKEN: &str = r#"{"type":"LoginCompleted","oauth":{"authenticationToken":"abc","user":{"userId":"sid:1"}},"error":null}"#;

    fn from(from_popup: bool, origin: &str, data: &str) -> Option<Ended> {
        let message = Message {
            from_popup,
            origin,
            data,
        };
        hear(message, [API, PAGE])
    }

    fn refused(words: &str) -> Option<Ended> {
        Some(Ended::Refused(words.into()))
    }

    #[test]
    fn only_the_sign_in_itself_is_believed() {
        let token = Some(Ended::Token(SessionToken::new("abc".into())));
        assert_eq!(from(true, API, TOKEN), token);
        assert_eq!(from(true, PAGE, TOKEN), token, "handed over by the page");
        assert_eq!(from(false, API, TOKEN), None, "another window");
        for origin in ["https://evil", "null", "", "https://a.b.evil", "http://a.b"] {
            assert_eq!(from(true, origin, TOKEN), None, "{origin}");
        }
    }

    #[test]
    fn every_message_is_understood_or_left_alone() {
        for (data, expected) in [
            ("", None),
            ("null", None),
            ("42", None),
            (r#"{"type":"webpackOk"}"#, None),
            (r#"{"oauth":{"authenticationToken":"abc"}}"#, None),
            (
                r#"{"type":"LoginCompleted","error":"Access denied"}"#,
                refused("Access denied"),
            ),
            (r#"{"type":"LoginCompleted"}"#, refused(UNREADABLE)),
            (
                r#"{"type":"LoginCompleted","oauth":{}}"#,
                refused(UNREADABLE),
            ),
            (
                r#"{"type":"LoginCompleted","oauth":"abc"}"#,
                refused(UNREADABLE),
            ),
            (
                r#"{"type":"LoginCompleted","oauth":{"authenticationToken":"a\r\nb"}}"#,
                refused(UNREADABLE),
            ),
            (
                r#"{"type":"LoginCompleted","error":{"code":7}}"#,
                refused(UNREADABLE),
            ),
        ] {
            assert_eq!(from(true, API, data), expected, "{data}");
        }
        let long = format!(
            r#"{{"type":"LoginCompleted","error":"{}"}}"#,
            "x".repeat(5000)
        );
        assert_eq!(from(true, API, &long), refused(&"x".repeat(300)));
    }

    #[test]
    fn what_is_handed_over_is_understood() {
        let token = SessionToken::new("a\"b".into());
        let words = r#"Access "denied""#;
        for (fragment, expected) in [
            (Fragment::Token(token.clone()), Some(Ended::Token(token))),
            (Fragment::Error(words.into()), refused(words)),
            (Fragment::None, None),
        ] {
            let heard = hand_over(&fragment).and_then(|data| from(true, PAGE, &data));
            assert_eq!(heard, expected);
        }
    }

    #[test]
    fn a_window_is_looked_at_until_it_is_done_or_gone() {
        let done = Some("https://a.b/.auth/login/done");
        for (address, expected) in [
            (None, None),
            (Some("about:blank"), None),
            (Some("https://a.b/.auth/login/aad"), None),
            (Some("https://a.b/.auth/login/done"), Some(Ended::Cookie)),
            (Some("https://a.b/.auth/login/done#"), Some(Ended::Cookie)),
        ] {
            let mut watch = Watch::default();
            assert_eq!(watch.look(false, address, done), expected, "{address:?}");
        }
        let mut watch = Watch::default();
        assert_eq!(
            watch.look(false, done, None),
            None,
            "a token comes in a message"
        );
        assert_eq!(
            watch.look(true, None, done),
            None,
            "it may have said something"
        );
        assert_eq!(watch.look(true, None, done), Some(Ended::Closed));
    }

    #[test]
    fn only_the_same_person_goes_on_with_the_chat() {
        let principal = |user_id: &str| Principal {
            user_id: user_id.into(),
            display_name: "Alice".into(),
        };
        for (before, answer, expected) in [
            ("alice", WhoAmI::SignedIn(principal("alice")), Next::GoOn),
            (
                "alice",
                WhoAmI::SignedIn(principal("bob")),
                Next::Anew(principal("bob")),
            ),
            (
                "",
                WhoAmI::SignedIn(principal("bob")),
                Next::Anew(principal("bob")),
            ),
            (
                "alice",
                WhoAmI::SignedOut(Reason::Unauthorized),
                Next::Nobody,
            ),
            ("alice", WhoAmI::Unreachable, Next::Nobody),
            ("", WhoAmI::Anonymous, Next::Nobody),
        ] {
            assert_eq!(next(before, answer), expected, "{before}");
        }
    }
}
