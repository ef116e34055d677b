//! The session token.

use std::fmt;

use crate::json::Fields;

/// What App Service Authentication gives to a page that is not on its own site. It is sent as the
/// header `X-ZUMO-AUTH` to the address that it came from, and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    /// Wraps a token.
    pub fn new(token: String) -> SessionToken {
        SessionToken(token)
    }

    /// The token itself, to be put into a header or into this tab's storage.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Reads the JSON in which App Service Authentication hands a token out, in the fragment after
    /// a sign-in, in a message of the sign-in's window, and in the answer of `/.auth/refresh`. `None` if there is no token in it.
    pub fn from_json(json: &str) -> Option<SessionToken> {
        let token = Fields::read(json).ok()?.string("authenticationToken")?;
        // It becomes a header: a line break in it would be no token but an attack.
        let is_token = |byte: u8| byte.is_ascii_graphic();
        (!token.is_empty() && token.bytes().all(is_token)).then_some(SessionToken(token))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_but_never_shown() {
        let json = r#"{"authenticationToken":"eyJ.secret","user":{"userId":"sid:1"}}"#;
        let token = SessionToken::from_json(json).unwrap();
        assert_eq!(token.reveal(), "eyJ.secret");
        assert!(!format!("{token:?}").contains("secret"));
        for json in [
            "",
            "{}",
            r#"{"authenticationToken":""}"#,
            r#"{"authenticationToken":"a\nb"}"#,
            "null",
        ] {
            assert_eq!(SessionToken::from_json(json), None, "{json}");
        }
    }
}
