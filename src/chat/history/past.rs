//! What was kept, read again by another page.

use std::sync::Arc;

use super::{Kept, Record, Said, UNTIL, parts_of};
use crate::chat::message::{Delivery, Failure, Timestamp};

/// Two pages that were open at once both heard a message, within this many milliseconds.
const TOGETHER: u64 = 10_000;

/// Among so many of the newest records another page's is looked for.
const AMONG: usize = 256;

/// Whose the unsent messages of a page are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// That page is gone, and this one takes its messages up.
    Ours,
    /// That page is still open, or another one has taken them up.
    Theirs,
    /// The browser cannot tell.
    Unknown,
}

/// The records of earlier pages, as they are read.
#[derive(Debug, Default)]
pub struct Past {
    page: String,
    records: Vec<Line>,
    /// Until when some page heard everything.
    until: u64,
    obsolete: Vec<String>,
}

/// One record under its key.
#[derive(Debug)]
struct Line {
    key: String,
    record: Option<Record>,
}

/// What a page takes up of the past.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Keys and what to show of them, in the order in which a person reads. Nothing is shown of
    /// what cannot be read; it is kept, since another version of this page may read it.
    pub records: Vec<(String, Option<Record>)>,
    /// Until when some page heard everything.
    pub until: Timestamp,
    /// Keys of what was kept twice.
    pub obsolete: Vec<String>,
}

impl Past {
    /// Nothing, for the page that also writes to `kept`.
    pub fn new(kept: &Kept) -> Past {
        Past {
            page: kept.page().to_owned(),
            ..Past::default()
        }
    }

    /// Takes what stands under the next key. `value` is `None` if it is no text.
    pub fn add(&mut self, key: String, value: Option<&str>) {
        if let Some(page) = key.strip_prefix(UNTIL) {
            let until = value.and_then(|value| value.parse().ok());
            self.until = self.until.max(until.unwrap_or_default());
            if page != self.page {
                self.obsolete.push(key);
            }
            return;
        }
        let record = match parts_of(&key) {
            // Written while the past is read.
            Some((_, page)) if page == self.page => return,
            Some((time, _)) => {
                let record = value.and_then(Record::read);
                if record.is_some() {
                    self.until = self.until.max(time);
                }
                record
            }
            None => None,
        };
        self.records.push(Line { key, record });
    }

    /// The pages that have left something unsent.
    pub fn pages_with_unsent(&self) -> Vec<String> {
        let mut pages: Vec<String> = Vec::new();
        for Line { key, record } in &self.records {
            if let (Some(Record::Said(said)), Some((_, page))) = (record, parts_of(key))
                && said.is_unsent()
                && !pages.iter().any(|one| one == page)
            {
                pages.push(page.to_owned());
            }
        }
        pages
    }

    /// What this page takes up, where `claim` says whose the unsent messages of a page are.
    /// `reason` is why a message failed whose page was closed before it was sent.
    ///
    /// What two pages heard at the same time is taken up once. Equal texts that one page heard stay
    /// as many as they were.
    pub fn settle(self, claim: impl Fn(&str) -> Claim, reason: &Arc<str>) -> Settled {
        let mut settled = Settled {
            until: Timestamp(self.until),
            obsolete: self.obsolete,
            ..Settled::default()
        };
        // Which pages heard each of the settled records, and when.
        let mut heard: Vec<(u64, Vec<String>)> = Vec::new();
        for Line { key, record } in self.records {
            let (time, page) = parts_of(&key).map_or((0, ""), |(time, page)| (time, page));
            let page = page.to_owned();
            let record = match record {
                Some(Record::Said(said)) if said.is_unsent() => {
                    match taken_up(said, claim(&page), reason) {
                        Some(said) => Some(Record::Said(said)),
                        // It is none of this page's business, and not to be trimmed by it.
                        None => continue,
                    }
                }
                Some(Record::Said(said)) => {
                    let first = heard.len().saturating_sub(AMONG);
                    let twin = (first..heard.len()).find(|&at| {
                        let ((when, pages), (_, record)) = (&heard[at], &settled.records[at]);
                        time.saturating_sub(*when) <= TOGETHER
                            && !pages.contains(&page)
                            && matches!(record, Some(Record::Said(other)) if same(other, &said))
                    });
                    if let Some(at) = twin {
                        heard[at].1.push(page);
                        if let (Delivery::Sent, Some(Record::Said(other))) =
                            (&said.delivery, &mut settled.records[at].1)
                        {
                            other.delivery = Delivery::Sent;
                        }
                        settled.obsolete.push(key);
                        continue;
                    }
                    Some(Record::Said(said))
                }
                other => other,
            };
            heard.push((time, vec![page]));
            settled.records.push((key, record));
        }
        settled
    }
}

/// True for what two pages may both have heard.
fn same(one: &Said, other: &Said) -> bool {
    !one.is_unsent()
        && one.text == other.text
        && one.place == other.place
        && one.own == other.own
        // The name that others see is learnt, by one page earlier than by the other.
        && (one.own || one.sender == other.sender)
}

/// An unsent message as this page takes it up; `None` if it is not this page's.
fn taken_up(said: Said, claim: Claim, reason: &Arc<str>) -> Option<Said> {
    let delivery = match (claim, said.delivery) {
        (Claim::Theirs, _) => return None,
        (Claim::Ours, Delivery::Waiting) => Delivery::Waiting,
        (_, Delivery::Failed(failure)) => Delivery::Failed(failure),
        // It left, or another page may have sent it meanwhile.
        _ => Delivery::Failed(Failure {
            reason: reason.clone(),
            ambiguous: true,
        }),
    };
    Some(Said { delivery, ..said })
}

impl Settled {
    /// True if there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.records.iter().all(|(_, record)| record.is_none())
    }
}
