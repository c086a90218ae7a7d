//! Who hears which hints: each listener is woken by what concerns it and by nothing else, so that a
//! message costs the same with a thousand open sockets as with one.
//!
//! **Invariant:** nothing waits for a listener, and what is kept for one is bounded: a slow one is
//! told that it missed something.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lt_model::id::ContactId;
use tokio::sync::{
    Notify,
    broadcast::error::{RecvError, TryRecvError},
};

use crate::hint::Hint;

/// Hints that a slow listener may be behind; it looks at everything when it missed some.
const BACKLOG: usize = 256;

/// Everybody who listens.
#[derive(Default)]
pub(crate) struct Listeners(Arc<Mutex<Register>>);

/// The hints for one listener; all of them until it says what concerns it. Dropping it ends it.
pub struct Hints {
    id: u64,
    inbox: Arc<Inbox>,
    register: Arc<Mutex<Register>>,
}

#[derive(Default)]
struct Register {
    last_id: u64,
    listeners: HashMap<u64, (Arc<Inbox>, Concern)>,
    /// Listeners that hear everything.
    of_all: BTreeSet<u64>,
    of_stream: HashMap<u64, BTreeSet<u64>>,
    of_contact: HashMap<ContactId, BTreeSet<u64>>,
}

enum Concern {
    All,
    Streams(BTreeSet<u64>),
    Contact(ContactId),
}

#[derive(Default)]
struct Inbox {
    waiting: Mutex<Waiting>,
    news: Notify,
}

#[derive(Default)]
struct Waiting {
    hints: VecDeque<Hint>,
    n_missed: u64,
}

impl Listeners {
    /// From now on.
    pub(crate) fn listen(&self) -> Hints {
        let inbox = Arc::new(Inbox::default());
        let mut register = lock(&self.0);
        register.last_id += 1;
        let id = register.last_id;
        let heard = (Arc::clone(&inbox), Concern::All);
        register.listeners.insert(id, heard);
        register.of_all.insert(id);
        Hints {
            id,
            inbox,
            register: Arc::clone(&self.0),
        }
    }

    /// Tells whom it concerns.
    pub(crate) fn tell(&self, hint: &Hint) {
        let register = lock(&self.0);
        for id in register.concerned(hint) {
            if let Some((inbox, _)) = register.listeners.get(&id) {
                inbox.put(hint.clone());
            }
        }
    }
}

impl Register {
    fn concerned(&self, hint: &Hint) -> BTreeSet<u64> {
        let mut ids = self.of_all.clone();
        match hint {
            Hint::Streams(streams) => {
                ids.extend(
                    streams
                        .iter()
                        .filter_map(|id| self.of_stream.get(id))
                        .flatten(),
                );
            }
            // Rare, and each desktop's session knows whose it is.
            Hint::Access { .. } => ids.extend(self.of_stream.values().flatten()),
            Hint::CustomerTyping { stream, .. } | Hint::Colleague { stream, .. } => {
                ids.extend(self.of_stream.get(stream).into_iter().flatten());
            }
            Hint::Contact(contact) | Hint::AgentTyping { contact, .. } => {
                ids.extend(self.of_contact.get(contact).into_iter().flatten());
            }
        }
        ids
    }

    fn enter(&mut self, id: u64, concern: &Concern) {
        match concern {
            Concern::All => {
                self.of_all.insert(id);
            }
            Concern::Streams(streams) => {
                for stream in streams {
                    self.of_stream.entry(*stream).or_default().insert(id);
                }
            }
            Concern::Contact(contact) => {
                self.of_contact.entry(*contact).or_default().insert(id);
            }
        }
    }

    fn leave(&mut self, id: u64, concern: &Concern) {
        match concern {
            Concern::All => {
                self.of_all.remove(&id);
            }
            Concern::Streams(streams) => {
                for stream in streams {
                    forget(&mut self.of_stream, stream, id);
                }
            }
            Concern::Contact(contact) => forget(&mut self.of_contact, contact, id),
        }
    }
}

impl Hints {
    /// From now on only what concerns one of these streams.
    pub fn only_streams(&self, streams: &BTreeSet<u64>) {
        self.concern(Concern::Streams(streams.clone()));
    }

    /// From now on only what concerns this customer.
    pub fn only_contact(&self, contact: ContactId) {
        self.concern(Concern::Contact(contact));
    }

    /// The next hint. Cancel-safe.
    ///
    /// # Errors
    /// [`RecvError::Lagged`] with the number of hints that were missed.
    pub async fn recv(&mut self) -> Result<Hint, RecvError> {
        loop {
            match self.try_recv() {
                Ok(hint) => return Ok(hint),
                Err(TryRecvError::Lagged(n)) => return Err(RecvError::Lagged(n)),
                Err(TryRecvError::Closed) => return Err(RecvError::Closed),
                // A hint that comes between the two leaves its permit behind.
                Err(TryRecvError::Empty) => self.inbox.news.notified().await,
            }
        }
    }

    /// The next hint, if it is here.
    ///
    /// # Errors
    /// [`TryRecvError::Empty`], [`TryRecvError::Lagged`].
    pub fn try_recv(&mut self) -> Result<Hint, TryRecvError> {
        let mut waiting = lock(&self.inbox.waiting);
        if waiting.n_missed > 0 {
            let n_missed = std::mem::take(&mut waiting.n_missed);
            return Err(TryRecvError::Lagged(n_missed));
        }
        waiting.hints.pop_front().ok_or(TryRecvError::Empty)
    }

    fn concern(&self, concern: Concern) {
        let mut register = lock(&self.register);
        let Some((inbox, before)) = register.listeners.remove(&self.id) else {
            return;
        };
        register.leave(self.id, &before);
        register.enter(self.id, &concern);
        register.listeners.insert(self.id, (inbox, concern));
    }
}

impl Drop for Hints {
    fn drop(&mut self) {
        let mut register = lock(&self.register);
        if let Some((_, concern)) = register.listeners.remove(&self.id) {
            register.leave(self.id, &concern);
        }
    }
}

impl Inbox {
    fn put(&self, hint: Hint) {
        let mut waiting = lock(&self.waiting);
        if waiting.hints.len() < BACKLOG {
            waiting.hints.push_back(hint);
        } else {
            // It will look at everything, and needs none of them.
            waiting.n_missed += 1 + waiting.hints.len() as u64;
            waiting.hints = VecDeque::new();
        }
        drop(waiting);
        self.news.notify_one();
    }
}

fn forget<K: Eq + std::hash::Hash>(of: &mut HashMap<K, BTreeSet<u64>>, key: &K, id: u64) {
    if let Some(ids) = of.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            of.remove(key);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn heard(hints: &mut Hints) -> Vec<Hint> {
        std::iter::from_fn(|| hints.try_recv().ok()).collect()
    }

    #[test]
    fn everybody_hears_what_concerns_them() {
        let listeners = Listeners::default();
        let contact = ContactId(Uuid::from_u128(1));
        let (mut all, mut desk, mut page) =
            (listeners.listen(), listeners.listen(), listeners.listen());
        desk.only_streams(&BTreeSet::from([1, 2]));
        page.only_contact(contact);
        let (both, other) = (Hint::Streams(vec![1, 2]), Hint::Streams(vec![3]));
        for hint in [both.clone(), other, Hint::Contact(contact)] {
            listeners.tell(&hint);
        }
        assert_eq!(heard(&mut all).len(), 3);
        assert_eq!(heard(&mut desk), [both], "once, although two streams match");
        assert_eq!(heard(&mut page), [Hint::Contact(contact)]);

        desk.only_streams(&BTreeSet::from([3]));
        listeners.tell(&Hint::Streams(vec![1]));
        listeners.tell(&Hint::Streams(vec![3]));
        assert_eq!(heard(&mut desk), [Hint::Streams(vec![3])]);
        drop((all, desk, page));
        let register = lock(&listeners.0);
        assert!(register.listeners.is_empty() && register.of_all.is_empty());
        assert!(register.of_stream.is_empty() && register.of_contact.is_empty());
    }

    #[test]
    fn a_slow_listener_learns_that_it_missed_something() {
        let listeners = Listeners::default();
        let mut slow = listeners.listen();
        for _ in 0..BACKLOG + 3 {
            listeners.tell(&Hint::Streams(vec![1]));
        }
        let n_missed = BACKLOG as u64 + 1;
        assert_eq!(slow.try_recv(), Err(TryRecvError::Lagged(n_missed)));
        assert_eq!(heard(&mut slow).len(), 2, "what came since");
    }
}
