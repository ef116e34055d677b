//! The texts of the language that is spoken.
//!
//! A text is looked up by its number in [`words`](super::words). In English it stands where it is said, so that
//! whatever is loaded later has its texts with it. Gaps in it are `{0}`, `{1}` and so on. Where a
//! number decides, it has two forms with `|` between: for one, and for every other number. English and
//! Dutch need no more, as `Intl.PluralRules` has it.

use std::cell::Cell;

use super::words::COUNT;
use crate::text::{before, from, split_once};

/// The texts, each where its number says; and those of the markup by what they are in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    texts: &'static [&'static str],
    markup: &'static [(&'static str, &'static str)],
}

/// Writes a number, given in tenths.
pub type Number = fn(u32) -> String;

thread_local! {
    static SPOKEN: Cell<Option<Table>> = const { Cell::new(None) };
    static NUMBER: Cell<Number> = const { Cell::new(plain) };
}

impl Table {
    /// Reads a file of `languages/`. It stays for as long as the page lives. `None` for a file that
    /// lacks a text: then it is no file of this build.
    pub fn read(file: &str) -> Option<Table> {
        let file: &'static str = String::leak(file.to_owned());
        let lines = file.split('\n').filter(|line| !line.starts_with('#'));
        let mut pairs: Vec<_> = lines.filter_map(|line| split_once(line, " = ")).collect();
        if pairs.len() < COUNT {
            return None;
        }
        let markup = pairs.split_off(COUNT);
        let texts: Vec<_> = pairs.into_iter().map(|(_, text)| text).collect();
        Some(Table {
            texts: Vec::leak(texts),
            markup: Vec::leak(markup),
        })
    }

    /// A text of the markup; `None` if this language has no word for it.
    pub fn of_markup(&self, english: &str) -> Option<&'static str> {
        let pair = self.markup.iter().find(|(key, _)| *key == english);
        pair.map(|(_, text)| *text)
    }
}

/// From now on every text is from this table, or in English.
pub fn speak(table: Option<Table>) {
    SPOKEN.set(table);
}

/// Has numbers written by `number` from now on.
pub fn write_numbers(number: Number) {
    NUMBER.set(number);
}

/// The text with this number, which is this one in English.
// A pointer to a text is half of what a text is, and there is a call for each.
#[inline(never)]
pub(super) fn text(word: u16, english: &'static &'static str) -> &'static &'static str {
    let text = SPOKEN
        .get()
        .and_then(|table| table.texts.get(usize::from(word)));
    text.unwrap_or(english)
}

/// The text with this number and `fillings` in its gaps.
#[inline(never)]
pub(super) fn filled(word: u16, english: &'static &'static str, fillings: &[&str]) -> String {
    fill(text(word, english), fillings)
}

/// The text with this number as it is for so many; they come into the first gap.
#[inline(never)]
pub(super) fn counted(word: u16, english: &'static &'static str, count: usize) -> String {
    let forms = *text(word, english);
    let (one, other) = split_once(forms, "|").unwrap_or((forms, forms));
    fill(if count == 1 { one } else { other }, &[&number(count)])
}

fn fill(text: &str, fillings: &[&str]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte == b'{') {
        filled.push_str(before(rest, at));
        let gap = rest.as_bytes().get(at + 1).zip(rest.as_bytes().get(at + 2));
        let filling = gap.filter(|(_, end)| **end == b'}');
        let filling =
            filling.and_then(|(digit, _)| fillings.get(digit.wrapping_sub(b'0') as usize));
        // A brace that opens no gap stands for itself.
        filled.push_str(filling.unwrap_or(&"{"));
        rest = from(rest, at + if filling.is_some() { 3 } else { 1 });
    }
    filled.push_str(rest);
    filled
}

/// A whole number, as the language writes it.
pub fn number(whole: usize) -> String {
    tenths((whole as u32).saturating_mul(10))
}

/// A number of tenths, as the language writes it.
pub fn tenths(tenths: u32) -> String {
    NUMBER.get()(tenths)
}

/// As nobody in particular writes it.
fn plain(tenths: u32) -> String {
    let whole = (tenths / 10).to_string();
    match tenths % 10 {
        0 => whole,
        tenth => [&whole, ".", &tenth.to_string()].concat(),
    }
}
