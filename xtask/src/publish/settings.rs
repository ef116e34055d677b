//! The settings block of index.html, with the values of the command line.

use serde_json::{Map, Value, json};

use crate::process::{Failure, Outcome};

/// What goes into the settings block. What is not given stays as index.html has it.
#[derive(clap::Args, Debug, Default)]
pub(crate) struct Settings {
    /// Where the Function App is, such as <https://my-chat.azurewebsites.net>; "" for the page's
    /// own address.
    #[arg(long, value_name = "URL")]
    api_base_url: Option<String>,
    /// The sign-in of App Service Authentication, such as aad, google or github; may be given more
    /// than once, for one button each.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    auth_provider: Vec<String>,
}

/// Before and after the settings.
const MARKERS: (&str, &str) = ("id=\"chat-config\">", "</script>");

impl Settings {
    /// Returns `page` with these settings, and the address of the API that they name.
    ///
    /// # Errors
    /// A setting that the app would refuse, or a page without a block of JSON.
    pub(super) fn write(&self, page: &str) -> Outcome<(String, String)> {
        let broken =
            |what: &str| Failure(format!("The settings block of index.html {what}. Mend it."));
        let (before, rest) = page
            .split_once(MARKERS.0)
            .ok_or_else(|| broken("is not there"))?;
        let (block, after) = rest
            .split_once(MARKERS.1)
            .ok_or_else(|| broken("does not end"))?;
        let mut settings: Map<String, Value> =
            serde_json::from_str(block).map_err(|error| broken(&format!("is no JSON: {error}")))?;
        if let Some(url) = &self.api_base_url {
            settings.insert("apiBaseUrl".to_owned(), json!(api_base_url(url)?));
        }
        match self.auth_provider.as_slice() {
            [] => {}
            [name] => drop(settings.insert("authProvider".to_owned(), json!(provider(name)?))),
            names => {
                let names: Vec<&str> = names.iter().map(provider).collect::<Outcome<_>>()?;
                settings.insert("authProvider".to_owned(), json!(names));
            }
        }
        let api = settings.get("apiBaseUrl").and_then(Value::as_str);
        let api = api.unwrap_or_default().to_owned();
        // On lines of their own: people edit them here.
        let block = serde_json::to_string_pretty(&settings)
            .map_err(|error| broken(&format!("cannot be written: {error}")))?;
        let page = [before, MARKERS.0, "\n", &block, "\n", MARKERS.1, after].concat();
        Ok((page, api))
    }
}

/// The address as the app takes it: with what people paste along taken off.
///
/// # Errors
/// It is none.
fn api_base_url(given: &str) -> Outcome<&str> {
    let mut url = given.trim().trim_end_matches('/');
    if url.is_empty() {
        return Ok("");
    }
    url = url.strip_suffix("/negotiate").unwrap_or(url);
    url = url.strip_suffix("/api").unwrap_or(url);
    url = url.trim_end_matches('/');
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next());
    let bad = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\' | '"' | '<' | '>')
    };
    match host {
        Some(host) if !host.is_empty() && !host.contains('@') && !url.contains(bad) => Ok(url),
        _ => Err(Failure(format!(
            "--api-base-url cannot be {given:?}. Write the address of the Function App, such as https://my-chat.azurewebsites.net, without a query."
        ))),
    }
}

/// # Errors
/// It is no name of a sign-in.
fn provider(given: &String) -> Outcome<&str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !given.is_empty() && given.bytes().all(fits) {
        return Ok(given);
    }
    Err(Failure(format!(
        "--auth-provider cannot be {given:?}. Write the name of a sign-in, such as aad; a name has letters, digits, - and _."
    )))
}

#[cfg(test)]
mod tests {
    use serverless_chat::config::Config;

    use super::*;

    const PAGE: &str = "<p><script type=\"application/json\" id=\"chat-config\">
{ \"apiBaseUrl\": \"http://localhost:7071\", \"authProvider\": \"aad\", \"target\": \"said\" }
</script></p>";

    fn settings(url: Option<&str>, providers: &[&str]) -> Settings {
        Settings {
            api_base_url: url.map(str::to_owned),
            auth_provider: providers.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    /// What the app reads in a written page.
    fn read(page: &str) -> Config {
        let block = page.split_once(MARKERS.0).unwrap().1;
        let block = block.split_once(MARKERS.1).unwrap().0;
        Config::parse(block, "https://page.example").unwrap()
    }

    #[test]
    fn the_app_reads_what_was_given_and_keeps_what_was_not() {
        let given = settings(Some("https://a.b/api/"), &["google"]);
        let (page, api) = given.write(PAGE).unwrap();
        let config = read(&page);
        assert_eq!(
            (config.api_base_url.as_str(), &*api),
            ("https://a.b", "https://a.b")
        );
        assert_eq!(config.auth_providers, ["google"]);
        assert_eq!(config.target, "said");
        assert!(page.starts_with("<p>") && page.ends_with("</p>"));

        let (page, api) = settings(None, &["aad", "github"]).write(PAGE).unwrap();
        assert_eq!(api, "http://localhost:7071");
        assert_eq!(read(&page).auth_providers, ["aad", "github"]);
    }

    /// The app and this command refuse the same, so that nothing is published that cannot start.
    #[test]
    fn a_setting_that_the_app_refuses_is_refused_here() {
        for url in [
            "",
            "https://a.b",
            " https://a.b/api/negotiate ",
            "http://localhost:7071",
            "https://a.b/below",
            "a.b",
            "ftp://a.b",
            "https://",
            "https:///a",
            "https://user:key@a.b",
            "https://a.b/?code=x",
            "https://a.b/#c",
            "https://a b",
            "https://a.b/\"</script>",
        ] {
            let json = json!({ "apiBaseUrl": url }).to_string();
            let app = Config::parse(&json, "https://page.example");
            match settings(Some(url), &[]).write(PAGE) {
                Ok((page, _)) => assert_eq!(read(&page).api_base_url, app.unwrap().api_base_url),
                Err(Failure(line)) => {
                    assert!(app.is_err(), "{url}");
                    assert!(line.contains("--api-base-url") && line.contains(&format!("{url:?}")));
                }
            }
        }
        for name in ["aad", "my-oidc_2", "", "a b", "../x", "a\"b"] {
            let json = json!({ "authProvider": name }).to_string();
            let app = Config::parse(&json, "https://page.example");
            let here = settings(None, &[name]).write(PAGE);
            assert_eq!(here.is_ok(), app.is_ok(), "{name}");
        }
    }

    #[test]
    fn a_page_without_settings_is_not_published() {
        for page in [
            "",
            "id=\"chat-config\">{}",
            "id=\"chat-config\">{,}</script>",
        ] {
            assert!(settings(None, &[]).write(page).is_err(), "{page}");
        }
    }
}
