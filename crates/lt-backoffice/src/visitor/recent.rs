//! What customers wrote to last, kept in memory: who writes several messages in a row is not looked up
//! each time.
//!
//! **Invariant:** nothing is decided by it alone: the act of a message asks whether the conversation
//! and its customer are still what is here, and writes nothing where they are not. The messages of a
//! conversation never come without it, so that they are too.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lt_db::table::{conversation::Seen, message::Stored};
use lt_model::{
    contact::ValueTier,
    id::{ContactId, InboxId},
};

use super::Visitor;

/// Bytes of what came again or was new, and as many of what was there before.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// A conversation costs so much beside its messages, and a message beside its text.
const EACH_BYTES: usize = 1_500;
const MESSAGE_BYTES: usize = 400;

/// What a message is written to.
pub(crate) struct Looked {
    pub(crate) seen: Seen,
    /// Of who the customer turned out to be.
    pub(crate) tier: ValueTier,
    /// The last messages, oldest first.
    pub(crate) tail: Vec<Stored>,
}

impl Looked {
    fn n_bytes(&self) -> usize {
        let texts = self.tail.iter().map(|stored| {
            let text = stored.message.text().map_or(0, str::len);
            MESSAGE_BYTES + text
        });
        EACH_BYTES + texts.sum::<usize>()
    }
}

/// By customer.
pub(crate) struct Recent<T = Looked>(Mutex<Generations<T>>);

struct Generations<T> {
    young: HashMap<ContactId, Kept<T>>,
    n_bytes: usize,
    /// What is not asked for again goes with all of them.
    old: HashMap<ContactId, Kept<T>>,
}

struct Kept<T> {
    inbox: InboxId,
    n_bytes: usize,
    looked: T,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::new(Generations {
            young: HashMap::new(),
            n_bytes: 0,
            old: HashMap::new(),
        }))
    }
}

impl Recent {
    pub(super) fn put(&self, visitor: &Visitor, looked: Looked) {
        let n_bytes = looked.n_bytes();
        self.keep(visitor, looked, n_bytes);
    }
}

impl<T> Recent<T> {
    /// What this visitor wrote to last, if it is here; it is no more then.
    pub(super) fn take(&self, visitor: &Visitor) -> Option<T> {
        let kept = self.lock().remove(visitor.contact_id)?;
        (kept.inbox == visitor.inbox_id).then_some(kept.looked)
    }

    /// Something was done there: it is not what is here any more.
    pub(crate) fn forget(&self, contact: ContactId) {
        self.lock().remove(contact);
    }

    fn keep(&self, visitor: &Visitor, looked: T, n_bytes: usize) {
        let mut all = self.lock();
        // What was here before is not what this one is of.
        all.remove(visitor.contact_id);
        if all.n_bytes >= MAX_BYTES {
            all.old = mem::take(&mut all.young);
            all.n_bytes = 0;
        }
        all.n_bytes += n_bytes;
        let kept = Kept {
            inbox: visitor.inbox_id,
            n_bytes,
            looked,
        };
        all.young.insert(visitor.contact_id, kept);
    }

    fn lock(&self) -> MutexGuard<'_, Generations<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Generations<T> {
    fn remove(&mut self, contact: ContactId) -> Option<Kept<T>> {
        let Some(young) = self.young.remove(&contact) else {
            return self.old.remove(&contact);
        };
        self.n_bytes = self.n_bytes.saturating_sub(young.n_bytes);
        Some(young)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn visitor(n: u128, inbox: u128) -> Visitor {
        Visitor {
            contact_id: ContactId(Uuid::from_u128(n)),
            inbox_id: InboxId(Uuid::from_u128(inbox)),
        }
    }

    #[test]
    fn who_writes_on_is_here_and_what_was_changed_is_not() {
        let recent: Recent<u8> = Recent::default();
        recent.keep(&visitor(1, 1), 7, 10);
        assert_eq!(recent.take(&visitor(1, 1)), Some(7));
        assert_eq!(recent.take(&visitor(1, 1)), None, "it is taken once");
        recent.keep(&visitor(1, 1), 7, 10);
        assert_eq!(recent.take(&visitor(1, 2)), None, "another inbox");
        recent.keep(&visitor(1, 1), 7, 10);
        recent.forget(visitor(1, 1).contact_id);
        assert_eq!(recent.take(&visitor(1, 1)), None);
        assert_eq!(recent.lock().n_bytes, 0);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let recent: Recent<u8> = Recent::default();
        let (many, each) = (1_000, MAX_BYTES / 100);
        for n in 0..many {
            recent.keep(&visitor(0, 1), 0, each);
            assert_eq!(recent.take(&visitor(0, 1)), Some(0));
            recent.keep(&visitor(n + 1, 1), 1, each);
        }
        assert_eq!(recent.take(&visitor(many, 1)), Some(1), "the latest");
        assert_eq!(recent.take(&visitor(1, 1)), None, "the first");
        let all = recent.lock();
        let n_bytes = (all.young.len() + all.old.len()) * each;
        assert!(n_bytes <= 2 * (MAX_BYTES + each), "{n_bytes}");
    }
}
