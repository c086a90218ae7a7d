//! Answers that were right a moment ago, in memory only.

use std::collections::{BTreeMap, HashMap};

/// Answers kept at most.
const MAX_ANSWERS: usize = 1_000;

/// Values by name.
pub(crate) type Values = BTreeMap<String, String>;

/// Times are ms of any clock that goes forward.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    answers: HashMap<String, (u64, Values)>,
}

impl Cache {
    /// An answer that is at most so old, with its age in ms.
    pub(crate) fn get(&self, key: &str, max_age_ms: u64, now_ms: u64) -> Option<(Values, u64)> {
        let (at, values) = self.answers.get(key)?;
        let age_ms = now_ms.saturating_sub(*at);
        (age_ms <= max_age_ms).then(|| (values.clone(), age_ms))
    }

    pub(crate) fn put(&mut self, key: String, values: Values, now_ms: u64) {
        if self.answers.len() >= MAX_ANSWERS && !self.answers.contains_key(&key) {
            let oldest = self.answers.iter().min_by_key(|(_, (at, _))| *at);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.answers.remove(&oldest);
            }
        }
        self.answers.insert(key, (now_ms, values));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_answers_go() {
        let mut cache = Cache::default();
        cache.put("a".to_owned(), Values::new(), 10);
        assert_eq!(cache.get("a", 5, 15), Some((Values::new(), 5)));
        assert_eq!(cache.get("a", 5, 16), None);
        for n in 0..MAX_ANSWERS {
            cache.put(n.to_string(), Values::new(), 20);
        }
        assert_eq!(cache.answers.len(), MAX_ANSWERS);
        assert_eq!(cache.get("a", 100, 20), None);
    }
}
