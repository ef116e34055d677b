//! Records and the separator that ends each.

use crate::text;

/// Ends every record, in both directions (ASCII record separator).
///
/// ```
/// use serverless_chat::signalr::protocol::framing::RECORD_SEPARATOR;
///
/// assert_eq!("{}\u{1e}".find(RECORD_SEPARATOR), Some(2));
/// ```
pub const RECORD_SEPARATOR: char = '\u{1e}';

/// The most text that is held back while the end of its record has not come, in bytes.
///
/// ```
/// use serverless_chat::signalr::protocol::framing::{Framer, Incomplete, MAX_PARTIAL};
///
/// let mut framer = Framer::default();
/// assert_eq!(framer.push("x".repeat(MAX_PARTIAL + 1)), Err(Incomplete));
/// ```
pub const MAX_PARTIAL: usize = 32 * 1024 * 1024;

/// The text ends in the middle of a record, where whole records are required.
///
/// ```
/// use serverless_chat::signalr::protocol::framing::{Incomplete, records};
///
/// assert_eq!(records("{}").err(), Some(Incomplete));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incomplete;

/// Splits text into its records, without their separators.
///
/// # Errors
/// [`Incomplete`] if the text does not end with a separator; empty text does not.
///
/// ```
/// use serverless_chat::signalr::protocol::framing::records;
///
/// let text = "Hello,\u{1e}World!\u{1e}";
/// assert_eq!(records(text).unwrap().collect::<Vec<_>>(), ["Hello,", "World!"]);
/// assert!(records("Hello").is_err());
/// ```
pub fn records(text: &str) -> Result<impl Iterator<Item = &str>, Incomplete> {
    let whole = text.strip_suffix(RECORD_SEPARATOR).ok_or(Incomplete)?;
    Ok(whole.split(RECORD_SEPARATOR))
}

/// Puts records together that arrive in several pieces.
///
/// The TypeScript client refuses a piece that ends within a record. A service may cut large
/// records at will, so here the rest is waited for.
///
/// ```
/// use serverless_chat::signalr::protocol::Framer;
///
/// let mut framer = Framer::default();
/// assert_eq!(framer.push("{\"type\"".to_owned()), Ok(None));
/// let complete = Some("{\"type\":6}\u{1e}".to_owned());
/// assert_eq!(framer.push(":6}\u{1e}{".to_owned()), Ok(complete));
/// ```
#[derive(Debug, Default)]
pub struct Framer {
    partial: String,
}

impl Framer {
    /// Takes a piece of text and returns all the records that are complete with it, each with its
    /// separator; `None` if there is none yet.
    ///
    /// # Errors
    /// [`Incomplete`] if more than [`MAX_PARTIAL`] bytes came without a separator.
    ///
    /// ```
    /// use serverless_chat::signalr::protocol::Framer;
    ///
    /// let mut framer = Framer::default();
    /// let text = "{}\u{1e}".to_owned();
    /// assert_eq!(framer.push(text.clone()), Ok(Some(text)));
    /// ```
    pub fn push(&mut self, piece: String) -> Result<Option<String>, Incomplete> {
        let Some(end) = piece
            .rfind(RECORD_SEPARATOR)
            .map(|at| at + RECORD_SEPARATOR.len_utf8())
        else {
            self.partial.push_str(&piece);
            return if self.partial.len() > MAX_PARTIAL {
                Err(Incomplete)
            } else {
                Ok(None)
            };
        };
        if self.partial.is_empty() && end == piece.len() {
            return Ok(Some(piece));
        }
        let mut whole = std::mem::take(&mut self.partial);
        whole.push_str(text::before(&piece, end));
        self.partial.push_str(text::from(&piece, end));
        Ok(Some(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<&str>, Incomplete> {
        records(text).map(Iterator::collect)
    }

    /// TMF-1 to TMF-7 of the TypeScript client's TextMessageFormat tests.
    #[test]
    fn records_end_with_a_separator() {
        assert_eq!(parse("\u{1e}"), Ok(vec![""]), "TMF-1");
        assert_eq!(parse("\u{1e}\u{1e}"), Ok(vec!["", ""]), "TMF-2");
        assert_eq!(parse("Hello\u{1e}"), Ok(vec!["Hello"]), "TMF-3");
        assert_eq!(
            parse("Hello,\u{1e}World!\u{1e}"),
            Ok(vec!["Hello,", "World!"]),
            "TMF-4"
        );
        assert_eq!(parse(""), Err(Incomplete), "TMF-5");
        assert_eq!(parse("Hello"), Err(Incomplete), "TMF-6");
        assert_eq!(parse("Hello\u{1e}World"), Err(Incomplete), "TMF-7");
    }

    #[test]
    fn pieces_are_put_together_however_they_are_cut() {
        let text = "{\"a\":1}\u{1e}{\"ü\":2}\u{1e}{}\u{1e}";
        let boundaries: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        for &first in &boundaries {
            for &second in boundaries.iter().filter(|second| **second >= first) {
                let mut framer = Framer::default();
                let pieces = [&text[..first], &text[first..second], &text[second..]];
                let whole: String = pieces
                    .iter()
                    .filter_map(|piece| framer.push((*piece).to_owned()).unwrap())
                    .collect();
                assert_eq!(whole, text, "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn a_record_without_an_end_is_given_up() {
        let mut framer = Framer::default();
        assert_eq!(framer.push("x".repeat(MAX_PARTIAL)), Ok(None));
        assert_eq!(framer.push("x".to_owned()), Err(Incomplete));
    }
}
