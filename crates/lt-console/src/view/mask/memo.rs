//! What was masked before. A list or a thread is drawn again for every change of it, and nearly all
//! of its texts are the same.
//!
//! **Invariant:** no text that is not masked is kept, nor anything to make one from: what is kept is
//! found by two keyed hashes of its text, whose keys are the process's own.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

/// Kept in each of two halves: a few windows of every list, or a few long threads.
const HALF: usize = 4_096;

type Key = (u64, u64);

/// Keeps what was used lately.
pub(super) struct Memo<T> {
    keys: LazyLock<(RandomState, RandomState)>,
    halves: Mutex<Option<Halves<T>>>,
}

/// What was used since the last turn, and what was used in the one before.
struct Halves<T> {
    young: HashMap<Key, T>,
    old: HashMap<Key, T>,
}

impl<T: Clone> Memo<T> {
    /// Nothing is kept yet.
    pub(super) const fn new() -> Self {
        Self {
            keys: LazyLock::new(|| (RandomState::new(), RandomState::new())),
            halves: Mutex::new(None),
        }
    }

    /// What was made of a text before, else what `make` makes of it.
    pub(super) fn of(&self, raw: &str, make: impl FnOnce() -> T) -> T {
        let key = (self.keys.0.hash_one(raw), self.keys.1.hash_one(raw));
        let known = self.lock().get_or_insert_with(Halves::new).find(key);
        if let Some(known) = known {
            return known;
        }
        // Not under the lock: others draw meanwhile.
        let made = make();
        let mut halves = self.lock();
        halves
            .get_or_insert_with(Halves::new)
            .keep(key, made.clone());
        made
    }

    fn lock(&self) -> MutexGuard<'_, Option<Halves<T>>> {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Halves<T> {
    fn new() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    fn find(&mut self, key: Key) -> Option<T> {
        if let Some(known) = self.young.get(&key) {
            return Some(known.clone());
        }
        let known = self.old.remove(&key)?;
        self.keep(key, known.clone());
        Some(known)
    }

    fn keep(&mut self, key: Key, made: T) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, made);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_while_it_is_used_and_again_when_it_was_forgotten() {
        let memo = Memo::new();
        let made = |text: &str| {
            let mut is_made = false;
            let shown = memo.of(text, || {
                is_made = true;
                format!("<{text}>")
            });
            assert_eq!(shown, format!("<{text}>"));
            is_made
        };
        assert!(made("一"));
        assert!(!made("一"));
        for n in 0..HALF + HALF / 2 {
            made(&n.to_string());
        }
        assert!(!made("一"), "it was used lately");
        for n in 0..3 * HALF {
            made(&format!("again {n}"));
        }
        assert!(made("一"), "it was not");
        let halves = memo.lock();
        let halves = halves.as_ref().unwrap();
        assert!(halves.young.len() <= HALF && halves.old.len() <= HALF);
    }
}
