//! Texts that are almost, or entirely, what a server says.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

/// Ends every record.
pub(crate) const RS: char = '\u{1e}';

/// How many texts are tried. A failure prints the smallest text that shows it, which belongs into a
/// test of its own; nothing is kept in a file.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// What readers of JSON stumble over, and what the protocol gives a meaning.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\ud800",
    "\\u0000",
    "\u{1e}",
    "null",
    "1e999",
    "-0",
    "18446744073709551616",
    "\"type\":1",
    "\"type\":7",
    "\"error\":\"x\"",
    "\"invocationId\":\"1\"",
    "\u{feff}",
    "\u{0}",
    "é",
    "😀",
    " ",
];

/// Any JSON value; not very deep, and not very long.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // What is read from its own text.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,6}", inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// A JSON object whose keys are these, or not.
pub(crate) fn object(keys: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let telling = prop_oneof![
        value(),
        (0_u64..11).prop_map(Value::from),
        "[0-9a-z]{0,3}".prop_map(Value::from),
        vec(value(), 0..4).prop_map(Value::from),
    ];
    let fields = vec((select(keys), telling), 0..6);
    fields.prop_map(|fields| {
        let fields = fields.into_iter();
        fields.map(|(key, value)| (key.to_owned(), value)).collect()
    })
}

/// The text of something, with a few places spoilt.
pub(crate) fn spoilt(whole: impl Strategy<Value = Value>) -> impl Strategy<Value = String> {
    let edits = vec((any::<Index>(), any::<bool>(), select(&PIECES[..])), 0..4);
    (whole, edits).prop_map(|(whole, edits)| {
        let mut text = whole.to_string();
        for (at, removes, piece) in edits {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            if starts.is_empty() {
                break;
            }
            let at = starts[at.index(starts.len())];
            if removes {
                text.remove(at);
            } else {
                text.insert_str(at, piece);
            }
        }
        text
    })
}

/// Something like a hub message.
pub(crate) fn hub_message() -> impl Strategy<Value = String> {
    let deep = (1_usize..400).prop_map(|depth| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"type":1,"target":"m","arguments":{open}{close}}}"#)
    });
    let twice = Just(r#"{"type":6,"type":1,"target":"m","arguments":[]}"#.to_owned());
    let keys = &[
        "type",
        "invocationId",
        "target",
        "arguments",
        "item",
        "result",
        "error",
        "allowReconnect",
        "sequenceId",
        "headers",
    ];
    prop_oneof![
        6 => spoilt(object(keys)),
        1 => deep,
        1 => twice,
        1 => ".{0,40}",
    ]
}

/// The text, in pieces.
pub(crate) fn cut(text: &str, cuts: &[Index]) -> Vec<String> {
    let ends = text.char_indices().map(|(at, _)| at);
    let ends: Vec<usize> = ends.chain([text.len()]).collect();
    let mut at: Vec<usize> = cuts.iter().map(|cut| ends[cut.index(ends.len())]).collect();
    at.extend([0, text.len()]);
    at.sort_unstable();
    let pairs = at.windows(2);
    pairs
        .map(|pair| text[pair[0]..pair[1]].to_owned())
        .collect()
}
