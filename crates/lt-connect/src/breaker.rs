//! A circuit breaker: after some failures in a row the other side is left alone for a while, then
//! one call tries it.

/// Failures in a row that open it.
const OPENS_AFTER: u32 = 3;
/// How long it stays open, in ms.
const OPEN_MS: u64 = 30_000;

/// Times are ms of any clock that goes forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Breaker {
    n_failures: u32,
    closed_until_ms: u64,
}

impl Breaker {
    /// Whether a call may be made. While it is open, one call in each span may.
    pub(crate) fn allows(&mut self, now_ms: u64) -> bool {
        if self.n_failures < OPENS_AFTER {
            return true;
        }
        if now_ms < self.closed_until_ms {
            return false;
        }
        self.closed_until_ms = now_ms + OPEN_MS;
        true
    }

    pub(crate) fn note(&mut self, succeeded: bool, now_ms: u64) {
        if succeeded {
            *self = Self::default();
        } else {
            self.n_failures = self.n_failures.saturating_add(1);
            self.closed_until_ms = now_ms + OPEN_MS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_and_tries_again() {
        let mut breaker = Breaker::default();
        for _ in 0..2 {
            breaker.note(false, 0);
        }
        assert!(breaker.allows(1));
        breaker.note(true, 1);
        for _ in 0..3 {
            breaker.note(false, 2);
        }
        assert!(!breaker.allows(3));
        assert!(breaker.allows(2 + OPEN_MS), "one call tries");
        assert!(!breaker.allows(3 + OPEN_MS), "and one only");
        breaker.note(false, 4 + OPEN_MS);
        assert!(!breaker.allows(5 + OPEN_MS));
        assert!(breaker.allows(4 + 2 * OPEN_MS));
        breaker.note(true, 5 + 2 * OPEN_MS);
        assert!(breaker.allows(6 + 2 * OPEN_MS) && breaker.allows(7 + 2 * OPEN_MS));
    }
}
