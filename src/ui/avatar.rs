//! What stands for a person: initials on a colour that is always the same for the same name.

/// How many colours there are; `style/sidebar.css` names them `hue-0` and up.
const HUES: u32 = 12;

/// One or two letters for a user name: of the first two words, or of what stands before and after
/// a dot, a dash or an underscore. Empty for an empty name. The style sheet makes them capitals,
/// since the browser has the tables of every script's letters and this code would bring its own.
pub fn initials(name: &str) -> String {
    let person = name.split('@').next().unwrap_or(name);
    let words = person.split(|c: char| c.is_whitespace() || matches!(c, '.' | '-' | '_'));
    // Outside of ASCII, whatever a name has is taken for a letter of it.
    let is_letter = |c: &char| !c.is_ascii() || c.is_ascii_alphanumeric();
    let letters = words.filter_map(|word| word.chars().find(is_letter));
    letters.take(2).collect()
}

/// The number of the colour of a user name, below 12.
pub fn hue(name: &str) -> u32 {
    // FNV-1a: short, and spreads names that differ in one letter.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash.wrapping_mul(0x9e37_79b1) >> 16) % HUES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_two_words() {
        for (name, expected) in [
            ("alice", "a"),
            ("Alice Bloom", "AB"),
            ("alice.bloom@contoso.com", "ab"),
            ("jean-luc picard", "jl"),
            ("émile zola", "éz"),
            ("  ", ""),
            ("", ""),
            ("@", ""),
            ("李 雷", "李雷"),
            ("(bob)", "b"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn colours_are_stable_and_spread() {
        let names = (0..1200).map(|number| ["user", &number.to_string()].concat());
        let mut counts = [0_usize; HUES as usize];
        for name in names {
            counts[hue(&name) as usize] += 1;
        }
        assert!(
            counts.iter().all(|count| (50..200).contains(count)),
            "{counts:?}"
        );
        assert_eq!(hue("alice"), hue("alice"));
    }
}
