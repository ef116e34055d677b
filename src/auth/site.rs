//! Whether a cookie can get from the page to the Function App.

use crate::text::{after_scheme, before, from, origin};

/// Below these names each name is a site of its own.
const SUFFIXES: [&str; 4] = [
    "azurewebsites.net",
    "azurestaticapps.net",
    "azure-api.net",
    "windows.net",
];

/// True if browsers take the two addresses for two sites, and so send no cookie from one to the
/// other: they block those of third parties.
///
/// Which names belong to one site is a list of its own that grows daily. Going by the last two
/// parts of the name is right for nearly all; where it is wrong, a warning is missing.
pub fn is_cross_site(one: &str, other: &str) -> bool {
    site(one) != site(other)
}

/// The scheme, and what of the host's name belongs to one owner.
fn site(url: &str) -> (&str, &str) {
    let origin = origin(url);
    let host = after_scheme(origin);
    let scheme = before(origin, origin.len() - host.len());
    let host = match host.rsplit_once(':') {
        // An IPv6 address has colons too, and a bracket at its end.
        Some((name, port)) if !port.contains(']') => name,
        _ => host,
    };
    let is_address = host.ends_with(']')
        || host
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_address || SUFFIXES.iter().any(|suffix| host.ends_with(suffix)) {
        return (scheme, host);
    }
    let second = host.rmatch_indices('.').nth(1);
    (scheme, second.map_or(host, |(at, _)| from(host, at + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_stays_on_its_site() {
        for (page, api, cross) in [
            ("http://localhost:8080", "http://localhost:7071", false),
            ("http://localhost:8080", "http://127.0.0.1:7071", true),
            ("http://[::1]:8080", "http://[::1]:7071/x", false),
            ("http://127.0.0.1:1", "http://127.0.0.2:1", true),
            ("https://chat.p.q", "https://api.p.q/functions", false),
            ("https://p.q", "https://api.p.q", false),
            ("http://p.q", "https://p.q", true),
            ("https://p.q", "https://p.r", true),
            (
                "https://a.azurewebsites.net",
                "https://b.azurewebsites.net",
                true,
            ),
            (
                "https://a.azurewebsites.net",
                "https://a.azurewebsites.net/x",
                false,
            ),
            (
                "https://a.z6.web.core.windows.net",
                "https://b.z6.web.core.windows.net",
                true,
            ),
        ] {
            assert_eq!(is_cross_site(page, api), cross, "{page} {api}");
        }
    }
}
