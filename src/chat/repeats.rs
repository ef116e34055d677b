//! What the hub has delivered already.
//!
//! A browser sends a POST again whose connection ended before an answer, and a service may deliver
//! twice what it is not sure of. So the same message comes a second time, under the name that its
//! sender's page gave it; it was said once, and is shown once. Where the backend brings no such names
//! back, a repetition cannot be told from two equal texts, and both are shown.

use std::collections::VecDeque;

use super::incoming::Incoming;

/// So many messages are remembered: a repetition follows closely.
const REMEMBERED: usize = 64;

/// The longest sender and name together that are remembered, in bytes. Those that this page makes are
/// far shorter.
const LONGEST: usize = 512;

/// The last messages that came, oldest first.
#[derive(Debug, Default)]
pub(super) struct Repeats(VecDeque<Name>);

#[derive(Debug)]
struct Name {
    sender: String,
    client_id: String,
}

impl Repeats {
    /// True if this message has come before. Of one sender's alone: whoever has seen the name of a
    /// message may use it again.
    pub(super) fn has(&mut self, incoming: &Incoming) -> bool {
        let Some(client_id) = &incoming.client_id else {
            return false;
        };
        let sender = &incoming.sender;
        if client_id.is_empty() || client_id.len() + sender.len() > LONGEST {
            return false;
        }
        let is_it = |one: &Name| one.client_id == *client_id && one.sender == *sender;
        if self.0.iter().rev().any(is_it) {
            return true;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(Name {
            sender: sender.clone(),
            client_id: client_id.clone(),
        });
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(sender: &str, client_id: Option<&str>) -> Incoming {
        Incoming {
            sender: sender.to_owned(),
            client_id: client_id.map(str::to_owned),
            ..Incoming::default()
        }
    }

    #[test]
    fn a_message_that_comes_again_is_known_by_its_sender_and_its_name() {
        let mut repeats = Repeats::default();
        let first = named("bob", Some("x"));
        assert!(!repeats.has(&first));
        assert!(repeats.has(&first) && repeats.has(&first));
        assert!(
            !repeats.has(&named("carol", Some("x"))),
            "of somebody else, who has seen the name"
        );
        for nameless in [named("bob", None), named("bob", Some(""))] {
            assert!(!repeats.has(&nameless) && !repeats.has(&nameless));
        }
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut repeats = Repeats::default();
        for number in 0..10 * REMEMBERED {
            assert!(!repeats.has(&named("bob", Some(&number.to_string()))));
        }
        assert_eq!(repeats.0.len(), REMEMBERED);
        let long = named("bob", Some(&"x".repeat(LONGEST)));
        assert!(!repeats.has(&long) && !repeats.has(&long));
    }
}
