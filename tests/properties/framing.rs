//! Records in pieces.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serverless_chat::signalr::protocol::Framer;
use serverless_chat::signalr::protocol::framing::records;

use crate::texts::{RS, config, cut};

proptest! {
    #![proptest_config(config())]

    /// However a text is cut, its records are the same, in the same order; none comes before its end.
    #[test]
    fn a_cut_changes_nothing(
        whole in vec("[^\u{1e}]{0,20}", 0..8),
        rest in "[^\u{1e}]{0,20}",
        cuts in vec(any::<Index>(), 0..12),
    ) {
        let text: String = whole.iter().map(|record| format!("{record}{RS}")).collect();
        let text = text + &rest;
        let mut framer = Framer::default();
        let mut given = 0;
        let mut heard = Vec::new();
        for piece in cut(&text, &cuts) {
            given += piece.len();
            if let Some(complete) = framer.push(piece).unwrap() {
                heard.extend(records(&complete).unwrap().map(str::to_owned));
                let ends = text[..given].matches(RS).count();
                prop_assert_eq!(heard.len(), ends, "each as soon as it ends");
            }
        }
        prop_assert_eq!(heard, whole);
    }

    /// Whole records are split at their separators, and at nothing else.
    #[test]
    fn records_are_what_stands_between_separators(text in "[a-c\u{1e}]{0,12}") {
        match records(&text) {
            Ok(found) => {
                let joined: String = found.map(|record| format!("{record}{RS}")).collect();
                prop_assert_eq!(&joined, &text);
            }
            Err(_) => prop_assert!(!text.ends_with(RS)),
        }
    }
}
