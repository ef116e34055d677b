//! The addresses of signing in and out, and what comes back in the fragment.

use super::token::SessionToken;
use crate::config::AuthMode;
use crate::text::{decode, encode};

/// The address to sign in at. `page` is the address to come back to, without query and fragment:
/// the Function App must list it among its allowed external redirect URLs.
pub fn login_url(api_base_url: &str, provider: &str, page: &str, mode: AuthMode) -> String {
    let page = encode(page);
    // Both spellings are in use; a module knows one and ignores the other.
    let mut url = [
        api_base_url,
        "/.auth/login/",
        provider,
        "?post_login_redirect_url=",
        &page,
        "&post_login_redirect_uri=",
        &page,
    ]
    .concat();
    if mode == AuthMode::Token {
        url.push_str("&session_mode=token");
    }
    url
}

/// The address to sign in at in a window of its own, and the one at which that window is done where
/// the session is a cookie; with a token, a message to the page says so.
///
/// Where the backend does not know how to post a message, it knows `page`.
pub fn popup_urls(
    api_base_url: &str,
    provider: &str,
    page: &str,
    page_origin: &str,
    mode: AuthMode,
) -> (String, Option<String>) {
    if mode == AuthMode::Token {
        let url = login_url(api_base_url, provider, page, mode);
        let completion = "&completion_type=postMessage&completion_origin=";
        return ([&url, completion, &encode(page_origin)].concat(), None);
    }
    let done = [api_base_url, "/.auth/login/done"].concat();
    let url = login_url(api_base_url, provider, &done, mode);
    (url, Some(done))
}

/// The address to sign out at, and to come back from to `page`.
pub fn logout_url(api_base_url: &str, page: &str) -> String {
    [
        api_base_url,
        "/.auth/logout?post_logout_redirect_uri=",
        &encode(page),
    ]
    .concat()
}

/// What the fragment of the page's address says about a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// Nothing.
    None,
    /// It worked.
    Token(SessionToken),
    /// It failed, in these words of the server's.
    Error(String),
}

impl Fragment {
    /// Reads a fragment, with or without its `#`.
    ///
    /// A token counts only if this tab began a sign-in (`expected`): else anybody could sign a
    /// person in under somebody else's name, by a link.
    pub fn parse(fragment: &str, expected: bool) -> Fragment {
        for part in fragment.trim_start_matches('#').split('&') {
            match part.split_once('=') {
                Some(("token", value)) if expected => {
                    let token = decode(value).and_then(|json| SessionToken::from_json(&json));
                    return token
                        .map_or_else(|| Fragment::Error(UNREADABLE.to_owned()), Fragment::Token);
                }
                Some(("error", value)) => {
                    let words = decode(value).unwrap_or_else(|| UNREADABLE.to_owned());
                    return Fragment::Error(shortened(&words));
                }
                _ => {}
            }
        }
        Fragment::None
    }

    /// True if the fragment has something in it that must not stay in the page's address.
    pub fn is_about_signing_in(fragment: &str) -> bool {
        let mut parts = fragment.trim_start_matches('#').split('&');
        parts.any(|part| part.starts_with("token=") || part.starts_with("error="))
    }
}

/// A server's words on what went wrong: a page's worth of text is no such thing.
pub(super) fn shortened(words: &str) -> String {
    words.chars().take(300).collect()
}

pub(super) const UNREADABLE: &str = "";

/// In place of words, where a sign-in has come back to a page that could not remember that it began one:
/// the browser keeps nothing for it.
pub const FORGOTTEN: &str = "\0";

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "#token=%7B%22authenticationToken%22%3A%22abc%22%2C%22user%22%3A%7B%22userId%22%3A%22sid%3A1%22%7D%7D";

    #[test]
    fn signing_in_names_the_page_in_both_spellings() {
        assert_eq!(
            login_url("https://a.b", "aad", "https://p.q/x", AuthMode::Token),
            "https://a.b/.auth/login/aad?post_login_redirect_url=https%3A%2F%2Fp.q%2Fx&post_login_redirect_uri=https%3A%2F%2Fp.q%2Fx&session_mode=token"
        );
        assert!(
            !login_url("https://a.b", "aad", "https://p.q/", AuthMode::Cookie)
                .contains("session_mode")
        );
        assert_eq!(
            logout_url("https://a.b", "https://p.q/ü"),
            "https://a.b/.auth/logout?post_logout_redirect_uri=https%3A%2F%2Fp.q%2F%C3%BC"
        );
    }

    #[test]
    fn a_window_of_its_own_is_told_how_to_end() {
        let (url, done) = popup_urls(
            "https://a.b",
            "aad",
            "https://p.q/x",
            "https://p.q",
            AuthMode::Token,
        );
        let completion = "&completion_type=postMessage&completion_origin=https%3A%2F%2Fp.q";
        assert!(
            url.ends_with(&["&session_mode=token", completion].concat()),
            "{url}"
        );
        assert!(
            url.contains("post_login_redirect_uri=https%3A%2F%2Fp.q%2Fx&"),
            "{url}"
        );
        assert_eq!(done, None);
        let (url, done) = popup_urls(
            "https://a.b",
            "aad",
            "https://a.b/x",
            "https://a.b",
            AuthMode::Cookie,
        );
        assert!(
            url.ends_with("uri=https%3A%2F%2Fa.b%2F.auth%2Flogin%2Fdone"),
            "{url}"
        );
        assert_eq!(done.as_deref(), Some("https://a.b/.auth/login/done"));
    }

    #[test]
    fn a_token_counts_only_where_one_is_expected() {
        assert_eq!(
            Fragment::parse(TOKEN, true),
            Fragment::Token(SessionToken::new("abc".into()))
        );
        assert_eq!(
            Fragment::parse(TOKEN, false),
            Fragment::None,
            "planted by a link"
        );
        assert!(
            Fragment::is_about_signing_in(TOKEN),
            "and taken out of the address all the same"
        );
        assert!(!Fragment::is_about_signing_in("#section"));
    }

    #[test]
    fn errors_and_rubbish_are_told_apart() {
        assert_eq!(
            Fragment::parse("#error=Access%20denied", true),
            Fragment::Error("Access denied".into())
        );
        for broken in [
            "#token=",
            "#token=%7B%7D",
            "#token=%zz",
            "#token=%ff",
            "#token=%",
        ] {
            assert_eq!(
                Fragment::parse(broken, true),
                Fragment::Error(UNREADABLE.into()),
                "{broken}"
            );
        }
        for nothing in ["", "#", "#top", "#a=b&c"] {
            assert_eq!(Fragment::parse(nothing, true), Fragment::None);
        }
        let long = Fragment::parse(&format!("#error={}", "x".repeat(10_000)), true);
        assert_eq!(
            long,
            Fragment::Error("x".repeat(300)),
            "a page's worth of text is no error message"
        );
    }
}
