//! Takes secrets out of a text.
//!
//! What stands in a report comes from servers too, and a report is made to be handed on. So whatever
//! may be a secret is taken out, and rather too much than too little.

use crate::text::{before, contains, from};

/// What stands in place of a secret.
const REMOVED: &str = "[removed]";

/// What a name ends with whose value is a secret, in small letters.
const SECRET_NAMES: [&str; 9] = [
    "token",
    "key",
    "secret",
    "password",
    "authorization",
    "cookie",
    "x-zumo-auth",
    "signature",
    "session",
];

/// The text without secrets: without every value behind a `=`, as in a query, a connection string
/// or a cookie; without what follows a secret's name and a colon, as in JSON and headers; without
/// what follows `Bearer`; without a name and a password in an address; and without what looks like
/// a JWT.
pub fn redact(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if !is_in_word(first) {
            clean.push(first);
            rest = from(rest, first.len_utf8());
            if first == '=' {
                rest = remove_value(rest, &mut clean);
            } else if clean.ends_with("://") {
                let ends = |c: char| c.is_whitespace() || "/?#\"'".contains(c);
                let host = rest.find(ends).unwrap_or(rest.len());
                if let Some(at) = before(rest, host).rfind('@') {
                    clean.push_str(REMOVED);
                    rest = from(rest, at);
                }
            }
            continue;
        }
        let end = rest.find(|c| !is_in_word(c)).unwrap_or(rest.len());
        let (word, after) = (before(rest, end), from(rest, end));
        rest = after;
        clean.push_str(if is_token(word) { REMOVED } else { word });
        let small = word.to_ascii_lowercase();
        let is_named = after.trim_start_matches(AROUND).starts_with(':')
            && SECRET_NAMES.iter().any(|name| small.ends_with(name));
        if is_named || small == "bearer" {
            rest = remove_value(after, &mut clean);
        }
    }
    clean
}

/// What may stand between a name, its sign, and a value.
const AROUND: [char; 4] = ['"', '\'', '\\', ' '];

/// Writes what `rest` begins with, but for the value in it, and returns what follows that.
fn remove_value<'t>(rest: &'t str, clean: &mut String) -> &'t str {
    let mut value = rest.trim_start_matches(AROUND).trim_start_matches(':');
    value = value.trim_start_matches(AROUND);
    // The scheme of a header is no secret; what follows it is.
    if let Some(scheme) = value.get(..7)
        && scheme.eq_ignore_ascii_case("bearer ")
    {
        value = from(value, 7);
    }
    let sign = before(rest, rest.len() - value.len());
    clean.push_str(sign);
    let quote = sign.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let end = value.find(|c: char| match quote {
        Some(quote) => c == quote || c == '\\',
        None => c.is_whitespace() || "&;,\"'<>#)}]\\".contains(c),
    });
    let end = end.unwrap_or(value.len());
    if end > 0 {
        clean.push_str(REMOVED);
    }
    from(value, end)
}

fn is_in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '%')
}

/// True for a JWT, or what may be a part of one: its header and its claims begin like this, which is
/// `{"` in base64.
fn is_token(word: &str) -> bool {
    contains(word, "eyJ") || contains(word, "eyI")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        for (text, clean) in [
            ("", ""),
            (
                "nothing to hide: 404 (Not Found).",
                "nothing to hide: 404 (Not Found).",
            ),
            (
                "WebSocket closed with status code: 1006 (no reason given).",
                "WebSocket closed with status code: 1006 (no reason given).",
            ),
            (
                "https://a.b:7071/api/negotiate",
                "https://a.b:7071/api/negotiate",
            ),
            (
                "wss://a.b/client/?hub=chat&id=s3&access_token=s3cret",
                "wss://a.b/client/?hub=[removed]&id=[removed]&access_token=[removed]",
            ),
            (
                "https://a.b/api?code=s3==",
                "https://a.b/api?code=[removed]",
            ),
            (
                "Endpoint=https://a.b;AccessKey=s3+/cret=;Version=1.0;",
                "Endpoint=[removed];AccessKey=[removed];Version=[removed];",
            ),
            (
                r#"{"error":"no","accessToken":"s3cret","code":1}"#,
                r#"{"error":"no","accessToken":"[removed]","code":1}"#,
            ),
            (
                r#"{\"accessKey\": \"s3cret\"}"#,
                r#"{\"accessKey\": \"[removed]\"}"#,
            ),
            (
                "Authorization: Bearer s3cret!",
                "Authorization: Bearer [removed]",
            ),
            ("got Bearer s3.cret", "got Bearer [removed]"),
            ("x-zumo-auth: s3cret", "x-zumo-auth: [removed]"),
            ("password = \"s3 cret\"", "password = \"[removed]\""),
            (
                "the token eyJhbGciOi.eyJzdWIi.x_-y is old",
                "the token [removed] is old",
            ),
            ("#token=%7B%22authenticationToken%22", "#token=[removed]"),
            ("https://me:s3@a.b/x@y", "https://[removed]@a.b/x@y"),
            ("Bearer", "Bearer"),
            ("ü=s3cret;ü", "ü=[removed];ü"),
        ] {
            assert_eq!(redact(text), clean, "{text}");
        }
    }
}
