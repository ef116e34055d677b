//! How long a day takes and how bad it gets, and what happens when.

use std::fmt;

use backend::switches::Chaos;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// A day, as far as it can be known before.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    seed: u64,
    /// How many messages are typed, by all together; some more are typed by who is offline.
    messages: usize,
    /// How many things go wrong at least.
    pub(crate) faults: usize,
    /// How many blows the backend gets.
    blows: usize,
    /// Of a thousand requests, and of a thousand messages to a client, so many meet a mishap.
    of_a_thousand: (u32, u32),
}

/// Something that happens to the backend, and so to all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Blow {
    /// All sockets end in the middle of everything.
    Drop,
    /// All connections are half open from then on.
    Silence,
    /// The hub says good-bye.
    Close,
    /// All sessions end before their time.
    Expire,
    /// The backend goes, and comes back.
    Restart,
}

/// What a person does between two messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aside {
    /// Looks at another tab for a while.
    LookAway,
    /// Loses the network, and types all the same.
    Offline,
    /// Sends again what has failed.
    Retry,
    /// Reads further up, and comes back.
    ReadBack,
}

/// All that the backend does.
pub(super) struct Mischief {
    /// By chance.
    pub(super) chaos: Chaos,
    /// After so many messages each.
    pub(super) blows: Vec<(usize, Blow)>,
}

impl Plan {
    /// A day that is over before anybody who waits for tests gets impatient.
    pub(crate) fn short(seed: u64) -> Plan {
        Plan {
            seed,
            messages: 100,
            faults: 10,
            blows: 4,
            of_a_thousand: (30, 8),
        }
    }

    /// A day that takes minutes.
    pub(crate) fn long(seed: u64) -> Plan {
        Plan {
            seed,
            messages: 2_000,
            faults: 100,
            blows: 20,
            of_a_thousand: (15, 6),
        }
    }

    /// What a person does, in this order: what comes before each message, if anything.
    pub(super) fn asides(self, person: usize) -> Vec<Option<Aside>> {
        let mut rng = self.rng(person as u64 + 1);
        let share = self.messages / super::NAMES.len();
        (0..share)
            .map(|_| match rng.random_range(0..100) {
                0..2 => Some(Aside::LookAway),
                2..4 => Some(Aside::Offline),
                4..8 => Some(Aside::Retry),
                8..10 => Some(Aside::ReadBack),
                _ => None,
            })
            .collect()
    }

    /// What the backend does.
    pub(super) fn mischief(self) -> Mischief {
        let mut rng = self.rng(0);
        let each = self.messages / (self.blows + 1);
        let blows = (1..=self.blows).map(|number| {
            let after = number * each + rng.random_range(0..each / 2);
            let blow = match rng.random_range(0..10) {
                // One that nobody learns of before half a minute has passed.
                0..1 => Blow::Silence,
                1..4 => Blow::Drop,
                4..6 => Blow::Close,
                6..8 => Blow::Expire,
                _ => Blow::Restart,
            };
            (after, blow)
        });
        Mischief {
            blows: blows.collect(),
            chaos: self.chaos(0),
        }
    }

    /// What happens by chance after so many restarts.
    pub(super) fn chaos(self, restarts: u64) -> Chaos {
        let (requests, messages) = self.of_a_thousand;
        Chaos {
            seed: self.seed.wrapping_add(restarts),
            requests,
            messages,
        }
    }

    fn rng(self, whose: u64) -> SmallRng {
        SmallRng::seed_from_u64(self.seed.wrapping_mul(31).wrapping_add(whose))
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "A day of {} messages and at least {} faults, with the seed {}",
            self.messages, self.faults, self.seed
        )
    }
}
