//! What stands out in a text, and what only looks as if it did.

use super::*;

/// One word a token: its kind, and what is shown.
fn shown(text: &str) -> Vec<String> {
    let names = ["bob", "bob@contoso.com", "mia finch", "mia", "李雷"];
    let is_name = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let tokens = tokens(text, &is_name);
    let joined: String = tokens.iter().map(|token| token.source).collect();
    assert_eq!(joined, text, "nothing is lost");
    tokens
        .iter()
        .map(|token| match token.kind {
            Kind::Text => token.shown.to_owned(),
            kind => format!("{kind:?} {}", token.shown),
        })
        .collect()
}

#[test]
fn links_end_where_the_sentence_goes_on() {
    for (text, expected) in [
        ("https://a.b/c.", &["Link https://a.b/c", "."] as &[_]),
        ("(see http://a.b)", &["(see ", "Link http://a.b", ")"]),
        ("https://a.b/c_(d) e", &["Link https://a.b/c_(d)", " e"]),
        ("HTTPS://A.B!?", &["Link HTTPS://A.B", "!?"]),
        ("<https://a.b>", &["<", "Link https://a.b", ">"]),
        ("看https://a.b/路。好", &["看", "Link https://a.b/路。好"]),
        ("看 https://a.b/路。", &["看 ", "Link https://a.b/路", "。"]),
        (
            "mailto:a@b.c?subject=d, ok",
            &["Link mailto:a@b.c?subject=d", ", ok"],
        ),
        ("https://[::1]/x", &["Link https://[::1]/x"]),
        ("https://a.b\u{202e}c", &["Link https://a.b", "\u{202e}c"]),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn what_leads_nowhere_or_elsewhere_is_text() {
    for text in [
        "https://",
        "http://.",
        "https:// a",
        "mailto:",
        "mailto:bob",
        "mailto:@b",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.b",
        "file:///etc/passwd",
        "xhttps://a.b",
        "www.example.com",
        "vbscript:x",
    ] {
        assert_eq!(shown(text), [text]);
    }
}

#[test]
fn an_address_that_leads_elsewhere_than_it_looks_is_known() {
    for (link, host, shows) in [
        ("https://example.com", "example.com", true),
        ("HTTP://Example.com:80/a@b", "example.com", true),
        ("https://example.com?x", "example.com", true),
        ("https://example.com@evil.org/", "evil.org", false),
        ("https://example.com:x@example.com/", "example.com", false),
        ("https://exаmple.com", "xn--exmple-4nf.com", false),
        ("https://example.com\\@evil.org", "example.com", false),
        ("https://[::1]/", "[::1]", true),
        ("https://0x7f.1/", "127.0.0.1", false),
    ] {
        assert_eq!(shows_host(link, host), shows, "{link}");
    }
}

#[test]
fn code_is_what_stands_between_backticks() {
    for (text, expected) in [
        ("a `b c` d", &["a ", "Code b c", " d"] as &[_]),
        ("`https://a.b @bob`", &["Code https://a.b @bob"]),
        ("`` `", &["`` `"]),
        ("a ` b\n` c", &["a ` b\n` c"]),
        ("` `", &["` `"]),
        ("x```let a;```y", &["x", "Block let a;", "y"]),
        (
            "see\n```rust\nfn a() {\n}\n```\nthere",
            &["see", "Block fn a() {\n}", "there"],
        ),
        ("```\n\n  a\n```", &["Block \n  a"]),
        ("```two words\na```", &["Block two words\na"]),
        ("```open `a` b", &["```open ", "Code a", " b"]),
        ("``````", &["``````"]),
        ("```\n```", &["```\n```"]),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn mentions_are_names_that_somebody_has() {
    for (text, expected) in [
        ("@bob hi", &["Mention @bob", " hi"] as &[_]),
        ("hi @Bob, ok?", &["hi ", "Mention @Bob", ", ok?"]),
        ("@Mia Finch: yes", &["Mention @Mia Finch", ": yes"]),
        ("@mia finches", &["Mention @mia", " finches"]),
        (
            "(@bob@contoso.com)",
            &["(", "Mention @bob@contoso.com", ")"],
        ),
        ("@bob.", &["Mention @bob", "."]),
        ("你好@李雷", &["你好", "Mention @李雷"]),
        ("@bobby @ @nobody", &["@bobby @ @nobody"]),
        ("me@bob", &["me@bob"]),
        ("@mia\nfinch", &["Mention @mia", "\nfinch"]),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
    let is = |wanted: &'static str| move |name: &str| name == wanted;
    assert!(mentions("is @bob here?", &|_| true, &is("bob here?")));
    assert!(mentions("is @bob here?", &is("bob"), &is("bob")));
    assert!(!mentions("is `@bob` here?", &is("bob"), &is("bob")));
    assert!(!mentions("bob", &is("bob"), &is("bob")));
}

#[test]
fn a_text_of_marks_alone_does_not_flood_the_page() {
    let text = "`a` ".repeat(10_000);
    let tokens = tokens(&text, &|_| false);
    assert_eq!(tokens.len(), 2 * MAX_MARKS);
    let joined: String = tokens.iter().map(|token| token.source).collect();
    assert_eq!(joined, text);
}
