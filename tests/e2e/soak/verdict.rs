//! Whether what is shown is what was typed and delivered.

use std::collections::HashSet;

use super::memory::Memory;

/// What a person typed, what their page was delivered, and what it shows.
pub(super) struct Account {
    /// Who it is.
    pub(super) name: &'static str,
    /// Each text another one.
    pub(super) typed: Vec<String>,
    /// From the first row to the last.
    pub(super) shown: Vec<Row>,
    /// By connection.
    pub(super) connections: Vec<Vec<Said>>,
    /// At the end.
    pub(super) memory: Memory,
}

/// A message that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) state: String,
    pub(super) sender: String,
    pub(super) text: String,
}

/// A row of a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// A message.
    Message(Shown),
    /// A time without a connection.
    Gap,
}

/// A message that a connection delivered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Said {
    pub(super) sender: String,
    pub(super) text: String,
    /// What its sender's page called it.
    pub(super) name: String,
}

/// What somebody else said, or a gap.
#[derive(Debug, PartialEq, Eq)]
enum Heard<'a> {
    Said(&'a str, &'a str),
    Gap,
}

impl Account {
    /// Everything that is not as it should be, in words.
    pub(super) fn judge(&self) -> Vec<String> {
        let mut found = Vec::new();
        let own: Vec<&Shown> = self
            .messages()
            .filter(|one| one.sender == self.name)
            .collect();
        for text in &self.typed {
            let shown: Vec<&Shown> = own
                .iter()
                .copied()
                .filter(|one| one.text == *text)
                .collect();
            let [shown] = shown.as_slice() else {
                found.push(format!("typed once, shown {} times: {text}", shown.len()));
                continue;
            };
            let came_back = self.connections.iter().flatten();
            let came_back = came_back.clone().any(|said| said.text == *text);
            let right = match shown.state.as_str() {
                "sent" => true,
                "failed" => !came_back,
                _ => false,
            };
            if !right {
                let state = &shown.state;
                found.push(format!("shown as {state}, came back: {came_back}: {text}"));
            }
        }
        if own.len() > self.typed.len() {
            found.push(format!(
                "{} own messages, {} typed",
                own.len(),
                self.typed.len()
            ));
        }
        let (expected, shown) = (self.expected(), self.heard());
        if let Some(at) =
            (0..expected.len().max(shown.len())).find(|&at| expected.get(at) != shown.get(at))
        {
            let near = at.saturating_sub(3);
            let some = |all: &[Heard<'_>]| {
                let end = all.len().min(at + 4);
                format!("{:?}", &all[near.min(end)..end])
            };
            found.push(format!(
                "from the {at}th on another thing is shown than was delivered: {} instead of {}",
                some(&shown),
                some(&expected)
            ));
        }
        found
    }

    /// What should be shown of others: each once, in order, with a gap between two connections.
    fn expected(&self) -> Vec<Heard<'_>> {
        let mut names = HashSet::new();
        let mut heard = Vec::new();
        for connection in &self.connections {
            heard.push(Heard::Gap);
            let new = connection
                .iter()
                .filter(|said| names.insert((&said.sender, &said.name)));
            let others = new.filter(|said| said.sender != self.name);
            heard.extend(others.map(|said| Heard::Said(&said.sender, &said.text)));
        }
        tidy(heard)
    }

    /// What is shown of others.
    fn heard(&self) -> Vec<Heard<'_>> {
        let heard = self.shown.iter().filter_map(|row| match row {
            Row::Gap => Some(Heard::Gap),
            Row::Message(one) if one.sender == self.name => None,
            Row::Message(one) => Some(Heard::Said(&one.sender, &one.text)),
        });
        tidy(heard.collect())
    }

    fn messages(&self) -> impl Iterator<Item = &Shown> {
        self.shown.iter().filter_map(|row| match row {
            Row::Message(shown) => Some(shown),
            Row::Gap => None,
        })
    }

    /// How many own messages have failed.
    pub(super) fn failed(&self) -> usize {
        self.messages().filter(|one| one.state == "failed").count()
    }

    /// How many gaps are shown.
    pub(super) fn gaps(&self) -> usize {
        self.shown.iter().filter(|row| **row == Row::Gap).count()
    }

    /// How many messages were delivered.
    pub(super) fn delivered(&self) -> usize {
        self.connections.iter().map(Vec::len).sum()
    }

    /// How many of them came another time.
    pub(super) fn repeated(&self) -> usize {
        let all = self.connections.iter().flatten();
        self.delivered() - all.collect::<HashSet<_>>().len()
    }
}

/// Gaps with nothing of others in between are one; where nothing was said there is nothing to miss.
fn tidy(mut heard: Vec<Heard<'_>>) -> Vec<Heard<'_>> {
    heard.dedup_by(|one, other| *one == Heard::Gap && *other == Heard::Gap);
    if heard.first() == Some(&Heard::Gap) {
        heard.remove(0);
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(state: &str, sender: &str, text: &str) -> Row {
        Row::Message(Shown {
            state: state.to_owned(),
            sender: sender.to_owned(),
            text: text.to_owned(),
        })
    }

    fn said(sender: &str, text: &str, name: &str) -> Said {
        Said {
            sender: sender.to_owned(),
            text: text.to_owned(),
            name: name.to_owned(),
        }
    }

    /// Two connections; something comes twice.
    fn account(shown: Vec<Row>) -> Account {
        Account {
            name: "alice",
            typed: vec!["mine".to_owned(), "lost".to_owned()],
            shown,
            connections: vec![
                vec![
                    said("bob", "1", "a"),
                    said("bob", "1", "a"),
                    said("alice", "mine", "b"),
                ],
                vec![said("bob", "2", "c"), said("bob", "2", "d")],
            ],
            memory: Memory::default(),
        }
    }

    fn as_it_should_be() -> Vec<Row> {
        vec![
            seen("received", "bob", "1"),
            seen("sent", "alice", "mine"),
            Row::Gap,
            seen("failed", "alice", "lost"),
            seen("received", "bob", "2"),
            seen("received", "bob", "2"),
        ]
    }

    #[test]
    fn what_was_typed_and_delivered_is_shown() {
        let account = account(as_it_should_be());
        assert_eq!(account.judge(), Vec::<String>::new());
        assert_eq!((account.delivered(), account.repeated()), (5, 1));
        assert_eq!((account.failed(), account.gaps()), (1, 1));
    }

    #[test]
    fn whatever_is_wrong_is_found() {
        type Spoil = fn(&mut Vec<Row>);
        let wrong: [(&str, Spoil); 9] = [
            ("lost", |rows| drop(rows.remove(3))),
            ("doubled", |rows| {
                rows.push(seen("received", "alice", "mine"))
            }),
            ("stuck", |rows| rows[1] = seen("sending", "alice", "mine")),
            ("came back", |rows| {
                rows[1] = seen("failed", "alice", "mine")
            }),
            ("not heard", |rows| drop(rows.remove(0))),
            ("heard twice", |rows| {
                rows.insert(0, seen("received", "bob", "1"))
            }),
            ("out of order", |rows| rows.swap(0, 5)),
            ("no gap", |rows| drop(rows.remove(2))),
            ("a gap too many", |rows| rows.insert(5, Row::Gap)),
        ];
        for (what, spoil) in wrong {
            let mut rows = as_it_should_be();
            spoil(&mut rows);
            assert!(!account(rows).judge().is_empty(), "{what}");
        }
    }
}
