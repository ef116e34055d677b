//! The second part of the app: what nobody needs before the first message.
//!
//! | module | is for |
//! |---|---|
//! | `door` | the one way from the first part into the second; and the second part's own end of it |
//! | `loading` | fetching the second part, and what is said when it does not come |
//!
//! `cargo xtask dist` cuts the linked module in two: what only [`Task::carry_out`] reaches goes into
//! a module of its own, with its texts. So a thing moves into the second part by being called from
//! there and from nowhere else; `cargo xtask size` shows what came of it. Any other build is one
//! module, in which everything is there at once.

mod door;
mod loading;

use leptos::prelude::*;

use crate::app::{Session, Trail};
use crate::ui::{details, search, switcher};

pub(crate) use loading::run;

/// Something that the second part does.
pub(crate) enum Task {
    /// Opens the search.
    Search(Session),
    /// Opens the way to another conversation.
    Switch(Session),
    /// Shows the steps to a connection from now on, whenever they are asked for.
    Details(Trail),
    /// Takes up what earlier pages kept in this database; the name is the one of this page there.
    TakeUp(Session, String, String),
    /// Writes what has changed, and whether the page is left.
    Keep(Session, bool),
}

impl Task {
    fn carry_out(self) {
        match self {
            Task::Search(session) => search::open(session),
            Task::Switch(session) => switcher::open(session),
            Task::Details(trail) => details::mount(trail),
            Task::TakeUp(session, base, page) => session.take_up_kept(base, page),
            Task::Keep(session, left) => session.write_changes(left),
        }
    }
}

/// A task, and the component that it belongs to: what follows something there ends with that.
struct Owned {
    task: Task,
    owner: Option<Owner>,
}

impl Owned {
    fn new(task: Task) -> Owned {
        let owner = Owner::current();
        Owned { task, owner }
    }

    fn carry_out(self) {
        match self.owner {
            Some(owner) => owner.with(|| self.task.carry_out()),
            None => self.task.carry_out(),
        }
    }
}
