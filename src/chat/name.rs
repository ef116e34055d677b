//! Names and texts that lie: characters that nobody sees, that turn others around, or that look
//! like others.

use std::borrow::Cow;

use super::fold::small;
use crate::text::before;

/// How many bytes of a name are shown: more than anybody is called.
const MAX_SHOWN: usize = 200;

/// A user name as it is shown: whatever could not be seen, or would turn the rest around, is a mark
/// such as `[U+202E]`. Joiners stay where scripts write with them.
pub fn visible(name: &str) -> Cow<'_, str> {
    let shown = start(name, MAX_SHOWN);
    let more = shown.len() < name.len();
    let mut before = ' ';
    let is_hidden = |c: char, before: &mut char| {
        let joins = is_joiner(c) && writes_with_joiners(*before);
        *before = c;
        is_invisible(c) && !joins
    };
    if !more && !shown.chars().any(|c| is_hidden(c, &mut before)) {
        return Cow::Borrowed(shown);
    }
    let mut marked = String::with_capacity(shown.len() + 16);
    before = ' ';
    for c in shown.chars() {
        if is_hidden(c, &mut before) {
            mark(&mut marked, c);
        } else {
            marked.push(c);
        }
    }
    if more {
        marked.push('…');
    }
    Cow::Owned(marked)
}

/// As much of the start of `text` as whole letters fit into so many bytes.
pub fn start(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    before(text, end)
}

/// A text as it is shown: without the controls that turn its letters around, and with a picture for
/// every control character that is no white space. The letters themselves still run as their
/// scripts do.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| turns(c) || is_control(c)) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().filter(|c| !turns(*c));
    Cow::Owned(shown.map(picture).collect())
}

/// Program text as it is shown: the controls that turn letters around are marks, since they make
/// code read as what it is not.
pub fn exposed(code: &str) -> Cow<'_, str> {
    if !code.chars().any(|c| turns(c) || is_control(c)) {
        return Cow::Borrowed(code);
    }
    let mut shown = String::with_capacity(code.len() + 16);
    for c in code.chars() {
        if turns(c) {
            mark(&mut shown, c);
        } else {
            shown.push(picture(c));
        }
    }
    Cow::Owned(shown)
}

/// What a name looks like: two names with the same skeleton can be taken for each other.
///
/// `normal` is the name in the compatibility form NFKC, which a browser makes.
pub fn skeleton(normal: &str) -> String {
    let mut skeleton = String::with_capacity(normal.len());
    for c in normal.chars() {
        let c = look(small(c));
        if is_invisible(c) || c.is_whitespace() {
            continue;
        }
        match (c, skeleton.chars().next_back()) {
            ('n', Some('r')) => {
                skeleton.pop();
                skeleton.push('m');
            }
            ('v', Some('v')) => {
                skeleton.pop();
                skeleton.push('w');
            }
            _ => skeleton.push(c),
        }
    }
    skeleton
}

/// The Latin letter that a small letter, a digit or a sign looks like.
fn look(c: char) -> char {
    match c {
        // Cyrillic.
        'а' => 'a',
        'в' => 'b',
        'е' | 'ё' => 'e',
        'һ' => 'h',
        'ј' => 'j',
        'к' => 'k',
        'м' => 'm',
        'о' => 'o',
        'р' => 'p',
        'ԛ' => 'q',
        'г' => 'r',
        'с' => 'c',
        'ѕ' => 's',
        'т' => 't',
        'у' | 'ү' => 'y',
        'х' => 'x',
        'ԁ' => 'd',
        'ԝ' => 'w',
        // Greek.
        'α' => 'a',
        'β' => 'b',
        'γ' | 'υ' => 'y',
        'ε' => 'e',
        'η' => 'n',
        'κ' => 'k',
        'μ' => 'u',
        'ν' => 'v',
        'ο' | 'σ' => 'o',
        'ρ' => 'p',
        'τ' => 't',
        'χ' => 'x',
        'ω' => 'w',
        // All that is one upright line.
        'i' | 'ı' | 'і' | 'ї' | 'ι' | 'ӏ' | '1' | '|' => 'l',
        '0' => 'o',
        // Signs between the parts of a name.
        '‐' | '‑' | '–' | '−' => '-',
        '․' => '.',
        _ => c,
    }
}

/// Embeddings, overrides and isolates: what they begin may reach beyond a text.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A control character that is no white space.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// A picture of a control character; every other character as it is.
fn picture(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(c),
        '\u{7f}' => '␡',
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        _ => c,
    }
}

/// What takes no room on a page.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || turns(c)
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// True for letters of the scripts from Arabic to Sinhala, and for signs and emoji.
fn writes_with_joiners(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{dff}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// Writes the number of a character that cannot be seen.
fn mark(text: &mut String, c: char) {
    text.push_str("[U+");
    let code = u32::from(c);
    let digits = if code > 0xffff { 5 } else { 4 };
    for place in (0..digits).rev() {
        let digit = char::from_digit(code >> (4 * place) & 0xf, 16);
        text.extend(digit.map(|digit| digit.to_ascii_uppercase()));
    }
    text.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_in_a_name_is_shown() {
        for (name, shown) in [
            ("alice", "alice"),
            ("Émile 李 🦊", "Émile 李 🦊"),
            ("ali\u{202e}ecila", "ali[U+202E]ecila"),
            ("\u{2067}bob\u{2069}", "[U+2067]bob[U+2069]"),
            ("al\u{200b}ice", "al[U+200B]ice"),
            ("bob\u{0}\n", "bob[U+0000][U+000A]"),
            ("a\u{e0041}", "a[U+E0041]"),
            ("al\u{200d}ice", "al[U+200D]ice"),
            ("علی\u{200c}رضا", "علی\u{200c}رضا"),
            ("क\u{200d}ष", "क\u{200d}ष"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
            ("\u{200d}", "[U+200D]"),
            ("", ""),
        ] {
            assert_eq!(visible(name), shown);
        }
        assert!(visible(&"x".repeat(10_000)).len() < 250);
    }

    #[test]
    fn a_text_keeps_what_writing_needs_and_loses_what_turns_it_around() {
        assert_eq!(harmless("a\u{202e}b\u{202c} c"), "ab c");
        assert_eq!(
            harmless("שלום\u{200f}! 👩\u{200d}💻"),
            "שלום\u{200f}! 👩\u{200d}💻"
        );
        assert_eq!(
            harmless("a\tb\nc\0\u{1b}[1m\u{7f}\u{9b}"),
            "a\tb\nc␀␛[1m␡\u{fffd}"
        );
        assert_eq!(
            exposed("if x {\u{2066} // \u{202e}}"),
            "if x {[U+2066] // [U+202E]}"
        );
    }

    #[test]
    fn names_that_look_alike_have_one_skeleton() {
        for (one, other) in [
            ("alice", "Alice"),
            ("alice", "аliсе"),
            ("alice", "al\u{200b}ice"),
            ("alice", "AIice"),
            ("alice", "a1ice "),
            ("bob", "b0b"),
            ("paypal", "раураӏ"),
            ("norman", "normаn"),
            ("modern", "modem"),
            ("www", "vvvvvv"),
            ("kate", "κατε"),
            ("jean-luc", "jean\u{2011}luc"),
        ] {
            assert_eq!(skeleton(one), skeleton(other), "{one} and {other}");
        }
        for (one, other) in [
            ("alice", "alicia"),
            ("bob", "rob"),
            ("anna", "hanna"),
            ("李雷", "李磊"),
            ("мария", "марина"),
        ] {
            assert_ne!(skeleton(one), skeleton(other), "{one} and {other}");
        }
    }
}
