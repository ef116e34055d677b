//! Whom this person does not want to hear of, or not even to see.

use std::sync::Arc;

use crate::json::{self, Fields, Json};

/// How much of a person is kept away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// What they say counts as read, and is not announced.
    Mute,
    /// What they say is folded away until somebody asks for it, besides.
    Hide,
}

/// The names of the muted and of the hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    muted: Vec<Arc<str>>,
    hidden: Vec<Arc<str>>,
}

impl Ignored {
    /// Reads what [`Ignored::written`] wrote. What cannot be read names nobody.
    pub fn read(text: &str) -> Ignored {
        let Ok(fields) = Fields::read(text) else {
            return Ignored::default();
        };
        let names = |field: &str| -> Vec<Arc<str>> {
            let items = fields.get(field).and_then(Json::items);
            let names = items.unwrap_or_default().into_iter();
            names.filter_map(Json::string).map(Arc::from).collect()
        };
        Ignored {
            muted: names("muted"),
            hidden: names("hidden"),
        }
    }

    /// All of it as a text, to be kept. Empty if there is nothing to keep.
    pub fn written(&self) -> String {
        if self.muted.is_empty() && self.hidden.is_empty() {
            return String::new();
        }
        let names = |names: &[Arc<str>]| {
            let names: Vec<String> = names.iter().map(|name| json::written(name)).collect();
            names.join(",")
        };
        [
            r#"{"muted":["#,
            &names(&self.muted),
            r#"],"hidden":["#,
            &names(&self.hidden),
            "]}",
        ]
        .concat()
    }

    /// Takes a measure against `name`, or takes it back.
    pub fn set(&mut self, name: &str, measure: Measure, taken: bool) {
        let names = match measure {
            Measure::Mute => &mut self.muted,
            Measure::Hide => &mut self.hidden,
        };
        names.retain(|known| **known != *name);
        if taken {
            names.push(name.into());
        }
    }

    /// True if this measure was taken against `name`.
    pub fn has(&self, name: &str, measure: Measure) -> bool {
        let names = match measure {
            Measure::Mute => &self.muted,
            Measure::Hide => &self.hidden,
        };
        names.iter().any(|known| **known == *name)
    }

    /// True if nothing is to be heard of `name`.
    pub fn is_quiet(&self, name: &str) -> bool {
        self.has(name, Measure::Mute) || self.has(name, Measure::Hide)
    }

    /// Everybody against whom a measure was taken.
    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        let hidden_only = self.hidden.iter();
        self.muted
            .iter()
            .chain(hidden_only.filter(|name| !self.has(name, Measure::Mute)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_taken_and_taken_back() {
        let mut ignored = Ignored::default();
        ignored.set("bob", Measure::Mute, true);
        ignored.set("carol", Measure::Hide, true);
        ignored.set("bob", Measure::Hide, true);
        ignored.set("bob", Measure::Hide, true);
        let names: Vec<&str> = ignored.names().map(AsRef::as_ref).collect();
        assert_eq!(names, ["bob", "carol"]);
        assert!(ignored.is_quiet("bob") && ignored.is_quiet("carol"));
        assert!(!ignored.has("carol", Measure::Mute));
        assert!(!ignored.is_quiet("Bob"), "names differ in their case");
        ignored.set("bob", Measure::Hide, false);
        assert!(!ignored.has("bob", Measure::Hide) && ignored.has("bob", Measure::Mute));
        ignored.set("bob", Measure::Mute, false);
        ignored.set("carol", Measure::Hide, false);
        assert_eq!(ignored, Ignored::default());
    }

    #[test]
    fn it_is_kept_as_text_and_what_is_no_such_text_names_nobody() {
        let mut ignored = Ignored::default();
        assert_eq!(ignored.written(), "");
        ignored.set("bob \"the\" builder", Measure::Mute, true);
        ignored.set("李雷\n", Measure::Hide, true);
        ignored.set("eve", Measure::Hide, true);
        assert_eq!(Ignored::read(&ignored.written()), ignored);
        for text in ["", "null", "[]", "{}", r#"{"muted":7,"hidden":{}}"#, "{"] {
            assert_eq!(Ignored::read(text), Ignored::default(), "{text}");
        }
        assert!(Ignored::read(r#"{"muted":[1,"bob"]}"#).is_quiet("bob"));
    }
}
