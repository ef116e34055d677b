//! Tells a screen reader what came.
//!
//! The timeline itself is not live: scrolling back would read the whole past again, and a burst
//! every single message.

use std::cell::RefCell;
use std::rc::Rc;

use super::aloud::{Aloud, Say};
use super::part::{Part, follow};
use super::sidebar::shown_name;
use super::words;
use crate::app::Session;
use crate::chat::Chat;
use crate::chat::name::harmless;
use crate::platform::timer::{self, Interval};

/// How long one sentence has before the next, in milliseconds.
const REST: i32 = 3_000;

/// The most letters of a message that are said: nobody could stop the rest.
const LETTERS: usize = 500;

/// Says in `place` what comes.
pub(crate) fn announce(place: Part, session: Session) {
    let aloud = Rc::new(RefCell::new(Aloud::default()));
    let resting: Rc<RefCell<Option<Interval>>> = Rc::default();
    follow(move || {
        session.read(|_| ());
        let say = aloud.borrow_mut().came(session.take(Chat::take_heard));
        if let Some(say) = say {
            tell(&place, &say);
            let (aloud, place) = (aloud.clone(), place.clone());
            let own = Rc::downgrade(&resting);
            resting.replace(timer::every(REST, move || {
                let say = aloud.borrow_mut().rested();
                if let Some(say) = &say {
                    tell(&place, say);
                } else if let Some(own) = own.upgrade() {
                    own.take();
                }
            }));
        }
    });
}

fn tell(place: &Part, say: &Say) {
    // The same words again are news as well.
    place.text("");
    place.text(&sentence(say));
}

fn sentence(say: &Say) -> String {
    match say {
        Say::Message(spoken) => {
            let text: String = spoken.text.chars().take(LETTERS).collect();
            words::said(
                &shown_name(&spoken.sender),
                &harmless(&text),
                spoken.elsewhere,
            )
        }
        Say::Several(count) => words::new_messages(*count),
    }
}
