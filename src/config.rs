//! The page's settings: a block of JSON in index.html that a person may edit, also after the
//! build. A wrong setting is told in words that name the key, and never guessed at.

use serde_json::value::RawValue;

use crate::json::{self, Fields};

/// How requests show who sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMode {
    /// By App Service Authentication's cookie. Browsers send it to the page's own site only.
    Cookie,
    /// By a session token in a header, which works wherever the page is.
    Token,
    /// Not at all.
    None,
}

/// The settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where the Function App is: scheme, host and perhaps a path, without a slash at the end.
    pub api_base_url: String,
    /// The sign-ins to offer, at least one.
    pub auth_providers: Vec<String>,
    /// How requests show who sends them.
    pub auth_mode: AuthMode,
    /// Keys that mean nothing here: probably misspelt.
    pub unknown_keys: Vec<String>,
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong, with the key.
    pub what: String,
    /// What to write instead.
    pub instead: &'static str,
}

impl Config {
    /// Reads the settings block. `page_origin` is the origin of the page, such as
    /// `https://example.com`: the default for `apiBaseUrl`, and what `authMode: "auto"` goes by.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn parse(json: &str, page_origin: &str) -> Result<Config, ConfigError> {
        let settings = Fields::read(json).map_err(|error| ConfigError {
            what: [
                "The settings are no JSON object: see line ",
                &error.line().to_string(),
                " column ",
                &error.column().to_string(),
                ".",
            ]
            .concat(),
            instead: "Write them as {\"apiBaseUrl\": \"https://...\", \"authProvider\": \"aad\"}, with straight quotes and no comma after the last one.",
        })?;
        let api_base_url = match settings.get("apiBaseUrl") {
            None => page_origin.to_owned(),
            Some(value) => api_base_url(value, page_origin).ok_or_else(|| ConfigError {
                what: wrong("apiBaseUrl", value),
                instead: "Write the address of the Function App, such as \"https://my-chat.azurewebsites.net\", without a query; or \"\" for this page's own address.",
            })?,
        };
        let auth_providers = match settings.get("authProvider") {
            None => vec!["aad".to_owned()],
            Some(value) => providers(value).ok_or_else(|| ConfigError {
                what: wrong("authProvider", value),
                instead: "Write the name of a sign-in, such as \"aad\", or a list of names. A name has letters, digits, - and _.",
            })?,
        };
        let mode = settings.string("authMode");
        let auth_mode = match (settings.get("authMode"), mode.as_deref()) {
            (None, _) | (_, Some("auto")) if origin(&api_base_url) == page_origin => {
                AuthMode::Cookie
            }
            (None, _) | (_, Some("auto" | "token")) => AuthMode::Token,
            (_, Some("cookie")) => AuthMode::Cookie,
            (_, Some("none")) => AuthMode::None,
            (Some(value), _) => {
                return Err(ConfigError {
                    what: wrong("authMode", value),
                    instead: "Write \"auto\", \"cookie\", \"token\" or \"none\".",
                });
            }
        };
        Ok(Config {
            api_base_url,
            auth_providers,
            auth_mode,
            unknown_keys: unknown(settings),
        })
    }
}

fn unknown(settings: Fields<'_>) -> Vec<String> {
    let known = ["apiBaseUrl", "authProvider", "authMode"];
    let keys = settings.into_iter().map(|(key, _)| key);
    keys.filter(|key| !known.contains(&key.as_str())).collect()
}

fn wrong(key: &str, value: &RawValue) -> String {
    // A person recognises their own value by its beginning.
    let shown: String = value.get().chars().take(80).collect();
    ["The setting ", key, " cannot be ", &shown, "."].concat()
}

/// The address without what people paste along with it; `None` if it is none.
fn api_base_url(value: &RawValue, page_origin: &str) -> Option<String> {
    let text = json::string(value)?;
    let mut url = text.trim().trim_end_matches('/');
    if url.is_empty() {
        return Some(page_origin.to_owned());
    }
    url = url.strip_suffix("/negotiate").unwrap_or(url);
    url = url
        .strip_suffix("/api")
        .unwrap_or(url)
        .trim_end_matches('/');
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let host = host.split('/').next().unwrap_or_default();
    let bad = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\' | '"' | '<' | '>')
    };
    (!host.is_empty() && !host.contains('@') && !url.contains(bad)).then(|| url.to_owned())
}

fn providers(value: &RawValue) -> Option<Vec<String>> {
    let names: Vec<String> = match json::items(value.get()) {
        Some(names) => names.into_iter().map(json::string).collect::<Option<_>>()?,
        None => vec![json::string(value)?],
    };
    let is_name = |name: &String| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    (!names.is_empty() && names.iter().all(is_name)).then_some(names)
}

/// Scheme, host and port of an address that has been checked.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or(url, |end| &url[..host + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "http://localhost:8080";

    fn parse(json: &str) -> Config {
        Config::parse(json, PAGE).unwrap()
    }

    #[test]
    fn the_tutorials_settings_are_enough() {
        let config = parse(r#"{"apiBaseUrl":"http://localhost:7071","authProvider":"aad"}"#);
        assert_eq!(config.api_base_url, "http://localhost:7071");
        assert_eq!(config.auth_providers, ["aad"]);
        assert_eq!(config.auth_mode, AuthMode::Token, "another origin");
        assert!(config.unknown_keys.is_empty());
    }

    #[test]
    fn nothing_at_all_means_the_pages_own_address() {
        for json in ["{}", r#"{"apiBaseUrl":""}"#, r#"{"apiBaseUrl":" / "}"#] {
            let config = parse(json);
            assert_eq!(
                (config.api_base_url.as_str(), config.auth_mode),
                (PAGE, AuthMode::Cookie)
            );
        }
    }

    #[test]
    fn what_people_paste_along_is_taken_off() {
        for pasted in [
            "https://a.b",
            "https://a.b/",
            " https://a.b/api ",
            "https://a.b/api/negotiate/",
        ] {
            assert_eq!(
                parse(&format!(r#"{{"apiBaseUrl":"{pasted}"}}"#)).api_base_url,
                "https://a.b"
            );
        }
        let below = parse(r#"{"apiBaseUrl":"http://localhost:8080/functions/"}"#);
        assert_eq!(below.api_base_url, "http://localhost:8080/functions");
        assert_eq!(below.auth_mode, AuthMode::Cookie);
    }

    #[test]
    fn a_wrong_setting_is_named_and_explained() {
        for (json, key) in [
            (r#"{"apiBaseUrl":7}"#, "apiBaseUrl"),
            (r#"{"apiBaseUrl":"ftp://a.b"}"#, "apiBaseUrl"),
            (r#"{"apiBaseUrl":"a.b"}"#, "apiBaseUrl"),
            (r#"{"apiBaseUrl":"https://"}"#, "apiBaseUrl"),
            (r#"{"apiBaseUrl":"https://user:key@a.b"}"#, "apiBaseUrl"),
            (r#"{"apiBaseUrl":"https://a.b/?code=x"}"#, "apiBaseUrl"),
            (r#"{"authProvider":""}"#, "authProvider"),
            (r#"{"authProvider":[]}"#, "authProvider"),
            (r#"{"authProvider":"a/../b"}"#, "authProvider"),
            (r#"{"authProvider":["aad",1]}"#, "authProvider"),
            (r#"{"authMode":"cookies"}"#, "authMode"),
            (r#"{"authMode":null}"#, "authMode"),
            ("", "JSON"),
            ("[]", "JSON"),
            (r#"{"apiBaseUrl":"https://a.b",}"#, "line 1 column"),
        ] {
            let error = Config::parse(json, PAGE).unwrap_err();
            assert!(error.what.contains(key), "{json}: {}", error.what);
        }
    }

    #[test]
    fn lists_modes_and_unknown_keys() {
        let config =
            parse(r#"{"authProvider":["aad","my-own_1"],"authMode":"none","apiBaseURL":"x"}"#);
        assert_eq!(config.auth_providers, ["aad", "my-own_1"]);
        assert_eq!(config.auth_mode, AuthMode::None);
        assert_eq!(config.unknown_keys, ["apiBaseURL"]);
    }
}
