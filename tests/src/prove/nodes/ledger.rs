//! What clients were told: the side of the promise that the database has to keep.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use lt_model::id::MessageId;
use lt_protocol::enrol::Enrolment;
use tokio::sync::watch;

/// A message whose sender was told that it is sent.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) id: MessageId,
    /// No other message has this text.
    pub(super) text: String,
}

/// A connection that an agent lost and got back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reconnect {
    pub(super) lost: Instant,
    /// When everything was in step again.
    pub(super) back: Instant,
}

/// What all clients do.
#[derive(Clone, Debug)]
pub(super) enum Phase {
    /// They work.
    Work,
    /// They finish what they began.
    Finish,
    /// Nothing is written any more: they read up to these heads of streams.
    Reach(Arc<BTreeMap<u64, u64>>),
}

/// What the clients were told.
#[derive(Default)]
pub(super) struct Ledger {
    customers: Mutex<Vec<Said>>,
    agents: Mutex<Vec<Said>>,
    refused: Mutex<Vec<MessageId>>,
    reconnects: Mutex<Vec<Reconnect>>,
    acknowledged_at: Mutex<Vec<(Instant, Duration)>>,
    misses: Mutex<Vec<String>>,
    n_repeats: AtomicU64,
    n_idle: AtomicU64,
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    /// A customer's message is sent, which took so long from the first try.
    pub(super) fn customer_sent(&self, said: Said, took: Duration) {
        locked(&self.customers).push(said);
        locked(&self.acknowledged_at).push((Instant::now(), took));
    }

    /// An agent's message is sent.
    pub(super) fn agent_sent(&self, said: Said) {
        locked(&self.agents).push(said);
    }

    /// An agent's message is refused, and may be nowhere.
    pub(super) fn refused(&self, id: MessageId) {
        locked(&self.refused).push(id);
    }

    /// Something was sent again because no answer came.
    pub(super) fn repeated(&self) {
        self.n_repeats.fetch_add(1, Ordering::Relaxed);
    }

    /// An agent is in step again.
    pub(super) fn came_back(&self, lost: Instant, back: Instant) {
        locked(&self.reconnects).push(Reconnect { lost, back });
    }

    /// A promise was broken before anybody looked into the database.
    pub(super) fn miss(&self, what: String) {
        locked(&self.misses).push(what);
    }

    /// An agent has finished.
    pub(super) fn idle(&self) {
        self.n_idle.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn n_idle(&self) -> u64 {
        self.n_idle.load(Ordering::SeqCst)
    }

    pub(super) fn n_repeats(&self) -> u64 {
        self.n_repeats.load(Ordering::Relaxed)
    }

    /// Everything that was acknowledged: customers', then agents'.
    pub(super) fn said(&self) -> (Vec<Said>, Vec<Said>) {
        (
            locked(&self.customers).clone(),
            locked(&self.agents).clone(),
        )
    }

    pub(super) fn all_refused(&self) -> Vec<MessageId> {
        locked(&self.refused).clone()
    }

    pub(super) fn reconnects(&self) -> Vec<Reconnect> {
        locked(&self.reconnects).clone()
    }

    pub(super) fn acknowledged_at(&self) -> Vec<(Instant, Duration)> {
        locked(&self.acknowledged_at).clone()
    }

    pub(super) fn misses(&self) -> Vec<String> {
        locked(&self.misses).clone()
    }
}

/// What every client has.
#[derive(Clone)]
pub(super) struct World {
    /// Where the nodes are reached.
    pub(super) address: SocketAddr,
    pub(super) server: Enrolment,
    /// Key of the chat page.
    pub(super) inbox: String,
    pub(super) ledger: Arc<Ledger>,
    pub(super) phase: watch::Receiver<Phase>,
}

impl World {
    pub(super) fn is_working(&self) -> bool {
        matches!(*self.phase.borrow(), Phase::Work)
    }
}
