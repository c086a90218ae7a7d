//! Tokens that were shown before.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};

use super::Visitor;

/// So many are remembered at least, once as many came. About 3 MB.
const MANY: usize = 16_384;

/// Whose token has which hash, as far as it was asked lately. The store only ever adds such rows, so
/// what is known here stays true, whichever process added it.
#[derive(Default)]
pub(crate) struct Known(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<[u8; 32], Visitor>,
    /// Asked for again, one becomes young again; otherwise it goes with all of them.
    old: HashMap<[u8; 32], Visitor>,
}

impl Known {
    pub(super) fn get(&self, hash: &[u8; 32]) -> Option<Visitor> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(visitor) = all.young.get(hash) {
            return Some(*visitor);
        }
        let visitor = all.old.remove(hash)?;
        all.add(*hash, visitor);
        Some(visitor)
    }

    pub(super) fn add(&self, hash: [u8; 32], visitor: Visitor) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.add(hash, visitor);
    }
}

impl Generations {
    fn add(&mut self, hash: [u8; 32], visitor: Visitor) {
        if self.young.len() >= MANY {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(hash, visitor);
    }
}

#[cfg(test)]
mod tests {
    use lt_model::id::{ContactId, InboxId};
    use uuid::Uuid;

    use super::*;

    fn visitor(n: usize) -> Visitor {
        Visitor {
            contact_id: ContactId(Uuid::from_u128(n as u128)),
            inbox_id: InboxId(Uuid::nil()),
        }
    }

    fn hash(n: usize) -> [u8; 32] {
        lt_seal::sha256(&n.to_be_bytes())
    }

    #[test]
    fn who_comes_again_is_known_and_who_stays_away_is_forgotten() {
        let known = Known::default();
        for n in 0..3 * MANY {
            known.add(hash(n), visitor(n));
            assert_eq!(known.get(&hash(0)), Some(visitor(0)), "after {n}");
        }
        assert_eq!(known.get(&hash(1)), None);
        assert_eq!(known.get(&hash(3 * MANY)), None);
        for n in 2 * MANY..3 * MANY {
            assert_eq!(known.get(&hash(n)), Some(visitor(n)), "the latest: {n}");
        }
        let all = known.0.lock().expect("nobody panicked");
        assert!(all.young.len() + all.old.len() <= 2 * MANY);
    }
}
