//! Token buckets: so many acts at once, so many a minute.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use lt_model::Millis;

/// Above so many keys, full buckets are thrown away.
const SWEEP_ABOVE: usize = 10_000;

/// One bucket a key, in memory. A restart fills all of them, which does no harm.
pub(crate) struct Buckets<K> {
    capacity: f64,
    per_ms: f64,
    by_key: Mutex<HashMap<K, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Millis,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Lets `per_minute` acts through in a minute, and as many at once.
    #[must_use]
    pub(crate) fn per_minute(per_minute: u32) -> Self {
        let capacity = f64::from(per_minute);
        Self {
            capacity,
            per_ms: capacity / 60_000.0,
            by_key: Mutex::new(HashMap::new()),
        }
    }

    /// Whether one more act is allowed now; if so, it is counted.
    pub(crate) fn take(&self, key: K, now: Millis) -> bool {
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if by_key.len() > SWEEP_ABOVE {
            by_key.retain(|_, bucket| self.filled(*bucket, now) < self.capacity);
        }
        let bucket = by_key.entry(key).or_insert(Bucket {
            tokens: self.capacity,
            at: now,
        });
        let tokens = self.filled(*bucket, now);
        let allowed = tokens >= 1.0;
        *bucket = Bucket {
            tokens: if allowed { tokens - 1.0 } else { tokens },
            at: now,
        };
        allowed
    }

    fn filled(&self, bucket: Bucket, now: Millis) -> f64 {
        let gone = u32::try_from((now - bucket.at).max(0)).unwrap_or(u32::MAX);
        (bucket.tokens + f64::from(gone) * self.per_ms).min(self.capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_steady_rate() {
        let buckets = Buckets::per_minute(20);
        let granted = (0..30).filter(|_| buckets.take("a", 0)).count();
        assert_eq!(granted, 20);
        assert!(buckets.take("b", 0), "another key has its own bucket");
        assert!(!buckets.take("a", 2_999));
        assert!(buckets.take("a", 6_000));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let buckets = Buckets::per_minute(1);
        assert!(buckets.take(1, 100_000));
        assert!(!buckets.take(1, 0));
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let buckets = Buckets::per_minute(60);
        for key in 0..=SWEEP_ABOVE {
            assert!(buckets.take(key, 0));
        }
        assert!(buckets.take(usize::MAX, 120_000));
        assert_eq!(buckets.by_key.lock().unwrap().len(), 1);
    }
}
