//! The list of what is asked for.

use crate::process::Failure;

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Such as `HUB-12`.
    pub(super) id: String,
    /// Why it does not apply; `None` if it does.
    pub(super) reason: Option<String>,
}

/// The rows of a Markdown text: all lines of tables that begin with an id. Their cells are the id,
/// the relevance, what is asserted, and the reason.
///
/// # Errors
/// A line has another number of cells, or an id that another line has.
pub(super) fn parse(text: &str) -> Result<Vec<Row>, Failure> {
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines() {
        let Some(cells) = line.strip_prefix('|').and_then(|it| it.strip_suffix('|')) else {
            continue;
        };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        if family(cells[0]).is_none() {
            continue;
        }
        let [id, "C" | "O" | "J", asserted, reason] = cells[..] else {
            return Err(Failure(format!(
                "This row needs an id, C, O or J, what is asserted, and a reason: {line}"
            )));
        };
        if asserted.is_empty() || rows.iter().any(|row| row.id == id) {
            return Err(Failure(format!("The row {id} is empty, or there twice.")));
        }
        rows.push(Row {
            id: id.to_owned(),
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
        });
    }
    Ok(rows)
}

/// What is before the numbers of the ids, such as HUB.
pub(super) fn families(rows: &[Row]) -> Vec<String> {
    let mut families: Vec<String> = rows
        .iter()
        .filter_map(|row| family(&row.id))
        .map(str::to_owned)
        .collect();
    families.dedup();
    families
}

fn family(id: &str) -> Option<&str> {
    let (family, number) = id.split_once('-')?;
    let is_id = family.chars().all(|one| one.is_ascii_uppercase())
        && number.parse::<u32>().is_ok_and(|number| number > 0);
    is_id.then_some(family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_lines_with_an_id() {
        let text = "# A-1\n| id | R | asserted | reason |\n|---|---|---|---|\n\
            | AB-1 | C | This | |\n| AB-2 | J | That | no such thing |\n| Q-1 | O | And | |\n";
        let row = |id: &str, reason: Option<&str>| Row {
            id: id.to_owned(),
            reason: reason.map(str::to_owned),
        };
        let rows = parse(text).unwrap();
        let expected = [
            row("AB-1", None),
            row("AB-2", Some("no such thing")),
            row("Q-1", None),
        ];
        assert_eq!(rows, expected);
        assert_eq!(families(&rows), ["AB", "Q"]);
    }

    #[test]
    fn a_broken_row_is_an_error() {
        for text in [
            "| A-1 | C | This |",
            "| A-1 | C | This | or | that |",
            "| A-1 | X | This | |",
            "| A-1 | C | | |",
            "| A-1 | C | This | |\n| A-1 | C | This | |",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_list_itself_can_be_read() {
        let rows = parse(include_str!("../../../tests/conformance/rows.md")).unwrap();
        let count = |family: &str| {
            let rows = rows.iter().filter(|row| row.id.starts_with(family));
            rows.count()
        };
        assert_eq!((count("FT-"), count("Q-"), rows.len()), (38, 34, 381));
    }
}
