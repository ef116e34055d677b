//! What the page may do, as a Content Security Policy: run what was built and nothing else, be no
//! frame's content, send no form, and talk to its backend.

use super::names::integrity;
use super::page::inline;
use crate::process::{Failure, Outcome};

/// Where a page may connect whose settings are still to be edited: wherever TLS protects what it
/// sends, and to this machine. A settings block names the Function App, and that names the service.
const ANYWHERE: &str =
    "https: wss: http://localhost:* ws://localhost:* http://127.0.0.1:* ws://127.0.0.1:*";

/// The policy of a page, for connections to `connect`. It fits into an attribute as it is.
///
/// The settings are no script for a browser, whatever the element is called: they need no hash, and
/// can be edited under the policy.
pub(super) fn of(page: &str, connect: &str) -> String {
    let (scripts, styles) = inline(page);
    let hashes = |texts: &[&str]| -> String {
        let one = |text: &&str| format!(" '{}'", integrity(text.as_bytes()));
        texts.iter().map(one).collect()
    };
    [
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
        &hashes(&scripts),
        "; style-src",
        &hashes(&styles),
        "; img-src 'self' data:; connect-src ",
        connect,
        "; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'",
        "; require-trusted-types-for 'script'; trusted-types offline",
    ]
    .concat()
}

/// The same for a header, which can also say who may put the page into a frame: nobody.
pub(super) fn header(policy: &str) -> String {
    [policy, "; frame-ancestors 'none'"].concat()
}

/// What `connect-src` lists for an API at `api`, with these other origins or, if there are none,
/// anything.
///
/// # Errors
/// One of them is no origin.
pub(super) fn connections(api: &str, origins: &[String]) -> Outcome<String> {
    let mut sources = vec!["'self'".to_owned()];
    if origins.is_empty() {
        sources.push(ANYWHERE.to_owned());
    }
    let api = Some(origin(api)).filter(|api| !api.is_empty());
    let covered = |api: &str| {
        let host = api.strip_prefix("http://").unwrap_or_default();
        let local = ["localhost", "127.0.0.1"].contains(&host.split(':').next().unwrap_or(host));
        origins.is_empty() && (local || api.starts_with("https:"))
    };
    let api = api.filter(|api| !covered(api));
    let given = origins.iter().map(|given| {
        let url = given.trim_end_matches('/');
        let is_one = origin(url) == url
            && (url.starts_with("https://") || url.starts_with("http://"))
            && !url.contains(|c: char| {
                c.is_whitespace() || matches!(c, ';' | ',' | '"' | '\'' | '<' | '>' | '@' | '?')
            });
        if is_one {
            return Ok(url);
        }
        Err(Failure(format!(
            "--connect-src cannot be {given:?}. Write an origin, such as https://my-chat.service.signalr.net."
        )))
    });
    for one in api.map(Ok).into_iter().chain(given) {
        let one = one?;
        // Hub and negotiation are one host, and have two schemes.
        let socket = one.replacen("http", "ws", 1);
        for source in [one.to_owned(), socket] {
            if !sources
                .iter()
                .any(|known| known.split(' ').any(|part| part == source))
            {
                sources.push(source);
            }
        }
    }
    Ok(sources.join(" "))
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or(url, |end| &url[..host + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connect(api: &str, origins: &[&str]) -> String {
        let origins: Vec<String> = origins.iter().map(|&one| one.to_owned()).collect();
        connections(api, &origins).unwrap()
    }

    #[test]
    fn a_policy_names_what_is_in_the_page_and_not_the_settings() {
        let page = "<script id=\"chat-config\" type=\"application/json\">{}</script>\
<style>a{}</style><script>alert</script>";
        let policy = of(page, "'self'");
        assert!(policy.contains(
            "script-src 'self' 'wasm-unsafe-eval' 'sha256-35BQWN1npAn++BSA6B5HNlcrDttNf7mHxpXNB+Jg7IE='; style-src 'sha256-"
        ));
        assert_eq!(policy.matches("sha256-").count(), 2);
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        let edited = page.replace("{}</script>", "{\"apiBaseUrl\":\"\"}</script>");
        assert_eq!(of(&edited, "'self'"), policy);
        assert!(header(&policy).ends_with("; frame-ancestors 'none'"));
    }

    #[test]
    fn settings_may_be_edited_unless_the_origins_are_told() {
        let free = connect("https://a.b", &[]);
        assert_eq!(free, ["'self' ", ANYWHERE].concat());
        assert_eq!(connect("", &[]), free);
        assert_eq!(connect("http://localhost:7071", &[]), free);
        assert_eq!(
            connect("http://nas:7071", &[]),
            [&free, " http://nas:7071 ws://nas:7071"].concat()
        );
        assert_eq!(
            connect("https://a.b/c", &["https://s.net/", "https://a.b"]),
            "'self' https://a.b wss://a.b https://s.net wss://s.net"
        );
        assert_eq!(
            connect("", &["https://*.service.signalr.net"]),
            "'self' https://*.service.signalr.net wss://*.service.signalr.net"
        );
    }

    #[test]
    fn what_is_no_origin_cannot_widen_the_policy() {
        for given in [
            "*",
            "https:",
            "a.b",
            "https://a.b/c",
            "https://a.b; script-src *",
            "'self'",
            "https://a.b 'unsafe-inline'",
            "",
        ] {
            assert!(connections("", &[given.to_owned()]).is_err(), "{given}");
        }
    }
}
