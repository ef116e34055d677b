//! What is kept of the chat on this device: when it is read, when it is written, when it goes.

use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{Parts, Session};
use crate::chat::Timestamp;
use crate::chat::history::{Claim, Kept, Past};
use crate::later::{self, Task};
use crate::platform::database::Database;
use crate::platform::lock::{self, IfHeld};
use crate::platform::{clock, random, storage, task};
use crate::ui::words;

/// Where this device remembers that nothing is to be kept.
const PREFERENCE: &str = "chat.history";
const OFF: &str = "off";

/// So many records are read at once: few enough that the page goes on in between.
const CHUNK: u32 = 500;

/// Changes are written together, this long after the first of them.
const SOON: Duration = Duration::from_secs(1);

/// The part of a session that writes.
pub(super) struct Keeping {
    kept: Kept,
    /// Open once everything in it is read.
    base: Option<Rc<Database>>,
    /// A write is about to come.
    soon: bool,
}

impl Session {
    /// True if what is said is to be kept on this device.
    pub(crate) fn has_history(self) -> bool {
        storage::get(storage::local().as_ref(), PREFERENCE).as_deref() != Some(OFF)
    }

    /// Keeps what is said on this device from now on, or forgets all of it and keeps nothing more.
    pub(crate) fn set_history(self, on: bool) {
        let local = storage::local();
        if on {
            storage::remove(local.as_ref(), PREFERENCE);
        } else {
            storage::set(local.as_ref(), PREFERENCE, OFF);
        }
        let (in_chat, keeps) = self
            .parts
            .with_value(|parts| (parts.connection.is_some(), parts.keeping.is_some()));
        if !on {
            self.forget_history();
        } else if in_chat && !keeps {
            self.begin_to_keep();
        }
    }

    /// Keeps nothing more, and forgets what is kept.
    pub(super) fn forget_history(self) {
        let name = self.end_keeping();
        task::spawn(async move {
            // Fails where there is no database.
            let _ = Database::delete(&name).await;
        });
    }

    /// Takes up what earlier pages kept, and keeps what comes.
    pub(super) fn begin_to_keep(self) {
        if !self.has_history() {
            return;
        }
        let page = random::name();
        let name = self.parts.try_update_value(|parts| {
            parts.chat.begin_to_keep();
            parts.keeping = Some(Keeping {
                kept: Kept::new(page.clone()),
                base: None,
                soon: false,
            });
            database_of(parts)
        });
        if let Some(name) = name {
            later::run(Task::TakeUp(self, name, page));
        }
    }

    /// Takes up what earlier pages kept, for the page that keeps under this name in this database.
    pub(crate) fn take_up_kept(self, name: String, page: String) {
        task::spawn(async move {
            if self.take_up(&name, &page).await.is_err() {
                self.cannot_keep(&page);
            }
        });
    }

    async fn take_up(self, name: &str, page: &str) -> Result<(), JsValue> {
        // Tells later pages that this one is still there.
        claim(page).await;
        let base = Database::open(name).await?;
        let mut past = Past::new(&Kept::new(page.to_owned()));
        let mut after = String::new();
        loop {
            let rows = base.read(&after, CHUNK).await?;
            match rows.last() {
                Some((last, _)) => after.clone_from(last),
                None => break,
            }
            for (key, value) in rows {
                past.add(key, value.as_deref());
            }
        }
        let mut claims = Vec::new();
        for page in past.pages_with_unsent() {
            let claim = claim(&page).await;
            claims.push((page, claim));
        }
        if !self.keeps(page) {
            return Ok(());
        }
        let whose = |page: &str| {
            let claim = claims.iter().find(|(one, _)| one == page);
            claim.map_or(Claim::Unknown, |(_, claim)| *claim)
        };
        let mut settled = past.settle(whose, &words::page_closed().into());
        let obsolete = std::mem::take(&mut settled.obsolete);
        let writing = base.write(&[], &obsolete)?;
        let keys = self.change(|chat, _| chat.take_up(settled));
        self.parts.update_value(|parts| {
            if let Some(keeping) = &mut parts.keeping {
                keeping.kept.took_up(keys);
                keeping.base = Some(Rc::new(base));
            }
        });
        self.keep_soon();
        self.send_next();
        writing.await.map(drop)
    }

    /// True if this is the page that keeps, and not one that has ended meanwhile.
    fn keeps(self, page: &str) -> bool {
        self.parts.with_value(|parts| {
            let keeping = parts.keeping.as_ref();
            keeping.is_some_and(|keeping| keeping.kept.page() == page)
        })
    }

    /// Writes soon, with whatever else changes until then.
    pub(super) fn keep_soon(self) {
        let begins = self.parts.try_update_value(|parts| {
            let keeping = parts.keeping.as_mut()?;
            let has_changes = keeping.base.is_some() && parts.chat.has_changes_to_keep();
            (has_changes && !std::mem::replace(&mut keeping.soon, true)).then_some(())
        });
        if begins.flatten().is_some() {
            set_timeout(move || self.keep_now(false), SOON);
        }
    }

    /// Writes what has changed; and, if the page is `left`, until when it heard everything.
    pub(super) fn keep_now(self, left: bool) {
        let base = |parts: &Parts| {
            parts
                .keeping
                .as_ref()
                .is_some_and(|keeping| keeping.base.is_some())
        };
        if self.parts.with_value(base) {
            later::run(Task::Keep(self, left));
        }
    }

    /// The same, where there is something to write to.
    pub(crate) fn write_changes(self, left: bool) {
        let now = Timestamp(clock::now() as u64);
        let begun = self.parts.try_update_value(|parts| {
            let keeping = parts.keeping.as_mut()?;
            keeping.soon = false;
            let base = keeping.base.clone()?;
            let changes = parts.chat.take_changes_to_keep();
            let mut batch = keeping.kept.batch(changes, now);
            let until = parts.chat.heard_until(now).filter(|_| left);
            batch
                .put
                .extend(until.map(|until| keeping.kept.until(until)));
            if batch.put.is_empty() && batch.delete.is_empty() {
                return None;
            }
            let page = keeping.kept.page().to_owned();
            Some((page, base.write(&batch.put, &batch.delete)))
        });
        let Some((page, writing)) = begun.flatten() else {
            return;
        };
        task::spawn(async move {
            let written = match writing {
                Ok(writing) => writing.await,
                Err(error) => Err(error),
            };
            if written.is_err() {
                self.cannot_keep(&page);
            }
        });
    }

    /// The browser keeps nothing, or nothing more. The chat goes on without.
    fn cannot_keep(self, page: &str) {
        if !self.keeps(page) {
            return;
        }
        let was_deleted = self.parts.with_value(|parts| {
            let base = parts
                .keeping
                .as_ref()
                .and_then(|keeping| keeping.base.as_ref());
            base.is_some_and(|base| base.is_gone())
        });
        self.end_keeping();
        // Who had it deleted knows.
        let told = storage::get(storage::session().as_ref(), PREFERENCE).is_some();
        if !was_deleted && !told {
            storage::set(storage::session().as_ref(), PREFERENCE, OFF);
            self.history_lost.set(true);
        }
    }

    /// Keeps nothing more. Returns the name of the database, for what is in it to be deleted.
    pub(super) fn end_keeping(self) -> String {
        let name = self.parts.try_update_value(|parts| {
            parts.chat.end_keeping();
            parts.keeping = None;
            database_of(parts)
        });
        name.unwrap_or_default()
    }
}

/// Each backend and each person has a database of their own.
fn database_of(parts: &Parts) -> String {
    [
        "chat.history ",
        &parts.config.api_base_url,
        " ",
        &parts.user_id,
    ]
    .concat()
}

/// Takes the place of a page for as long as this one lives, unless it is taken.
async fn claim(page: &str) -> Claim {
    let name = ["chat.page ", page].concat();
    let (tell, told) = oneshot::channel();
    let mut tell = Some(tell);
    task::spawn(async move {
        let granted = move |held| {
            if let Some(tell) = tell.take() {
                let _ = tell.send(held);
            }
        };
        // Nothing is told where there are no locks.
        let _ = lock::hold(&name, IfHeld::GiveUp, granted).await;
    });
    match told.await {
        Ok(true) => Claim::Ours,
        Ok(false) => Claim::Theirs,
        Err(_) => Claim::Unknown,
    }
}
