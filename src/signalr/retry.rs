//! When to try again.

use super::Millis;

/// A policy of growing, random delays without an end.
///
/// The delay before try `n` (counted from 0) is drawn evenly from 0 to `base * 2^n`, at most
/// `cap`: "full jitter", so that a thousand clients that lost one server do not come back in one
/// moment, and the first try is nearly always quick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The longest first delay, in milliseconds.
    pub base: Millis,
    /// The longest delay of all, in milliseconds.
    pub cap: Millis,
}

impl Default for Retry {
    /// Up to a second before the first try, and up to half a minute before any other.
    fn default() -> Retry {
        Retry {
            base: 1_000,
            cap: 30_000,
        }
    }
}

impl Retry {
    /// The delay before the next try, after `tries` that failed.
    pub(super) fn delay(self, tries: u32, random: &mut Random) -> Millis {
        let most = self.base.saturating_mul(1 << tries.min(30)).min(self.cap);
        random.up_to(most)
    }
}

/// A source of numbers that look random (xorshift64*). Not for secrets.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        // The generator stays at zero for ever if it starts there.
        Random(seed | 1)
    }

    /// A number from 0 to `most`, both included.
    pub(super) fn up_to(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11;
        drawn % (most + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_the_cap_and_are_spread_over_it() {
        let retry = Retry::default();
        let mut random = Random::new(7);
        for (tries, most) in [
            (0, 1_000),
            (1, 2_000),
            (4, 16_000),
            (5, 30_000),
            (500, 30_000),
        ] {
            let delays: Vec<Millis> = (0..1_000)
                .map(|_| retry.delay(tries, &mut random))
                .collect();
            assert!(delays.iter().all(|delay| *delay <= most));
            assert!(
                delays.iter().any(|delay| *delay < most / 10),
                "some are short"
            );
            assert!(
                delays.iter().any(|delay| *delay > most - most / 10),
                "some are long"
            );
        }
    }
}
