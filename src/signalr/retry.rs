//! When to try again.

use super::Millis;

use std::fmt;
use std::rc::Rc;

use super::error::Error;

/// What a policy is told when it decides about the next try.
///
/// ```
/// use std::rc::Rc;
///
/// use serverless_chat::signalr::retry::{Outage, Retry};
///
/// // For two minutes, and only as long as it can help.
/// let policy = |outage: &Outage<'_>| {
///     (outage.elapsed < 120_000 && outage.reason.is_retryable()).then_some(1_000)
/// };
/// let retry = Retry::Custom(Rc::new(policy));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Outage<'a> {
    /// How many tries failed since the connection was lost, or since the start.
    pub failed: u32,
    /// Milliseconds since the connection was lost, or since the start.
    pub elapsed: Millis,
    /// What ended the last try, or the connection.
    pub reason: &'a Error,
}

/// A policy of an application's own: the delay before the next try, in milliseconds; `None` ends
/// trying.
///
/// ```
/// use std::rc::Rc;
///
/// use serverless_chat::signalr::retry::{Policy, Retry};
///
/// let policy: Rc<Policy> = Rc::new(|outage| (outage.failed < 3).then_some(500));
/// let retry = Retry::Custom(policy);
/// ```
pub type Policy = dyn Fn(&Outage<'_>) -> Option<Millis>;

/// When to try again.
///
/// ```
/// use serverless_chat::signalr::Retry;
///
/// let patient = Retry::Jitter { base: 1_000, cap: 60_000 };
/// let twice = Retry::Delays([0, 5_000].into());
/// ```
#[derive(Clone)]
pub enum Retry {
    /// Never.
    Never,
    /// After growing, random delays without an end.
    ///
    /// The delay before try `n` (counted from 0) is drawn evenly from 0 to `base * 2^n`, at most
    /// `cap`: "full jitter", so that a thousand clients that lost one server do not come back in one
    /// moment, and the first try is nearly always quick.
    Jitter {
        /// The longest first delay, in milliseconds.
        base: Millis,
        /// The longest delay of all, in milliseconds.
        cap: Millis,
    },
    /// After each of these delays, in milliseconds, and then no more.
    Delays(Rc<[Millis]>),
    /// After the delay that a function gives, in milliseconds; `None` ends trying.
    Custom(Rc<Policy>),
}

impl Default for Retry {
    /// Up to a second before the first try, and up to half a minute before any other.
    fn default() -> Retry {
        Retry::Jitter {
            base: 1_000,
            cap: LONGEST,
        }
    }
}

/// The longest delay where a policy names none, in milliseconds.
pub(super) const LONGEST: Millis = 30_000;

impl Retry {
    /// The delays of the TypeScript client's automatic reconnect: 0, 2, 10 and 30 seconds.
    ///
    /// ```
    /// use serverless_chat::signalr::Retry;
    ///
    /// assert!(matches!(Retry::four_times(), Retry::Delays(delays) if delays.len() == 4));
    /// ```
    pub fn four_times() -> Retry {
        Retry::Delays([0, 2_000, 10_000, 30_000].into())
    }

    /// The delay before the next try; `None` ends trying.
    ///
    /// A server that has too many clients, or that sent this one away, is given time: `crowded`
    /// spreads the tries over the whole range, where the policy leaves the choice to chance.
    pub(super) fn delay(
        &self,
        outage: &Outage<'_>,
        crowded: bool,
        random: &mut Random,
    ) -> Option<Millis> {
        match self {
            Retry::Never => None,
            Retry::Jitter { cap, .. } if crowded => Some(cap / 4 + random.up_to(cap * 3 / 4)),
            Retry::Jitter { base, cap } => {
                let most = base.saturating_mul(1 << outage.failed.min(30)).min(*cap);
                Some(random.up_to(most))
            }
            Retry::Delays(delays) => delays.get(outage.failed as usize).copied(),
            Retry::Custom(decide) => decide(outage),
        }
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Retry::Never => formatter.write_str("Never"),
            Retry::Jitter { base, cap } => write!(formatter, "Jitter({base}, {cap})"),
            Retry::Delays(delays) => write!(formatter, "Delays({delays:?})"),
            Retry::Custom(_) => formatter.write_str("Custom"),
        }
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

    fn delay(retry: &Retry, failed: u32, crowded: bool, random: &mut Random) -> Option<Millis> {
        let outage = Outage {
            failed,
            elapsed: 0,
            reason: &Error::Ended,
        };
        retry.delay(&outage, crowded, random)
    }

    #[test]
    fn delays_grow_to_the_cap_and_are_spread_over_it() {
        let retry = Retry::default();
        let mut random = Random::new(7);
        for (failed, crowded, least, most) in [
            (0, false, 0, 1_000),
            (1, false, 0, 2_000),
            (4, false, 0, 16_000),
            (5, false, 0, 30_000),
            (500, false, 0, 30_000),
            (0, true, 7_500, 30_000),
        ] {
            let delays: Vec<Millis> = (0..1_000)
                .filter_map(|_| delay(&retry, failed, crowded, &mut random))
                .collect();
            assert_eq!(delays.len(), 1_000);
            assert!(delays.iter().all(|delay| (least..=most).contains(delay)));
            let tenth = (most - least) / 10;
            assert!(delays.iter().any(|delay| *delay < least + tenth));
            assert!(delays.iter().any(|delay| *delay > most - tenth));
        }
    }

    /// HCB-32 to HCB-34.
    #[test]
    fn a_list_ends_and_a_function_decides_by_itself() {
        let random = &mut Random::new(1);
        let list = Retry::four_times();
        let delays: Vec<_> = (0..5).map(|n| delay(&list, n, true, random)).collect();
        assert_eq!(
            delays,
            [Some(0), Some(2_000), Some(10_000), Some(30_000), None]
        );
        let custom = Retry::Custom(Rc::new(|outage| (outage.failed < 2).then_some(7)));
        let delays: Vec<_> = (0..3).map(|n| delay(&custom, n, false, random)).collect();
        assert_eq!(delays, [Some(7), Some(7), None]);
        assert_eq!(delay(&Retry::Never, 0, false, random), None);
    }
}
