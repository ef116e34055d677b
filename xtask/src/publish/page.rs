//! What index.html loads: in place of Trunk's own script and links, one script that checks the
//! files, and says so when they cannot be had.

use super::Hashed;
use super::names::Named;
use crate::process::{Failure, Outcome};

/// The line that everything else in the head comes after: a browser looks for it in the first
/// kilobyte only.
const CHARSET: &str = "<meta charset=\"utf-8\" />";

/// Where the files go when a browser asks for them: to the page's own host, without its path. App
/// Service Authentication needs the origin of a page to know that a request is its own.
const REFERRER: &str = "<meta name=\"referrer\" content=\"strict-origin\">";

/// The page with other loading: no script but ours, one `<style>`, and no comment but the one about
/// the settings.
///
/// # Errors
/// It is not as Trunk writes it.
pub(super) fn rewrite(page: &str, named: &Named, base: &str) -> Outcome<String> {
    let page = without_comments(page);
    let page = without(&page, "<script type=\"module\">", "</script>");
    let page = without(&page, "<link rel=\"modulepreload\"", ">");
    let page = without(&page, "<link rel=\"preload\"", ">");
    let page = one_style(&page);
    let page = with_texts(&page, named, base)?;
    let loading = [
        REFERRER,
        "\n",
        &preload(&named.script, base),
        "\n<script>",
        &start(named, base),
        "</script>\n<link rel=\"manifest\" href=\"",
        base,
        "manifest.webmanifest\">",
    ];
    after_charset(&page, &loading.concat())
}

/// The page with the names that the texts of other languages have now.
///
/// # Errors
/// It does not name one of them.
fn with_texts(page: &str, named: &Named, base: &str) -> Outcome<String> {
    let mut page = page.to_owned();
    for (tag, Hashed { name, integrity }) in &named.texts {
        let before = format!("href=\"{tag}.txt\"");
        if page.matches(&before).count() != 1 {
            return Err(Failure(format!(
                "index.html does not name {tag}.txt once, as {before}. Put it back."
            )));
        }
        let after = format!("href=\"{base}{name}\" integrity=\"{integrity}\"");
        page = page.replace(&before, &after);
    }
    Ok(page)
}

/// The page with its policy before everything that the policy is about.
///
/// # Errors
/// It does not say its encoding where it should.
pub(super) fn with_policy(page: &str, policy: &str) -> Outcome<String> {
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    after_charset(page, &meta)
}

/// The settings block's content is edited by hand: what is left is the same for all of them.
pub(super) fn without_settings(page: &str) -> String {
    without(page, "id=\"chat-config\">", "</script>")
}

fn after_charset(page: &str, what: &str) -> Outcome<String> {
    let (before, after) = page.split_once(CHARSET).ok_or_else(|| {
        Failure(format!(
            "index.html does not have the line {CHARSET}, which the policy comes after. Put it first in the head."
        ))
    })?;
    Ok([before, CHARSET, "\n", what, after].concat())
}

/// The script is asked for before the page has come as a whole; and no other one is taken for it.
fn preload(Hashed { name, integrity }: &Hashed, base: &str) -> String {
    format!("<link rel=\"modulepreload\" href=\"{base}{name}\" integrity=\"{integrity}\">")
}

/// What starts the app. The module is asked for at once; the app starts when there is a page to
/// start in; and what makes the page work offline waits until it works online, where it is missed by
/// nobody if it does not come. The second part is asked for when the app wants it, which hands over
/// the exports of the first.
fn start(named: &Named, base: &str) -> String {
    let (script, module) = (&named.script.name, &named.module);
    let later = named.later.as_ref().map(|Hashed { name, integrity }| {
        format!(
            "later=(e,cache)=>fetch(\"{base}{name}\",{{integrity:\"{integrity}\",cache}}).then(a=>a.arrayBuffer()).then(b=>WebAssembly.instantiate(b,{{__wasm_split:e}}));"
        )
    });
    let later = later.unwrap_or_default();
    format!(
        "{later}{{\
let w=fetch(\"{base}{}\",{{integrity:\"{}\"}});\
addEventListener(\"DOMContentLoaded\",()=>import(\"{base}{script}\")\
.then(m=>m.default({{module_or_path:w}}))\
.catch(e=>{{try{{unloaded.hidden=0}}finally{{throw e}}}}));\
addEventListener(\"load\",()=>import(\"{base}offline.js\").catch(e=>e))\
}}",
        module.name, module.integrity
    )
}

/// The contents of each `<script>` that a browser would run, and of each `<style>`.
pub(super) fn inline(page: &str) -> (Vec<&str>, Vec<&str>) {
    let scripts = elements(page, "<script", "</script>")
        .filter(|(attributes, _)| {
            !attributes.contains("application/json") && !attributes.contains("src=")
        })
        .map(|(_, content)| content);
    let styles = elements(page, "<style", "</style>").map(|(_, content)| content);
    (scripts.collect(), styles.collect())
}

/// Attributes and content of each element.
fn elements<'a>(
    page: &'a str,
    open: &'a str,
    close: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    page.split(open).skip(1).filter_map(move |rest| {
        let (attributes, rest) = rest.split_once('>')?;
        Some((attributes, rest.split_once(close)?.0))
    })
}

/// The page without anything from `from` up to the next `to`, both included.
fn without(page: &str, from: &str, to: &str) -> String {
    let mut parts = page.split(from);
    let first = parts.next().unwrap_or_default();
    let rest = parts.filter_map(|part| Some(part.split_once(to)?.1));
    std::iter::once(first).chain(rest).collect()
}

/// Comments are for who writes the page, but for the one that says how to edit it afterwards.
fn without_comments(page: &str) -> String {
    let mut parts = page.split("<!--");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("-->") {
            Some((comment, after)) if comment.contains("apiBaseUrl") => {
                result.extend(["<!--", comment, "-->", after]);
            }
            Some((_, after)) => result.push_str(after),
            None => result.extend(["<!--", part]),
        }
    }
    result
}

/// All styles in one element, in their order, where the first one was: one hash then does for them.
fn one_style(page: &str) -> String {
    let styles: Vec<&str> = elements(page, "<style", "</style>")
        .map(|(_, content)| content)
        .collect();
    match page.split_once("<style>") {
        None => page.to_owned(),
        Some((before, rest)) => {
            let rest = without(&["<style>", rest].concat(), "<style>", "</style>");
            let rest = rest.trim_start();
            [before, "<style>", &styles.concat(), "</style>\n", rest].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Trunk leaves it.
    const BUILT: &str = "<!doctype html>
<html>
<head>
<meta charset=\"utf-8\" />
<title>Chat</title>
<link rel=\"translation\" hreflang=\"nl\" href=\"nl.txt\" />
<!-- apiBaseUrl: where the Function App is -->
<script type=\"application/json\" id=\"chat-config\">{}</script>
<!-- For who writes the page. -->
<style>a{}</style>
<style>b{}</style>
<script type=\"module\">
import init, * as bindings from './x-1.js';
</script>
<link rel=\"modulepreload\" href=\"./x-1.js\" crossorigin=\"anonymous\"><link rel=\"preload\" href=\"./x-1_bg.wasm\" as=\"fetch\"></head>
<body>
<main id=\"splash\"></main>
<!-- Templates. -->
</body>
</html>
";

    fn rewritten(base: &str) -> String {
        let hashed = |name: &str| Hashed {
            name: name.to_owned(),
            integrity: format!("sha256-{name}"),
        };
        let named = Named {
            script: hashed("x-2.js"),
            module: hashed("x-3.wasm"),
            later: Some(hashed("y-4.wasm")),
            texts: vec![("nl".to_owned(), hashed("x-4.nl.txt"))],
        };
        rewrite(BUILT, &named, base).unwrap()
    }

    #[test]
    fn the_page_loads_what_its_hashes_name_and_nothing_of_trunks() {
        let page = rewritten("./");
        assert!(!page.contains("x-1"), "{page}");
        assert!(page.contains("fetch(\"./x-3.wasm\",{integrity:\"sha256-x-3.wasm\"})"));
        assert!(page.contains(
            "<link rel=\"modulepreload\" href=\"./x-2.js\" integrity=\"sha256-x-2.js\">"
        ));
        assert!(page.contains("fetch(\"./y-4.wasm\",{integrity:\"sha256-y-4.wasm\",cache})"));
        assert_eq!(page.matches("<script").count(), 2, "settings and start");
        assert!(page.contains("href=\"./x-4.nl.txt\" integrity=\"sha256-x-4.nl.txt\""));
        assert!(rewritten("/chat/").contains("fetch(\"/chat/x-3.wasm\""));
    }

    #[test]
    fn styles_are_one_and_comments_none_but_the_one_for_who_edits_the_settings() {
        let page = rewritten("./");
        assert!(page.contains("<style>a{}b{}</style>"), "{page}");
        assert_eq!(page.matches("<style").count(), 1);
        assert_eq!(page.matches("<!--").count(), 1);
        assert!(page.contains("<!-- apiBaseUrl"));
        assert!(page.ends_with("<body>\n<main id=\"splash\"></main>\n\n</body>\n</html>\n"));
    }

    #[test]
    fn what_runs_is_told_from_what_is_data() {
        let page = rewritten("./");
        let (scripts, styles) = inline(&page);
        assert_eq!(styles, ["a{}b{}"]);
        assert!(matches!(scripts.as_slice(), [one] if one.contains("{let w=fetch(")));
    }

    #[test]
    fn the_policy_comes_before_all_that_it_is_about() {
        let page = with_policy(&rewritten("./"), "default-src 'none'").unwrap();
        let head = page.split_once("<head>\n").unwrap().1;
        let begin = [CHARSET, "\n<meta http-equiv=\"Content-Security-Policy\""].concat();
        assert!(head.starts_with(&begin), "{page}");
        assert!(with_policy("<head></head>", "").is_err());
    }
}
