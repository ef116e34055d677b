//! Where the switcher may lead: the room, conversations, and people to write to.

use super::words;
use crate::chat::{Chat, Conversation, ConversationId, fold};
use crate::order::by_key;
use crate::text;

/// The most places at once.
const MOST: usize = 12;

/// A place to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which conversation. One with somebody who was only seen is new.
    pub id: ConversationId,
    /// How many messages are unread there.
    pub unread: usize,
    /// How many of those name this person.
    pub mentions: usize,
}

/// The places whose name fits `typed`, the best first. With nothing typed, those with unread
/// messages come first, and the open one is left out.
pub fn places(chat: &Chat, typed: &str) -> Vec<Place> {
    let wanted = fold::folded(typed.trim());
    let mut ranked: Vec<(u32, Place)> = Vec::new();
    let mut add = |place: Place| {
        let name = fold::folded(name(&place.id));
        let rank = match wanted.is_empty() {
            true if place.id == chat.open().id => None,
            true => Some(u32::from(place.unread == 0)),
            false => rank(&name, &wanted),
        };
        ranked.extend(rank.map(|rank| (rank, place)));
    };
    for conversation in std::iter::once(chat.room()).chain(chat.private()) {
        add(Place::of(conversation));
    }
    let seen = chat.people().latest().into_iter().map(|one| &one.name);
    for name in seen.chain(chat.ignored().names()) {
        let id = ConversationId::With(name.clone());
        let is_new = chat.conversation(&id).is_none();
        if is_new && !chat.is_me(name) && chat.can_write_to(name) {
            add(Place {
                id,
                unread: 0,
                mentions: 0,
            });
        }
    }
    // Of places that fit equally well the one where something was said last comes first.
    let ranked = by_key(ranked, |(rank, _)| (u64::from(*rank), 0));
    let mut places: Vec<Place> = Vec::new();
    for (_, place) in ranked {
        // Somebody who is ignored may have been seen too.
        if places.len() < MOST && !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

impl Place {
    fn of(conversation: &Conversation) -> Place {
        Place {
            id: conversation.id.clone(),
            unread: conversation.unread,
            mentions: conversation.mentions,
        }
    }
}

fn name(id: &ConversationId) -> &str {
    match id {
        ConversationId::Room => words::room(),
        ConversationId::With(name) => name,
    }
}

/// How well a name fits, less being better: it begins so, a word of it does, it has it within, or it
/// has all its letters in this order.
fn rank(name: &str, wanted: &str) -> Option<u32> {
    let mut places = name.char_indices().map(|(at, _)| at);
    let Some(at) = places.find(|at| text::from(name, *at).starts_with(wanted)) else {
        return in_order(name, wanted).map(|skipped| 1000 + skipped);
    };
    let is_letter = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
    Some(match at {
        0 if name.len() == wanted.len() => 0,
        0 => 1,
        _ if !text::before(name, at).ends_with(is_letter) => 2,
        _ => 3,
    })
}

/// How many letters of `name` stand between those of `wanted`.
fn in_order(name: &str, wanted: &str) -> Option<u32> {
    let mut letters = name.chars();
    let mut skipped = 0;
    for letter in wanted.chars().filter(|c| *c != ' ') {
        while letters.next()? != letter {
            skipped += 1;
        }
    }
    Some(skipped)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::chat::{Incoming, Me, Measure, Timestamp};

    fn chat(me: Me, said: &[(&str, bool)]) -> Chat {
        let mut chat = Chat::new(me, || "name".to_owned());
        for (sender, private) in said {
            let incoming = Incoming {
                sender: (*sender).into(),
                text: "hi".into(),
                private: *private,
                ..Incoming::default()
            };
            chat.receive(incoming, Timestamp(0));
        }
        chat
    }

    fn alice(said: &[(&str, bool)]) -> Chat {
        chat(Me::User("alice".into()), said)
    }

    fn found(chat: &Chat, typed: &str) -> Vec<Arc<str>> {
        let places = places(chat, typed).into_iter();
        places.map(|place| name(&place.id).into()).collect()
    }

    fn check(chat: &Chat, typed: &str, expected: &[&str]) {
        let found = found(chat, typed);
        let found: Vec<&str> = found.iter().map(AsRef::as_ref).collect();
        assert_eq!(found, expected, "{typed}");
    }

    #[test]
    fn with_nothing_typed_what_is_unread_comes_first() {
        let mut chat = alice(&[
            ("bob", true),
            ("carol", true),
            ("dave", false),
            ("alice", false),
        ]);
        check(&chat, "", &["carol", "bob", "dave"]);
        chat.open_conversation(ConversationId::With("carol".into()));
        check(&chat, " ", &["bob", words::room(), "dave"]);
        assert_eq!(places(&chat, "")[0].unread, 1);
    }

    #[test]
    fn the_name_that_fits_best_comes_first() {
        let chat = alice(&[
            ("Bartholomew", false),
            ("rob", false),
            ("bo", false),
            ("jim bob", false),
            ("Bob", false),
        ]);
        check(&chat, "bo", &["bo", "Bob", "jim bob", "Bartholomew"]);
        check(&chat, "BRT", &["Bartholomew"]);
        check(&chat, "j b", &["jim bob"]);
        check(&chat, "ever", &[words::room()]);
        check(&chat, "zzz", &[]);
    }

    #[test]
    fn nobody_is_offered_who_cannot_be_written_to() {
        check(&chat(Me::Anonymous, &[("bob", false)]), "", &[]);
        check(
            &chat(Me::Anonymous, &[("bob", false)]),
            "e",
            &[words::room()],
        );
    }

    #[test]
    fn somebody_who_is_ignored_can_be_found_before_they_say_a_word() {
        let mut chat = alice(&[("bob", false)]);
        chat.ignore("eve", Measure::Hide, true);
        chat.ignore("bob", Measure::Mute, true);
        check(&chat, "", &["bob", "eve"]);
    }
}
