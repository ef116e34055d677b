//! What a client tells about itself with each request.

use crate::text;

/// The name of the header that carries [`user_agent`] in a browser, which lets a page not set
/// `User-Agent`.
///
/// ```
/// use serverless_chat::signalr::identity::USER_AGENT;
///
/// assert!(USER_AGENT.starts_with("X-"));
/// ```
pub const USER_AGENT: &str = "X-SignalR-User-Agent";

/// The headers of every request: that a script made it, and which client.
pub(super) fn headers() -> [(String, String); 2] {
    [
        ("X-Requested-With".to_owned(), "XMLHttpRequest".to_owned()),
        (
            USER_AGENT.to_owned(),
            user_agent(env!("CARGO_PKG_VERSION"), "", "Browser", ""),
        ),
    ]
}

/// A client's name, in the form that SignalR servers read. What is empty is said to be unknown.
///
/// ```
/// use serverless_chat::signalr::identity::user_agent;
///
/// let name = user_agent("1.2.3", "", "Browser", "");
/// assert_eq!(name, "Microsoft SignalR/1.2 (1.2.3; Unknown OS; Browser; Unknown Runtime Version)");
/// ```
pub fn user_agent(version: &str, os: &str, runtime: &str, runtime_version: &str) -> String {
    let short = version
        .match_indices('.')
        .nth(1)
        .map_or(version, |(at, _)| text::before(version, at));
    fn or<'t>(text: &'t str, unknown: &'t str) -> &'t str {
        if text.is_empty() { unknown } else { text }
    }
    [
        "Microsoft SignalR/",
        short,
        " (",
        version,
        "; ",
        or(os, "Unknown OS"),
        "; ",
        runtime,
        "; ",
        or(runtime_version, "Unknown Runtime Version"),
        ")",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UAG-1 to UAG-4.
    #[test]
    fn what_is_not_known_is_said_to_be_unknown() {
        for (version, os, runtime, runtime_version, expected) in [
            (
                "5.0.1",
                "Linux",
                "NodeJS",
                "10",
                "5.0 (5.0.1; Linux; NodeJS; 10)",
            ),
            (
                "5.0.1",
                "",
                "Browser",
                "",
                "5.0 (5.0.1; Unknown OS; Browser; Unknown Runtime Version)",
            ),
            (
                "5.0.1-dev",
                "Mac",
                "Browser",
                "",
                "5.0 (5.0.1-dev; Mac; Browser; Unknown Runtime Version)",
            ),
            ("5", "", "Browser", "7", "5 (5; Unknown OS; Browser; 7)"),
        ] {
            let expected = format!("Microsoft SignalR/{expected}");
            assert_eq!(user_agent(version, os, runtime, runtime_version), expected);
        }
    }
}
