//! How much more one message takes.

use crate::chat::MAX_TEXT_BYTES;

/// From how many bytes before the limit on the room that is left is shown.
const NEAR: usize = 8 * 1024;

/// The length of a text, beside the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Far from it.
    Fine,
    /// So many kilobytes before it, the last one begun: it changes seldom enough to be read out.
    Near(usize),
    /// Beyond it; the length in bytes.
    Over(usize),
}

impl Length {
    /// The length of a text of so many bytes.
    pub fn of(bytes: usize) -> Length {
        match MAX_TEXT_BYTES.checked_sub(bytes) {
            None => Length::Over(bytes),
            Some(left) if left < NEAR => Length::Near(left.div_ceil(1024)),
            Some(_) => Length::Fine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_told_when_it_is_near() {
        for (bytes, length) in [
            (0, Length::Fine),
            (MAX_TEXT_BYTES - NEAR, Length::Fine),
            (MAX_TEXT_BYTES - NEAR + 1, Length::Near(8)),
            (MAX_TEXT_BYTES - 1, Length::Near(1)),
            (MAX_TEXT_BYTES, Length::Near(0)),
            (MAX_TEXT_BYTES + 1, Length::Over(MAX_TEXT_BYTES + 1)),
        ] {
            assert_eq!(Length::of(bytes), length);
        }
    }
}
