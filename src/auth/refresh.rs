//! When to ask `/.auth/refresh`, and when to leave it alone.

/// How long an answer counts that says no, in milliseconds: asking again would bring the same.
const REFUSED: u64 = 60 * 60 * 1000;

/// How long to wait where no answer came, or one that says nothing, in milliseconds.
const TROUBLED: u64 = 10_000;

/// How a refresh ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The session goes on.
    Renewed,
    /// It does not: the server answered with this status.
    Status(u16),
    /// No answer came.
    NoAnswer,
}

/// Keeps requests that cannot help from being made over and over.
#[derive(Debug, Default)]
pub struct RefreshPolicy {
    /// In milliseconds since the Unix epoch.
    not_before: u64,
}

impl RefreshPolicy {
    /// True if a refresh may be asked for at `now`, in milliseconds since the Unix epoch.
    pub fn may_ask(&self, now: u64) -> bool {
        let left = self.not_before.saturating_sub(now);
        // Longer than was ever asked for: the clock was set back.
        left == 0 || left > REFUSED
    }

    /// A refresh ended at `now`.
    pub fn ended(&mut self, outcome: Refreshed, now: u64) {
        self.not_before = match outcome {
            Refreshed::Renewed => 0,
            // The provider cannot, the session is over, consent was taken back, or there is no
            // such thing here: only another sign-in helps.
            Refreshed::Status(400 | 401 | 403 | 404) => now + REFUSED,
            Refreshed::Status(_) | Refreshed::NoAnswer => now + TROUBLED,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_700_000_000_000;

    #[test]
    fn what_was_refused_is_not_asked_for_again_within_the_hour() {
        for status in [400, 401, 403, 404] {
            let mut policy = RefreshPolicy::default();
            assert!(policy.may_ask(NOW), "never asked before");
            policy.ended(Refreshed::Status(status), NOW);
            for (after, may) in [(0, false), (3_599_999, false), (3_600_000, true)] {
                assert_eq!(
                    policy.may_ask(NOW + after),
                    may,
                    "{status}, {after} ms later"
                );
            }
        }
    }

    #[test]
    fn trouble_is_waited_out_for_a_moment() {
        for outcome in [
            Refreshed::NoAnswer,
            Refreshed::Status(200),
            Refreshed::Status(429),
            Refreshed::Status(500),
            Refreshed::Status(503),
        ] {
            let mut policy = RefreshPolicy::default();
            policy.ended(outcome, NOW);
            for (after, may) in [(0, false), (9_999, false), (10_000, true)] {
                assert_eq!(
                    policy.may_ask(NOW + after),
                    may,
                    "{outcome:?}, {after} ms later"
                );
            }
        }
    }

    #[test]
    fn what_worked_may_be_asked_for_at_any_time() {
        let mut policy = RefreshPolicy::default();
        policy.ended(Refreshed::NoAnswer, NOW);
        policy.ended(Refreshed::Renewed, NOW + 20_000);
        assert!(policy.may_ask(NOW + 20_000));
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nobody() {
        let mut policy = RefreshPolicy::default();
        policy.ended(Refreshed::Status(403), NOW);
        assert!(policy.may_ask(NOW - 24 * 3_600_000));
    }
}
