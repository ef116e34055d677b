//! What is kept on the device: how a record is written and read, and which of them stay.
//!
//! A record is a JSON text under a key. The keys are in the order in which a person reads: a time,
//! a number, and the name of the page that wrote it, so that two pages of one person never write
//! under the same key. A message that changes moves to a new key, at the end, as it does on the
//! page.

use std::collections::VecDeque;
use std::sync::Arc;

use super::conversation::ConversationId;
use super::message::{Delivery, Failure, MessageId, Timestamp};
use crate::json::{self, Fields};

mod past;

pub use past::{Claim, Past, Settled};

/// How many records stay, of all conversations together.
pub const LIMIT: usize = 10_000;

/// The version of what is written. What has another one is set aside.
const VERSION: &str = "1";

/// Stands before the name of a page, in the key under which it says how long it heard everything.
/// It comes after all other keys.
const UNTIL: &str = "until ";

/// What one record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A message.
    Said(Said),
    /// A time without a connection, in all conversations of that time.
    Gap {
        /// When it began.
        from: Timestamp,
        /// When it ended.
        to: Timestamp,
    },
}

/// A message, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where.
    pub place: ConversationId,
    /// By whom.
    pub sender: Arc<str>,
    /// True for what this person wrote.
    pub own: bool,
    /// What.
    pub text: Arc<str>,
    /// True if it names this person.
    pub mention: bool,
    /// When.
    pub at: Timestamp,
    /// How far it has come.
    pub delivery: Delivery,
}

impl Said {
    /// True for what was typed here and is not known to have been sent.
    pub(super) fn is_unsent(&self) -> bool {
        !matches!(self.delivery, Delivery::Received | Delivery::Sent)
    }
}

impl Record {
    /// As it is written.
    ///
    /// ```
    /// use serverless_chat::chat::Timestamp;
    /// use serverless_chat::chat::history::Record;
    ///
    /// let gap = Record::Gap { from: Timestamp(1), to: Timestamp(2) };
    /// assert_eq!(gap.written(), r#"{"v":1,"from":1,"to":2}"#);
    /// assert_eq!(Record::read(&gap.written()), Some(gap));
    /// ```
    pub fn written(&self) -> String {
        let said = match self {
            Record::Gap { from, to } => {
                let (from, to) = (from.0.to_string(), to.0.to_string());
                return [
                    r#"{"v":"#,
                    VERSION,
                    r#","from":"#,
                    &from,
                    r#","to":"#,
                    &to,
                    "}",
                ]
                .concat();
            }
            Record::Said(said) => said,
        };
        let place = match said.place.recipient() {
            Some(name) => [r#","with":"#, &json::written(name)].concat(),
            None => String::new(),
        };
        let why = match &said.delivery {
            Delivery::Failed(failure) => [
                r#","why":"#,
                &json::written(&failure.reason),
                r#","ambiguous":"#,
                if failure.ambiguous { "true" } else { "false" },
            ]
            .concat(),
            _ => String::new(),
        };
        [
            r#"{"v":"#,
            VERSION,
            r#","at":"#,
            &said.at.0.to_string(),
            r#","is":""#,
            state(&said.delivery),
            r#"","own":"#,
            if said.own { "true" } else { "false" },
            if said.mention {
                r#","mention":true"#
            } else {
                ""
            },
            r#","sender":"#,
            &json::written(&said.sender),
            r#","text":"#,
            &json::written(&said.text),
            &place,
            &why,
            "}",
        ]
        .concat()
    }

    /// Reads what was written; `None` for what is damaged, of somebody else's, or of another
    /// version.
    pub fn read(text: &str) -> Option<Record> {
        let fields = Fields::read(text).ok()?;
        if fields.get("v")?.get() != VERSION {
            return None;
        }
        let time = |name| Some(Timestamp(fields.get(name)?.get().parse().ok()?));
        let truth = |name| match fields.get(name)?.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        if let Some(from) = time("from") {
            let to = time("to")?;
            return Some(Record::Gap { from, to });
        }
        let delivery = match fields.string("is")?.as_str() {
            "received" => Delivery::Received,
            "waiting" => Delivery::Waiting,
            "sending" => Delivery::Sending,
            "sent" => Delivery::Sent,
            "failed" => Delivery::Failed(Failure {
                reason: fields.string("why")?.into(),
                ambiguous: truth("ambiguous")?,
            }),
            _ => return None,
        };
        let place = match fields.get("with") {
            Some(_) => ConversationId::With(fields.string("with")?.into()),
            None => ConversationId::Room,
        };
        Some(Record::Said(Said {
            place,
            sender: fields.string("sender")?.into(),
            own: truth("own")?,
            text: fields.string("text")?.into(),
            mention: fields.get("mention").is_some(),
            at: time("at")?,
            delivery,
        }))
    }
}

fn state(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Received => "received",
        Delivery::Waiting => "waiting",
        Delivery::Sending => "sending",
        Delivery::Sent => "sent",
        Delivery::Failed(_) => "failed",
    }
}

/// The key of a record.
fn key(time: u64, number: usize, page: &str) -> String {
    [&hexadecimal(time, 12), &hexadecimal(number as u64, 6), page].concat()
}

/// A number in this many digits, so that keys are in the order of their numbers.
fn hexadecimal(mut number: u64, digits: usize) -> String {
    let mut text = Vec::new();
    for _ in 0..digits {
        text.push(char::from_digit((number % 16) as u32, 16).unwrap_or('0'));
        number /= 16;
    }
    text.iter().rev().collect()
}

/// The time and the page in a key; `None` for a key of somebody else's.
fn parts_of(key: &str) -> Option<(u64, &str)> {
    let time = u64::from_str_radix(key.get(..12)?, 16).ok()?;
    key.get(12..18)?
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then_some((time, key.get(18..)?))
}

/// A change to what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A message or a gap is new, or has changed.
    Put(MessageId, Record),
    /// A message is gone.
    Gone(MessageId),
}

/// What to write at once: first what is put, then what is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Keys and records.
    pub put: Vec<(String, String)>,
    /// Keys.
    pub delete: Vec<String>,
}

/// Which records there are, as far as this page knows.
#[derive(Debug, Default)]
pub struct Kept {
    /// The name of this page: none of anybody's has the same.
    page: String,
    /// The time in the newest keys.
    time: u64,
    /// The newest message that has a key.
    newest: MessageId,
    /// Oldest first.
    keys: VecDeque<(MessageId, String)>,
}

impl Kept {
    /// For the page of this name.
    pub fn new(page: String) -> Kept {
        Kept {
            page,
            ..Kept::default()
        }
    }

    /// The page's name.
    pub fn page(&self) -> &str {
        &self.page
    }

    /// Takes up which records there were before, oldest first.
    pub fn took_up(&mut self, keys: Vec<(MessageId, String)>) {
        for (id, key) in keys.into_iter().rev() {
            self.newest = self.newest.max(id);
            self.keys.push_front((id, key));
        }
    }

    /// What to write so that these changes are kept, and no more than [`LIMIT`].
    pub fn batch(&mut self, changes: Vec<Change>, now: Timestamp) -> Batch {
        let mut batch = Batch::default();
        // A clock may be set back; the order stays.
        self.time = now.0.max(self.time + 1);
        for (number, change) in changes.into_iter().enumerate() {
            let (Change::Put(id, _) | Change::Gone(id)) = change;
            batch.delete.extend(self.forget(id));
            if let Change::Put(id, record) = change {
                let key = key(self.time, number, &self.page);
                batch.put.push((key.clone(), record.written()));
                self.newest = self.newest.max(id);
                self.keys.push_back((id, key));
            }
        }
        let surplus = self.keys.len().saturating_sub(LIMIT);
        let oldest = self.keys.drain(..surplus);
        batch.delete.extend(oldest.map(|(_, key)| key));
        batch
    }

    /// What to write when the page is left: until when it heard everything.
    pub fn until(&self, time: Timestamp) -> (String, String) {
        ([UNTIL, &self.page].concat(), time.0.to_string())
    }

    fn forget(&mut self, id: MessageId) -> Option<String> {
        if id > self.newest {
            return None;
        }
        // From the end: what changes is nearly always among the newest.
        let at = self.keys.iter().rposition(|(one, _)| *one == id)?;
        self.keys.remove(at).map(|(_, key)| key)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
