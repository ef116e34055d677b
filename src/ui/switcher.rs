//! The quick way to another conversation: a few letters of its name.

use super::part::Part;
use super::picker::{self, Choice, Found};
use super::places::{Place, places};
use super::sidebar::{badge, face_of, mention_badge, name_of, shown_name};
use super::words;
use crate::app::Session;
use crate::chat::{Chat, ConversationId};

/// Opens it.
pub(crate) fn open(session: Session) {
    let find = move |typed: &str| {
        let places = session.peek(|chat| places(chat, typed));
        let words = match places.len() {
            0 => words::nothing_found().to_owned(),
            _ if typed.is_empty() => String::new(),
            count => words::found(count, false),
        };
        let choices = places.into_iter().map(|place| choice(session, place));
        Found {
            choices: choices.collect(),
            words,
        }
    };
    picker::pick(words::switch_to(), Box::new(find));
}

fn choice(session: Session, place: Place) -> Choice {
    let part = Part::copy("place");
    face_of(&part.at(".avatar"), &place.id);
    part.at(".choice-name").text(&name_of(&place.id));
    if let ConversationId::With(name) = &place.id {
        part.at(".choice-note")
            .text(&session.peek(|chat| look_alike(chat, name)));
    }
    mention_badge(&part.at("[data-place=mentions]"), place.mentions);
    badge(&part.at("[data-place=badge]"), place.unread);
    let choose = move || {
        session.open(place.id);
        // Where the conversation was open already, nothing else brings the focus to it.
        if let Some(field) = Part::on_page("#message-box") {
            field.focus();
        }
    };
    Choice {
        part,
        choose: Box::new(choose),
    }
}

/// The warning about a name that can be taken for another; empty for none.
pub(super) fn look_alike(chat: &Chat, name: &str) -> String {
    let other = chat.people().look_alike(name).filter(|_| !chat.is_me(name));
    other.map_or_else(String::new, |other| {
        words::looks_like(&shown_name(&other.name))
    })
}
