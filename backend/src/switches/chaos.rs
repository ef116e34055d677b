//! Chaos: mishaps of every kind, from one seed.
//!
//! What happens to the tenth request of a kind depends on the seed, the kind and the ten alone, so
//! that a run can be done again however its requests fall between each other.

use std::hash::{DefaultHasher, Hash, Hasher};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::fault::{Answer, Fault, Outcome, Step};

/// How much goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Chaos {
    /// Where all of it comes from.
    pub seed: u64,
    /// How many of a thousand requests meet a mishap.
    #[serde(default)]
    pub requests: u32,
    /// How many of a thousand messages to a client do.
    #[serde(default)]
    pub messages: u32,
}

/// What may happen to a message to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// Its transport ends instead.
    Drop,
    /// Neither it nor anything after it comes.
    Silence,
    /// It comes twice.
    Twice,
    /// It comes in two pieces.
    Split,
}

/// The statuses of a service that is busy, ill, or has forgotten who asks.
const STATUSES: [u16; 5] = [401, 429, 500, 502, 503];

/// The longest that chaos delays a request, in milliseconds.
const LONGEST: u64 = 500;

/// Counts what has come, and says what becomes of it.
#[derive(Default)]
pub(super) struct Dice {
    /// What it is thrown for. Another begins anew.
    chaos: Option<Chaos>,
    /// How many requests there were of each step, in the order of [`Step`].
    requests: [u64; Step::ALL.len()],
    messages: u64,
    /// How many mishaps there were, of whatever chaos.
    struck: usize,
}

impl Dice {
    /// How many requests and messages have met a mishap.
    pub(super) fn struck(&self) -> usize {
        self.struck
    }

    /// What the next request at a step meets.
    pub(super) fn request(&mut self, chaos: Chaos, at: Step) -> Option<Fault> {
        self.begin(chaos);
        let place = Step::ALL.iter().position(|step| *step == at)?;
        self.requests[place] += 1;
        let mut rng = rng(chaos.seed, place, self.requests[place]);
        if !rng.random_ratio(chaos.requests.min(1000), 1000) {
            return None;
        }
        self.struck += 1;
        let delay = Fault {
            delay: rng.random_range(1..=LONGEST),
            ..Fault::then(at, Outcome::Pass)
        };
        // Who somebody is, and that they go on being it, is only ever late: else this would try
        // signing in, and nothing else any more.
        if matches!(at, Step::Me | Step::Refresh) {
            return Some(delay);
        }
        Some(match rng.random_range(0..4) {
            0 => delay,
            1 => Fault::then(at, Outcome::DropBefore),
            2 => Fault::then(at, Outcome::DropAfter),
            _ => {
                let status = STATUSES[rng.random_range(0..STATUSES.len())];
                let answer = Answer {
                    status,
                    retry_after: (status == 429 && rng.random()).then_some(1),
                    content_type: None,
                    body: String::new(),
                };
                Fault::then(at, Outcome::Answer(answer))
            }
        })
    }

    /// What the next message to a client meets.
    pub(super) fn message(&mut self, chaos: Chaos) -> Option<Mishap> {
        self.begin(chaos);
        self.messages += 1;
        let mut rng = rng(chaos.seed, Step::ALL.len(), self.messages);
        let happens = rng.random_ratio(chaos.messages.min(1000), 1000);
        self.struck += usize::from(happens);
        happens.then(|| match rng.random_range(0..4) {
            0 => Mishap::Drop,
            1 => Mishap::Silence,
            2 => Mishap::Twice,
            _ => Mishap::Split,
        })
    }

    fn begin(&mut self, chaos: Chaos) {
        if self.chaos != Some(chaos) {
            *self = Dice {
                chaos: Some(chaos),
                struck: self.struck,
                ..Dice::default()
            };
        }
    }
}

fn rng(seed: u64, kind: usize, number: u64) -> StdRng {
    let mut hasher = DefaultHasher::new();
    (seed, kind, number).hash(&mut hasher);
    StdRng::seed_from_u64(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chaos(seed: u64, of_a_thousand: u32) -> Chaos {
        Chaos {
            seed,
            requests: of_a_thousand,
            messages: of_a_thousand,
        }
    }

    #[test]
    fn the_same_seed_does_the_same_whatever_comes_between() {
        let chaos = chaos(7, 300);
        let (mut one, mut other) = (Dice::default(), Dice::default());
        let alone: Vec<_> = (0..200)
            .map(|_| one.request(chaos, Step::Messages))
            .collect();
        let between: Vec<_> = (0..200)
            .map(|_| {
                other.message(chaos);
                other.request(chaos, Step::Negotiate);
                other.request(chaos, Step::Messages)
            })
            .collect();
        assert_eq!(alone, between);
        let happened = alone.iter().flatten().count();
        assert!((30..90).contains(&happened), "{happened} of 200");
        let elsewhere = Chaos { seed: 8, ..chaos };
        let elsewhere: Vec<_> = (0..200)
            .map(|_| other.request(elsewhere, Step::Messages))
            .collect();
        assert_ne!(alone, elsewhere);
    }

    #[test]
    fn everything_happens_or_nothing() {
        let mut dice = Dice::default();
        for _ in 0..100 {
            assert_eq!(dice.request(chaos(1, 0), Step::Messages), None);
            assert_eq!(dice.message(chaos(1, 0)), None);
        }
        let always = chaos(1, 1000);
        assert_eq!(dice.struck(), 0);
        let mishaps: Vec<_> = (0..100).filter_map(|_| dice.message(always)).collect();
        assert_eq!((mishaps.len(), dice.struck()), (100, 100));
        for mishap in [Mishap::Drop, Mishap::Silence, Mishap::Twice, Mishap::Split] {
            assert!(mishaps.contains(&mishap), "{mishap:?}");
        }
        let faults: Vec<_> = (0..200)
            .filter_map(|_| dice.request(always, Step::Messages))
            .collect();
        for status in STATUSES {
            assert!(
                faults.iter().any(|fault| matches!(
                    &fault.then,
                    Outcome::Answer(answer) if answer.status == status
                )),
                "{status}"
            );
        }
        for outcome in [Outcome::Pass, Outcome::DropBefore, Outcome::DropAfter] {
            assert!(faults.iter().any(|fault| fault.then == outcome));
        }
        for step in [Step::Me, Step::Refresh] {
            let fault = dice.request(always, step).expect("it is late");
            assert!(fault.then == Outcome::Pass && fault.delay > 0);
        }
    }
}
