//! Who was seen here: whoever said something.

use std::sync::Arc;

use super::fold::folded;
use super::name::skeleton;

/// The most people that are remembered, so that a flood of names cannot fill the memory.
const CAPACITY: usize = 4096;

/// A longer name, in bytes, is shown like every other, and not remembered.
const MAX_NAME: usize = 256;

/// Somebody who was seen.
#[derive(Clone, Debug)]
pub struct Person {
    /// The user name, letter by letter.
    pub name: Arc<str>,
    /// It, without regard to case.
    pub folded: String,
    /// What it looks like.
    skeleton: String,
    /// When they were first and last seen, among all that was seen.
    first: u64,
    last: u64,
}

/// The people seen.
#[derive(Debug)]
pub struct People {
    /// Ordered by [`Person::folded`], and by name where that is the same.
    all: Vec<Person>,
    seen: u64,
    normal: fn(&str) -> String,
}

impl Default for People {
    fn default() -> People {
        People {
            all: Vec::new(),
            seen: 0,
            normal: str::to_owned,
        }
    }
}

impl People {
    /// Brings names into the form NFKC with `normal` before they are compared by their looks. A
    /// browser has the tables for that.
    pub(super) fn normalize_with(&mut self, normal: fn(&str) -> String) {
        self.normal = normal;
        for person in &mut self.all {
            person.skeleton = skeleton(&normal(&person.name));
        }
    }

    /// Somebody said something.
    pub(super) fn see(&mut self, name: &Arc<str>) {
        if name.is_empty() || name.len() > MAX_NAME {
            return;
        }
        self.seen += 1;
        let folded = folded(name);
        match self.place(&folded, name) {
            Ok(index) => self.all[index].last = self.seen,
            Err(index) => {
                let person = Person {
                    name: name.clone(),
                    folded,
                    skeleton: skeleton(&(self.normal)(name)),
                    first: self.seen,
                    last: self.seen,
                };
                self.all.insert(index, person);
                self.forget_some();
            }
        }
    }

    /// Forgets those who were not seen for the longest time, half of them at once.
    fn forget_some(&mut self) {
        if self.all.len() <= CAPACITY {
            return;
        }
        let mut times: Vec<u64> = self.all.iter().map(|person| person.last).collect();
        times.sort_unstable();
        let middle = times[times.len() / 2];
        self.all.retain(|person| person.last >= middle);
    }

    fn place(&self, folded: &str, name: &str) -> Result<usize, usize> {
        self.all.binary_search_by(|person| {
            let key = (person.folded.as_str(), &*person.name);
            key.cmp(&(folded, name))
        })
    }

    /// Somebody who is called `name`, whatever its case; first of all who is called exactly so.
    pub fn find(&self, name: &str) -> Option<&Person> {
        let folded = folded(name);
        let index = self
            .place(&folded, name)
            .unwrap_or_else(|_| self.all.partition_point(|person| *person.folded < *folded));
        self.all.get(index).filter(|person| person.folded == folded)
    }

    /// Somebody else whose name looks like `name`; of several the one who was here first.
    pub fn look_alike(&self, name: &str) -> Option<&Person> {
        let looks = match self.place(&folded(name), name) {
            Ok(index) => &self.all[index].skeleton,
            Err(_) => &skeleton(&(self.normal)(name)),
        };
        self.all
            .iter()
            .filter(|person| person.skeleton == *looks && *person.name != *name)
            .min_by_key(|person| person.first)
    }

    /// Everybody, those who spoke last first.
    pub fn latest(&self) -> Vec<&Person> {
        let mut people: Vec<&Person> = self.all.iter().collect();
        people.sort_unstable_by_key(|person| std::cmp::Reverse(person.last));
        people
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(names: &[&str]) -> People {
        let mut people = People::default();
        for name in names {
            people.see(&(*name).into());
        }
        people
    }

    #[test]
    fn who_spoke_last_comes_first() {
        let people = people(&["bob", "carol", "dave", "bob", ""]);
        let latest: Vec<&str> = people.latest().iter().map(|one| &*one.name).collect();
        assert_eq!(latest, ["bob", "dave", "carol"]);
    }

    #[test]
    fn a_name_is_found_whatever_its_case() {
        let people = people(&["Bob", "bob", "CAROL"]);
        let found = |name| people.find(name).map(|person| &*person.name);
        assert_eq!(found("bob"), Some("bob"));
        assert_eq!(found("Bob"), Some("Bob"));
        assert_eq!(found("BOB"), Some("Bob"), "one of them");
        assert_eq!(found("carol"), Some("CAROL"));
        assert_eq!(found("car"), None);
        assert_eq!(found("zoe"), None);
    }

    #[test]
    fn names_that_can_be_taken_for_each_other_are_told() {
        let mut people = people(&["alice", "bob", "аlice", "Alice"]);
        let like = |people: &People, name| people.look_alike(name).map(|one| one.name.to_string());
        assert_eq!(like(&people, "аlice").as_deref(), Some("alice"));
        assert_eq!(like(&people, "alice").as_deref(), Some("аlice"));
        assert_eq!(like(&people, "Alice").as_deref(), Some("alice"));
        assert_eq!(like(&people, "bob"), None);
        assert_eq!(like(&people, "B0b").as_deref(), Some("bob"), "never seen");
        // Where only the compatibility form shows it.
        people.see(&"ａｌｉｃｅ".into());
        assert_eq!(like(&people, "ａｌｉｃｅ"), None);
        people.normalize_with(|name| name.replace("ａｌｉｃｅ", "alice"));
        assert_eq!(like(&people, "ａｌｉｃｅ").as_deref(), Some("alice"));
    }

    #[test]
    fn a_flood_of_names_does_not_grow_without_bound() {
        let mut people = People::default();
        for number in 0..3 * CAPACITY {
            people.see(&number.to_string().into());
            people.see(&"bob".into());
        }
        people.see(&"x".repeat(MAX_NAME + 1).into());
        assert!(people.all.len() <= CAPACITY);
        assert!(people.find("bob").is_some(), "they talk all the time");
        assert!(people.all.is_sorted_by_key(|person| &person.folded));
    }
}
