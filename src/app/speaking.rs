//! The language that the page speaks: chosen here, loaded, and told to whatever writes texts.

use futures_channel::oneshot;
use leptos::prelude::*;

use super::Session;
use super::link;
use crate::language::table::{self, Table, write_numbers};
use crate::language::{Choice, Language};
use crate::later::{self, Task};
use crate::platform::{clock, language, storage, task};
use crate::ui::templates;

/// Where this device remembers what the person wants.
const KEPT: &str = "chat.language";

/// What the person has set.
pub(crate) fn choice() -> Choice {
    Choice::of(storage::get(storage::local().as_ref(), KEPT).as_deref())
}

/// Speaks the language that the person has set, or that their browser asks for: English where the
/// texts of that cannot be had. Returns what is spoken; `None` if something else is wanted by now.
pub(super) async fn speak(at_start: bool) -> Option<Language> {
    let asked = language::asked();
    let wanted = choice().language(&asked);
    // English stands in the page already.
    let is_there = at_start && wanted == Language::English;
    let table = match is_there {
        true => None,
        false => load(wanted).await,
    };
    let spoken = table.map_or(Language::English, |_| wanted);
    if choice().language(&asked) != wanted {
        return None;
    }
    table::speak(table);
    write_numbers(clock::number);
    clock::speak(spoken.locale(&asked));
    language::tell(spoken.tag(), spoken.direction());
    Some(spoken)
}

async fn load(wanted: Language) -> Option<Table> {
    let (tell, told) = oneshot::channel();
    later::run(Task::Translate(wanted, tell));
    told.await.ok().flatten()
}

/// Loads the texts of a language, and has the markup speak it, if it is still wanted then.
pub(crate) fn translate(wanted: Language, tell: oneshot::Sender<Option<Table>>) {
    task::spawn(async move {
        let table = match wanted {
            Language::English => None,
            other => {
                let file = language::texts(other.tag()).await;
                file.and_then(|file| Table::read(&file))
            }
        };
        if choice().language(&language::asked()) == wanted {
            templates::speak(table);
        }
        // Fails if nobody waits any more.
        let _ = tell.send(table);
    });
}

impl Session {
    /// Speaks this language from now on, and when the page is loaded again. What is typed stays.
    pub(crate) fn set_language(self, choice: Choice) {
        let local = storage::local();
        match choice.kept() {
            None => storage::remove(local.as_ref(), KEPT),
            Some(tag) => drop(storage::set(local.as_ref(), KEPT, tag)),
        }
        self.language_changed();
    }

    /// What is set may be another than what is spoken.
    pub(crate) fn language_changed(self) {
        task::spawn(async move {
            let before = self.language.get_untracked();
            let Some(spoken) = speak(false).await else {
                return;
            };
            if spoken == before {
                return;
            }
            if let Some(connection) = self.connection() {
                // What is wrong with it was put into words before.
                let state = connection.state();
                if link::reason(&state).is_some() {
                    later::run(Task::Explain(self, state));
                }
            }
            self.language.set(spoken);
        });
    }
}
