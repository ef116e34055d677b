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

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use leptos::prelude::*;
use web_sys::Event;

use crate::app::attention::Call;
use crate::app::{self, Screen, Session};
use crate::auth::{PostError, WhoAmI};
use crate::chat::{ConversationId, MessageId, Outgoing};
use crate::config::ConfigError;
use crate::diagnosis::Problem;
use crate::language::Language;
use crate::language::table::Table;
use crate::signalr::State;
use crate::ui::composer::Writing;
use crate::ui::part::Part;
use crate::ui::timeline::View;
use crate::ui::{
    announcer, bell, help, notice, person, root, search, settings, switcher, timeline, welcome,
};

pub(crate) use loading::{is_here, run};

/// Something that the second part does. A [`Part`] that goes with it is where it is shown.
pub(crate) enum Task {
    /// Opens the search.
    Search(Session),
    /// Opens the way to another conversation.
    Switch(Session),
    /// Opens the settings.
    Settings(Session),
    /// Opens the sheet that tells the keys.
    Help,
    /// Loads the texts of a language, and has the markup speak it.
    Translate(Language, oneshot::Sender<Option<Table>>),
    /// Speaks another language, if another one is set than is spoken.
    LanguageSet(Session),
    /// Puts what opens over the page there: the steps to a connection.
    Dialogs(Session),
    /// Says what a person can do about another one.
    Person(Session, Part, ConversationId),
    /// Shows what is wrong while there is a chat.
    Notices(Session, Part),
    /// Finds words for why there is no connection.
    Explain(Session, State),
    /// Finds words for why there is no chat.
    CannotBegin(Session, WhoAmI),
    /// Shows them below the title of the sign-in screen.
    Why(Part, Problem),
    /// Shows them on a screen of their own.
    Broken(Session, Part, Screen),
    /// Shows that a setting cannot be used.
    Misconfigured(ConfigError),
    /// Completes what is being typed; true while an input method composes.
    Complete(Writing, bool),
    /// Tells a screen reader what comes.
    Announce(Session, Part),
    /// Makes the button work that asks for notifications.
    Bell(Session, Part),
    /// Takes a suggestion, by its number.
    Choose(Writing, usize),
    /// Does what an event in a timeline asks for.
    InTimeline(Rc<RefCell<View>>, Event),
    /// Brings the message into view that is to be.
    Reveal(Rc<RefCell<View>>),
    /// Sends a message of the chat with this number by a call of the hub.
    Invoke(Session, Outgoing, u32),
    /// Finds words for why a message of the chat with this number was not sent.
    NotSent(Session, MessageId, PostError, u32),
    /// Calls the person, if they have asked for it.
    Call(Session, Call),
    /// Agrees with other pages on which of them calls.
    Lead(Session),
    /// Calls in place of another page.
    TakeOver(Session),
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
            Task::Settings(session) => settings::open(session),
            Task::Help => help::open(),
            Task::Translate(language, tell) => app::translate(language, tell),
            Task::LanguageSet(session) => session.language_changed(),
            Task::Dialogs(session) => root::show_dialogs(session),
            Task::Person(session, place, id) => person::show_menu(session, &place, &id),
            Task::Notices(session, place) => notice::show_notices(session, &place),
            Task::Explain(session, state) => session.explain(state),
            Task::CannotBegin(session, answer) => session.cannot_begin(answer),
            Task::Why(place, problem) => welcome::show_why(&place, problem),
            Task::Broken(session, place, screen) => welcome::show_broken(session, &place, screen),
            Task::Misconfigured(error) => app::misconfigured(&error),
            Task::Complete(writing, composing) => writing.complete(composing),
            Task::Choose(writing, index) => writing.choose(index),
            Task::InTimeline(view, event) => timeline::happened(&view, &event),
            Task::Reveal(view) => timeline::reveal(&view),
            Task::Invoke(session, outgoing, chats) => session.invoke(outgoing, chats),
            Task::NotSent(session, id, error, chats) => session.not_sent(id, error, chats),
            Task::Announce(session, place) => announcer::announce(place, session),
            Task::Bell(session, button) => bell::bell(&button, session),
            Task::Call(session, call) => session.call(call),
            Task::Lead(session) => session.begin_to_lead(),
            Task::TakeOver(session) => session.take_over(),
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
