//! The page's settings: a block of JSON in index.html that a person may edit, also after the
//! build. A wrong setting is told in words that name the key, and never guessed at.

use std::borrow::Cow;

use crate::json::{Fields, Json};
use crate::language::words;
use crate::text::{contains, origin};

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

/// How a message goes to the backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// As a request to a function, as the tutorial has it.
    Post,
    /// As a call of the hub's methods `broadcast` and `sendToUser`, as Microsoft's bidirectional
    /// samples have it.
    Invoke,
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
    /// What stands before the functions' names in their addresses, without slashes around it; empty
    /// for nothing.
    pub route_prefix: String,
    /// The function that takes messages, as it stands in its address.
    pub message_route: String,
    /// The hub's target that brings messages.
    pub target: String,
    /// How a message goes to the backend.
    pub sending: Sending,
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
            what: words::settings_no_json(&error.line.to_string(), &error.column.to_string()),
            instead: words::settings_no_json_instead(),
        })?;
        let api_base_url = match settings.get("apiBaseUrl") {
            None => page_origin.to_owned(),
            Some(value) => api_base_url(value, page_origin).ok_or_else(|| ConfigError {
                what: wrong("apiBaseUrl", value),
                instead: api_base_url_instead(value.get()),
            })?,
        };
        let auth_providers = match settings.get("authProvider") {
            None => vec!["aad".to_owned()],
            Some(value) => providers(value).ok_or_else(|| ConfigError {
                what: wrong("authProvider", value),
                instead: words::setting_provider_instead(),
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
                    instead: words::setting_mode_instead(),
                });
            }
        };
        let route = |key, default: &str| match settings.get(key) {
            None => Ok(default.to_owned()),
            Some(value) => route(value).ok_or_else(|| ConfigError {
                what: wrong(key, value),
                instead: words::setting_route_instead(),
            }),
        };
        let route_prefix = route("routePrefix", "api")?;
        let message_route = route("messageRoute", "messages")?;
        let target = match settings.get("target") {
            None => "newMessage".to_owned(),
            Some(value) => string(value)
                .filter(|target| !target.is_empty())
                .ok_or_else(|| ConfigError {
                    what: wrong("target", value),
                    instead: words::setting_target_instead(),
                })?,
        };
        let sending = match (
            settings.get("sending"),
            settings.string("sending").as_deref(),
        ) {
            (None, _) | (_, Some("post")) => Sending::Post,
            (_, Some("invoke")) => Sending::Invoke,
            (Some(value), _) => {
                return Err(ConfigError {
                    what: wrong("sending", value),
                    instead: words::setting_sending_instead(),
                });
            }
        };
        Ok(Config {
            api_base_url,
            auth_providers,
            auth_mode,
            route_prefix,
            message_route,
            target,
            sending,
            unknown_keys: unknown(settings),
        })
    }

    /// Where the functions are: the address behind which their names stand.
    pub fn functions_url(&self) -> String {
        [self.api_base_url.as_str(), &self.functions_path()].concat()
    }

    /// Where messages are posted, below the address of the Function App.
    pub fn message_path(&self) -> String {
        [self.functions_path().as_str(), "/", &self.message_route].concat()
    }

    fn functions_path(&self) -> String {
        match self.route_prefix.as_str() {
            "" => String::new(),
            prefix => ["/", prefix].concat(),
        }
    }
}

/// What the settings may say.
pub const KNOWN_KEYS: [&str; 7] = [
    "apiBaseUrl",
    "authProvider",
    "authMode",
    "routePrefix",
    "messageRoute",
    "target",
    "sending",
];

fn unknown(settings: Fields<'_>) -> Vec<String> {
    let keys = settings.into_iter().map(|(key, _)| key.into_owned());
    keys.filter(|key| !KNOWN_KEYS.contains(&key.as_str()))
        .collect()
}

fn wrong(key: &str, value: Json<'_>) -> String {
    // A person recognises their own value by its beginning.
    let shown: String = value.get().chars().take(80).collect();
    words::setting_wrong(key, &shown)
}

/// The address without what people paste along with it; `None` if it is none.
fn api_base_url(value: Json<'_>, page_origin: &str) -> Option<String> {
    let text = value.string()?;
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
    let elsewhere = NO_FUNCTION_APP.iter().any(|end| host.ends_with(end));
    (!host.is_empty() && !elsewhere && !contains(host, "@") && !url.contains(bad))
        .then(|| url.to_owned())
}

/// Hosts that people take for their Function App's, by their ends.
const NO_FUNCTION_APP: [&str; 2] = [".service.signalr.net", "portal.azure.com"];

/// What to write in place of a value that is no address, as JSON: by the mistake that it looks like.
fn api_base_url_instead(value: &str) -> &'static str {
    if contains(value, "AccessKey") {
        words::setting_api_is_secret()
    } else if NO_FUNCTION_APP.iter().any(|end| contains(value, end)) {
        words::setting_api_is_service()
    } else if !contains(value, "://") {
        words::setting_api_without_scheme()
    } else {
        words::setting_api_instead()
    }
}

/// A part of an address, without slashes around it; `None` if it is none.
fn route(value: Json<'_>) -> Option<String> {
    let text = value.string()?;
    let route = text.trim().trim_matches('/');
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    let climbs = route.split('/').any(|part| part == "..");
    (route.bytes().all(fits) && !climbs).then(|| route.to_owned())
}

fn providers(value: Json<'_>) -> Option<Vec<String>> {
    let names: Vec<String> = match value.items() {
        Some(names) => names.into_iter().map(string).collect::<Option<_>>()?,
        None => vec![string(value)?],
    };
    let is_name = |name: &String| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    (!names.is_empty() && names.iter().all(is_name)).then_some(names)
}

fn string(value: Json<'_>) -> Option<String> {
    value.string().map(Cow::into_owned)
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
            (r#"{"routePrefix":"a?b"}"#, "routePrefix"),
            (r#"{"routePrefix":"../b"}"#, "routePrefix"),
            (r#"{"messageRoute":7}"#, "messageRoute"),
            (r#"{"target":""}"#, "target"),
            (r#"{"sending":"pigeon"}"#, "sending"),
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
    fn a_mistake_in_the_address_is_recognised() {
        for (value, instead) in [
            ("localhost:7071", "Begin with https://"),
            ("my-chat.azurewebsites.net", "Begin with https://"),
            (
                "https://my-chat.service.signalr.net",
                "not of the SignalR Service",
            ),
            (
                "https://my-chat.service.signalr.net/client/?hub=chat",
                "not of the SignalR Service",
            ),
            ("https://portal.azure.com/#@contoso/resource", "the portal"),
            (
                "Endpoint=https://a.service.signalr.net;AccessKey=k;",
                "is secret",
            ),
            ("https://a.b/?code=k", "without a query"),
        ] {
            let json = format!(r#"{{"apiBaseUrl":"{value}"}}"#);
            let error = Config::parse(&json, PAGE).unwrap_err();
            assert!(
                error.instead.contains(instead),
                "{value}: {}",
                error.instead
            );
        }
    }

    #[test]
    fn functions_may_be_anywhere() {
        let usual = parse("{}");
        assert_eq!(usual.functions_url(), "http://localhost:8080/api");
        assert_eq!(usual.message_path(), "/api/messages");
        assert_eq!(
            (usual.target.as_str(), usual.sending),
            ("newMessage", Sending::Post)
        );
        let other = parse(
            r#"{"apiBaseUrl":"https://a.b","routePrefix":"/v1/chat/","messageRoute":"say","target":"said","sending":"invoke"}"#,
        );
        assert_eq!(other.functions_url(), "https://a.b/v1/chat");
        assert_eq!(other.message_path(), "/v1/chat/say");
        assert_eq!(
            (other.target.as_str(), other.sending),
            ("said", Sending::Invoke)
        );
        let bare = parse(r#"{"routePrefix":""}"#);
        assert_eq!(bare.functions_url(), PAGE);
        assert_eq!(bare.message_path(), "/messages");
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
