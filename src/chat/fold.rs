//! Letters without regard to case.
//!
//! The tables of all scripts are in the standard library, and cost people more to download than
//! all that is compared with them. These rules know Latin, Greek, Cyrillic and Armenian, which is
//! where nearly every capital letter is; whatever else there is stays as it is.

use crate::text::from;

/// The small letter of `letter`, or `letter` itself.
pub fn small(letter: char) -> char {
    let code = u32::from(letter);
    let small = match code {
        0x41..=0x5a => code + 32,
        // Latin-1, but for the multiplication sign.
        0xc0..=0xd6 | 0xd8..=0xde => code + 32,
        // Where capital and small letters take turns: the even one is the capital, or the odd one.
        // The dotted and the dotless i do not.
        0x100..=0x12f | 0x132..=0x137 | 0x14a..=0x177 | 0x1e00..=0x1e95 | 0x1ea0..=0x1eff => {
            code | 1
        }
        0x139..=0x148 | 0x179..=0x17e => code + (code & 1),
        0x178 => 0xff,
        0x391..=0x3a1 | 0x3a3..=0x3ab => code + 32,
        0x386 => 0x3ac,
        0x388..=0x38a => code + 37,
        0x38c => 0x3cc,
        0x38e | 0x38f => code + 63,
        // The sigma at the end of a word.
        0x3c2 => 0x3c3,
        0x400..=0x40f => code + 80,
        0x410..=0x42f => code + 32,
        0x460..=0x481 | 0x48a..=0x4bf | 0x4d0..=0x52f => code | 1,
        0x531..=0x556 => code + 48,
        _ => code,
    };
    char::from_u32(small).unwrap_or(letter)
}

/// `text` in small letters.
pub fn folded(text: &str) -> String {
    text.chars().map(small).collect()
}

/// True if two texts differ in nothing but their case.
pub fn same(one: &str, other: &str) -> bool {
    one.chars().map(small).eq(other.chars().map(small))
}

/// Where `wanted`, which is [`folded`], stands in `text` first, in bytes of `text`.
pub fn position(text: &str, wanted: &str) -> Option<(usize, usize)> {
    let first = wanted.chars().next()?;
    let starts = text.char_indices().filter(|(_, c)| small(*c) == first);
    starts
        .map(|(start, _)| start)
        .find_map(|start| Some((start, start + prefix(from(text, start), wanted)?)))
}

/// The length of the part at the start of `text` that is `wanted`, which is [`folded`].
pub fn prefix(text: &str, wanted: &str) -> Option<usize> {
    let mut letters = text.chars();
    for letter in wanted.chars() {
        if small(letters.next()?) != letter {
            return None;
        }
    }
    Some(text.len() - letters.as_str().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_made_small_as_the_standard_library_does_it() {
        for letter in ('\0'..='\u{58f}').chain('\u{1e00}'..='\u{1eff}') {
            let made = small(letter);
            let expected: Vec<char> = letter.to_lowercase().collect();
            let is_known = made != letter && letter != 'ς';
            assert!(
                !is_known || expected == [made],
                "{letter:?} became {made:?}, and is {expected:?}"
            );
        }
        for (capitals, expected) in [
            ("ALICE", "alice"),
            ("ÉMILE ŽIŽEK ŁÓDŹ", "émile žižek łódź"),
            ("ΆΛΦΑ ΩΣ Ώ", "άλφα ωσ ώ"),
            ("ЁЛКА Їжак", "ёлка їжак"),
            ("ԱԲ", "աբ"),
            ("Ÿ×÷ß李", "ÿ×÷ß李"),
        ] {
            assert_eq!(folded(capitals), expected);
        }
    }

    #[test]
    fn a_text_is_found_whatever_its_case() {
        assert_eq!(position("Hello, World", "world"), Some((7, 12)));
        assert_eq!(position("ÀÉÎ", "éî"), Some((2, 6)));
        assert_eq!(position("aab", "ab"), Some((1, 3)));
        assert_eq!(position("hello", "helloo"), None);
        assert_eq!(position("hello", ""), None);
        assert_eq!(prefix("Émile", "ém"), Some(3));
        assert_eq!(prefix("Émile", "em"), None);
        assert!(same("ÉMILE", "émile") && !same("émile", "emile"));
    }
}
