//! The text of a message, and the names above it: anything that people may write.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serverless_chat::chat::fold::{folded, position};
use serverless_chat::chat::markup::{Kind, tokens};
use serverless_chat::chat::name::{exposed, harmless, skeleton, visible};
use serverless_chat::chat::{Chat, Me};
use serverless_chat::ui::completion::{finished, suggestions};

use crate::texts::config;

/// What gives a text its marks, and what disturbs it.
const PIECES: [&str; 28] = [
    "`",
    "``",
    "```",
    "@",
    "@bob",
    "@mia finch",
    "http://",
    "https://a.b/c",
    "mailto:",
    "a@b.c",
    "(",
    ")",
    ".",
    ",",
    "\n",
    " ",
    "x",
    "é",
    "李",
    "🦊",
    "\u{202e}",
    "\u{2067}",
    "\u{200d}",
    "\u{0}",
    "[::1]",
    ":tada:",
    ":sm",
    "<b>",
];

fn texts() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        8 => select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
        1 => any::<char>().prop_map(String::from),
    ];
    vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

fn is_name(name: &str) -> bool {
    ["bob", "mia finch", "a@b.c", "李"].contains(&name)
}

proptest! {
    #![proptest_config(config())]

    /// The tokens of a text are the text, and what is shown of each is its source without marks.
    #[test]
    fn a_text_is_its_tokens(text in texts()) {
        let tokens = tokens(&text, &is_name);
        let joined: String = tokens.iter().map(|token| token.source).collect();
        prop_assert_eq!(&joined, &text);
        for (index, token) in tokens.iter().enumerate() {
            prop_assert!(token.source.contains(token.shown));
            prop_assert!(!token.source.is_empty());
            let around = token.source.replacen(token.shown, "", 1);
            match token.kind {
                Kind::Text => {
                    let before_block = tokens.get(index + 1).is_some_and(|next| next.kind == Kind::Block);
                    prop_assert!(around.is_empty() || (before_block && around == "\n"));
                    let next = tokens.get(index + 1);
                    prop_assert!(next.is_none_or(|next| next.kind != Kind::Text));
                }
                Kind::Link => {
                    prop_assert_eq!(token.shown, token.source);
                    let small = token.shown.to_lowercase();
                    let schemes = ["http://", "https://", "mailto:"];
                    prop_assert!(schemes.iter().any(|scheme| small.starts_with(scheme)));
                    prop_assert!(!token.shown.contains(char::is_whitespace));
                }
                Kind::Code => prop_assert_eq!(around, "``"),
                Kind::Block => prop_assert!(around.starts_with("```")),
                Kind::Mention => prop_assert!(is_name(&token.shown[1..])),
            }
        }
    }

    /// No name shows less than it holds, and no text turns anything around beyond itself.
    #[test]
    fn nothing_lies(text in texts()) {
        let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        prop_assert!(!visible(&text).contains(turns));
        prop_assert!(!visible(&text).contains(char::is_control));
        for shown in [harmless(&text), exposed(&text)] {
            prop_assert!(!shown.contains(turns));
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
        }
        let small = folded(&text);
        prop_assert_eq!(folded(&small), small.clone());
        prop_assert_eq!(skeleton(&small), skeleton(&text));
        if !small.is_empty() {
            prop_assert_eq!(position(&text, &small), Some((0, text.len())));
        }
    }

    /// Whatever stands before the caret: a suggestion takes the place of its end.
    #[test]
    fn a_suggestion_replaces_what_was_typed(text in texts()) {
        let chat = Chat::new(Me::User("alice".into()), || "name".to_owned());
        for one in suggestions(&text, &chat).iter().chain(&finished(&text)) {
            prop_assert!(text.is_char_boundary(text.len() - one.replaces));
        }
    }
}

/// Texts that a reader who comes back again and again would need hours for, a megabyte of each: with
/// such a reader this test does not end.
#[test]
fn the_longest_text_is_read_in_one_go() {
    let lines = "a line with https://example.com/ and `code` and @bob\n".repeat(10_000);
    let patterns = [
        "`",
        "``",
        "```",
        "````",
        "` ",
        "``` `",
        "@",
        "@a ",
        "@bob ",
        "http://",
        "mailto:",
        "mailto:a",
        "https://(",
        "(",
        "https://a.b/)",
        "h",
        "\n",
        "\u{202e}",
        "李",
        "@李",
    ];
    let megabyte = |pattern: &str| pattern.repeat(1_000_000 / pattern.len());
    for text in patterns
        .iter()
        .map(|pattern| megabyte(pattern))
        .chain([lines])
    {
        let tokens = tokens(&text, &is_name);
        assert_eq!(
            tokens.iter().map(|token| token.source.len()).sum::<usize>(),
            text.len()
        );
    }
}
