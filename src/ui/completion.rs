//! What the composer suggests while a name or an emoji is typed.

use std::sync::Arc;

use super::emoji;
use crate::chat::markup::MAX_NAME;
use crate::chat::name::visible;
use crate::chat::{Chat, fold};
use crate::text;

/// The most suggestions at once.
const MOST: usize = 8;

/// Emoji are suggested from this many letters of a name on: `:D` is none.
const EMOJI_LETTERS: usize = 2;

/// Something that may take the place of what was just typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub what: What,
    /// What is put into the text.
    pub text: String,
    /// How many bytes before the caret it takes the place of.
    pub replaces: usize,
}

/// What a suggestion is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody to mention.
    Person(Arc<str>),
    /// An emoji and its name.
    Emoji(&'static str, &'static str),
}

/// What is suggested where a text ends with `before`, the best first.
pub fn suggestions(before: &str, chat: &Chat) -> Vec<Suggestion> {
    let line = before.rsplit('\n').next().unwrap_or(before);
    if let Some((start, typed)) = line.rsplit_once(':')
        && starts_word(start)
        && typed.len() >= EMOJI_LETTERS
        && typed.chars().all(is_of_emoji)
    {
        let found = emoji::beginning_with(typed, MOST).into_iter();
        let suggestion = |(name, emoji): (&'static str, &'static str)| Suggestion {
            what: What::Emoji(name, emoji),
            text: [emoji, " "].concat(),
            replaces: typed.len() + 1,
        };
        return found.map(suggestion).collect();
    }
    // A name may have blanks in it, and an `@`.
    let signs = line.rmatch_indices('@').take(2);
    for (at, _) in signs {
        if starts_word(text::before(line, at)) {
            let people = people(text::from(line, at + 1), chat);
            if !people.is_empty() {
                return people;
            }
        }
    }
    Vec::new()
}

/// The emoji whose name between two colons ends `before`, in place of it.
pub fn finished(before: &str) -> Option<Suggestion> {
    let (start, name) = before.strip_suffix(':')?.rsplit_once(':')?;
    let emoji = emoji::named(name)?;
    starts_word(start).then(|| Suggestion {
        what: What::Emoji("", emoji),
        text: emoji.to_owned(),
        replaces: name.len() + 2,
    })
}

fn people(typed: &str, chat: &Chat) -> Vec<Suggestion> {
    if typed.len() > MAX_NAME {
        return Vec::new();
    }
    let wanted = fold::folded(typed);
    // What nobody sees in a name would not be seen in the text either.
    let fits = |folded: &str, name: &str| fits(folded, &wanted) && visible(name) == name;
    let people = chat.people().latest().into_iter();
    let people: Vec<_> = people
        .filter(|person| !chat.is_me(&person.name) && fits(&person.folded, &person.name))
        .take(MOST)
        .collect();
    // Nothing is left to be completed.
    if let [only] = people[..]
        && *only.name == *typed
    {
        return Vec::new();
    }
    let suggestion = |name: &Arc<str>| Suggestion {
        what: What::Person(name.clone()),
        text: ["@", name, " "].concat(),
        replaces: typed.len() + 1,
    };
    people.iter().map(|one| suggestion(&one.name)).collect()
}

/// True if a name, or a word of it, begins with what was typed.
fn fits(name: &str, wanted: &str) -> bool {
    let mut words = name.match_indices([' ', '.', '-', '_', '@']);
    name.starts_with(wanted)
        || (!wanted.is_empty()
            && !wanted.contains(' ')
            && words.any(|(at, _)| text::from(name, at + 1).starts_with(wanted)))
}

fn is_of_emoji(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '+' | '-')
}

/// True if a word can begin after `before`.
fn starts_word(before: &str) -> bool {
    !before.ends_with(|c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '/' | '.' | '-' | ':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Incoming, Me, Timestamp};

    fn chat(people: &[&str]) -> Chat {
        let mut chat = Chat::new(Me::User("me".into()), || "name".to_owned());
        for sender in people {
            let incoming = Incoming {
                sender: (*sender).into(),
                text: "hi".into(),
                ..Incoming::default()
            };
            chat.receive(incoming, Timestamp(0));
        }
        chat
    }

    /// What a text ending so would become with each suggestion.
    fn completed(chat: &Chat, before: &str) -> Vec<String> {
        let suggestions = suggestions(before, chat).into_iter();
        let put = |one: Suggestion| {
            let kept = &before[..before.len() - one.replaces];
            [kept, &one.text].concat()
        };
        suggestions.map(put).collect()
    }

    #[test]
    fn a_name_is_completed_from_the_people_seen() {
        let chat = chat(&[
            "bob@contoso.com",
            "Mia Finch",
            "carol",
            "bo\u{200b}b",
            "bert",
        ]);
        for (before, expected) in [
            ("hi @b", &["hi @bert ", "hi @bob@contoso.com "] as &[_]),
            ("@BO", &["@bob@contoso.com "]),
            ("@bob@con", &["@bob@contoso.com "]),
            ("@fin", &["@Mia Finch "]),
            ("x\n(@Mia F", &["x\n(@Mia Finch "]),
            ("@con", &["@bob@contoso.com "]),
            ("@carol", &[]),
            ("@Carol", &["@carol "]),
            ("@me", &[]),
            ("@carol is", &[]),
            ("me@c", &[]),
            ("@c\n", &[]),
        ] {
            assert_eq!(completed(&chat, before), expected, "{before}");
        }
        let all = completed(&chat, "@");
        assert_eq!(
            all,
            ["@bert ", "@carol ", "@Mia Finch ", "@bob@contoso.com "],
            "who spoke last comes first"
        );
    }

    #[test]
    fn no_more_is_suggested_than_can_be_looked_over() {
        let names: Vec<String> = (0..50).map(|number| format!("user {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(completed(&chat(&names), "@user").len(), MOST);
    }

    #[test]
    fn emoji_are_completed_from_two_letters_on() {
        let chat = chat(&["bob"]);
        assert_eq!(completed(&chat, "yes :tad"), ["yes 🎉 "]);
        for before in [":t", "at 10:30", ":D", "a:tada", "::tada", ": tada", ":TA"] {
            assert!(completed(&chat, before).is_empty(), "{before}");
        }
        assert_eq!(finished("yes :tada:").unwrap().text, "🎉");
        assert_eq!(finished("yes :tada:").unwrap().replaces, 6);
        for before in [":tad:", "tada:", "a:tada:", ":tada", "::"] {
            assert_eq!(finished(before), None, "{before}");
        }
    }
}
