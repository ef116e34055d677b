//! Finding what was said, in all that this page holds.

use super::part::Part;
use super::picker::{self, Choice, Found};
use super::sidebar::{face, name_of, shown_name};
use super::words;
use crate::app::Session;
use crate::chat::search::{Hit, search};
use crate::platform::clock;

/// The most messages that are shown.
const MOST: usize = 50;

/// Opens the search.
pub(crate) fn open(session: Session) {
    let find = move |typed: &str| {
        // One more than is shown tells whether there are others.
        let mut hits = session.peek(|chat| search(chat, typed, MOST + 1));
        let more = hits.len() > MOST;
        hits.truncate(MOST);
        let words = match typed.trim() {
            "" => words::search_hint().to_owned(),
            _ => words::found(hits.len(), more),
        };
        let choices = hits.into_iter().map(|hit| choice(session, &hit));
        Found {
            choices: choices.collect(),
            words,
        }
    };
    picker::pick(words::search(), Box::new(find));
}

fn choice(session: Session, hit: &Hit) -> Choice {
    let (part, message) = (Part::copy("hit"), &hit.message);
    face(&part.at(".avatar"), &message.sender);
    part.at(".choice-name").text(&shown_name(&message.sender));
    part.at(".choice-note").text(&name_of(&hit.place));
    let (time, at) = (part.at("time"), message.at.0 as f64);
    time.set("datetime", &clock::iso(at));
    time.text(&clock::short(at));
    let [before, found, after] = hit.excerpt();
    part.at(".hit-text span").text(&before);
    part.at("mark").text(&found);
    part.at("mark + span").text(&after);
    let id = message.id;
    Choice {
        part,
        choose: Box::new(move || session.reveal(id)),
    }
}
