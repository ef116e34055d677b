//! The ids of rows in a text.

/// All ids in a text, each one of a range by itself. Ids are of one of the `families`, such as HUB;
/// whatever else has their shape (UTF-8) is none.
///
/// A range is `TMF-1 to TMF-7`, `HTC-16..HTC-19` or `HTC-16..19`, its last one included.
pub(super) fn in_text(text: &str, families: &[String]) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = text;
    while let Some((family, first, after)) = next(rest, families) {
        let (last, after) = last_of_range(after, family).unwrap_or((first, after));
        rest = after;
        ids.extend((first..=last).map(|number| format!("{family}-{number}")));
    }
    ids
}

/// The next id, and the text behind it.
fn next<'t, 'f>(text: &'t str, families: &'f [String]) -> Option<(&'f str, u32, &'t str)> {
    text.match_indices('-').find_map(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let word = before.rsplit(|one: char| !one.is_alphanumeric()).next()?;
        let family = families.iter().find(|family| *family == word)?;
        let (number, rest) = leading_number(after)?;
        Some((family.as_str(), number, rest))
    })
}

/// The last number of a range whose first id is before `text`, and the text behind the range.
fn last_of_range<'t>(text: &'t str, family: &str) -> Option<(u32, &'t str)> {
    let id = |text: &'t str| leading_number(text.strip_prefix(family)?.strip_prefix('-')?);
    match text.strip_prefix("..") {
        Some(text) => id(text).or_else(|| leading_number(text)),
        None => id(text.strip_prefix(" to ")?),
    }
}

fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|one: char| !one.is_ascii_digit());
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        in_text(text, &["HUB".into(), "B".into(), "Q".into()])
    }

    #[test]
    fn single_ids_stand_anywhere() {
        assert_eq!(ids("HUB-1, (HUB-23): see Q-4."), ["HUB-1", "HUB-23", "Q-4"]);
        assert_eq!(ids(r#"assert_eq!(a, b, "HUB-5");"#), ["HUB-5"]);
    }

    #[test]
    fn what_only_looks_like_an_id_is_none() {
        assert!(ids("UTF-8, XHUB-1, HUB-, HUB 1, HUB-x, hub-1").is_empty());
    }

    #[test]
    fn a_range_names_each() {
        assert_eq!(ids("HUB-9 to HUB-11: x"), ["HUB-9", "HUB-10", "HUB-11"]);
        assert_eq!(ids("HUB-9..11."), ["HUB-9", "HUB-10", "HUB-11"]);
        assert_eq!(ids("Q-1..Q-2"), ["Q-1", "Q-2"]);
    }

    #[test]
    fn a_range_ends_where_no_id_of_its_family_follows() {
        assert_eq!(ids("HUB-1 to 5 tries"), ["HUB-1"]);
        assert_eq!(ids("HUB-1 to Q-2"), ["HUB-1", "Q-2"]);
        assert_eq!(ids("HUB-1..."), ["HUB-1"]);
    }
}
