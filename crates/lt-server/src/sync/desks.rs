//! What the sessions of all desktops share.

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lt_backoffice::Backoffice;
use lt_model::{Millis, id::AgentId};
use lt_protocol::code::{Code, WireError};
use tokio::sync::watch;

use super::poll::Links;
use crate::app;

/// Where calls of the backoffice run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// On the threads that may block: a server.
    Pool,
    /// At once, on the calling thread: a simulation, where nothing may run beside its clock.
    Inline,
}

/// A desk that is connected.
pub(super) struct Here {
    desks: Arc<Desks>,
    agent: AgentId,
}

impl Drop for Here {
    fn drop(&mut self) {
        let mut here = self.desks.here();
        if let Some(n) = here.get_mut(&self.agent) {
            *n = n.saturating_sub(1);
            if *n == 0 {
                here.remove(&self.agent);
            }
        }
    }
}

/// A batch that is on its way to a desk.
pub(super) struct OnTheWay {
    desks: Arc<Desks>,
    since: Millis,
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        let mut on_the_way = self.desks.on_the_way();
        if let Some(n) = on_the_way.get_mut(&self.since) {
            *n = n.saturating_sub(1);
            if *n == 0 {
                on_the_way.remove(&self.since);
            }
        }
    }
}

type Clock = Box<dyn Fn() -> Millis + Send + Sync>;
type Chance = Box<dyn Fn() -> u64 + Send + Sync>;

/// The backoffice, how it is called, and the clock and the chance of its sessions.
pub struct Desks {
    pub(super) backoffice: Arc<Backoffice>,
    /// Becomes true when the server goes away.
    pub(super) stop: watch::Receiver<bool>,
    pub(super) links: Links,
    calls: Calls,
    clock: Clock,
    chance: Chance,
    here: Mutex<BTreeMap<AgentId, usize>>,
    /// Since when batches are on their way, how many each.
    on_the_way: Mutex<BTreeMap<Millis, usize>>,
}

impl Desks {
    /// Those of a server: calls on the pool, the wall clock, the system's randomness.
    #[must_use]
    pub fn new(backoffice: Arc<Backoffice>, stop: watch::Receiver<bool>) -> Self {
        let chance = || lt_seal::random_bytes().map_or(0, u64::from_le_bytes);
        Self {
            backoffice,
            stop,
            links: Links::default(),
            calls: Calls::Pool,
            here: Mutex::default(),
            on_the_way: Mutex::default(),
            clock: Box::new(app::now),
            chance: Box::new(chance),
        }
    }

    /// Those of a simulation: `clock` gives the time in ms, `chance` spreads what should not happen
    /// at once. Timeouts follow tokio's clock.
    #[must_use]
    pub fn simulated(
        backoffice: Arc<Backoffice>,
        stop: watch::Receiver<bool>,
        clock: impl Fn() -> Millis + Send + Sync + 'static,
        chance: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Self {
        Self {
            backoffice,
            stop,
            links: Links::default(),
            calls: Calls::Inline,
            here: Mutex::default(),
            on_the_way: Mutex::default(),
            clock: Box::new(clock),
            chance: Box::new(chance),
        }
    }

    /// The agents whose desks are connected to this process.
    pub fn agents_here(&self) -> Vec<AgentId> {
        self.here().keys().copied().collect()
    }

    /// Counts a desk of an agent in, until what this gives is dropped.
    pub(super) fn come_in(self: &Arc<Self>, agent: AgentId) -> Here {
        *self.here().entry(agent).or_default() += 1;
        Here {
            desks: Arc::clone(self),
            agent,
        }
    }

    /// A batch goes to a desk, until what this gives is dropped.
    pub(super) fn send_off(self: &Arc<Self>) -> OnTheWay {
        let since = self.now();
        *self.on_the_way().entry(since).or_default() += 1;
        OnTheWay {
            desks: Arc::clone(self),
            since,
        }
    }

    /// For how long the slowest of the connected desks has not said that it has what it was sent, ms.
    pub fn lag_ms(&self) -> Millis {
        let oldest = self.on_the_way().keys().next().copied();
        oldest.map_or(0, |since| (self.now() - since).max(0))
    }

    fn on_the_way(&self) -> MutexGuard<'_, BTreeMap<Millis, usize>> {
        self.on_the_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn here(&self) -> MutexGuard<'_, BTreeMap<AgentId, usize>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Millis {
        (self.clock)()
    }

    /// Any of the range, evenly.
    pub(super) fn within(&self, range: RangeInclusive<u64>) -> u64 {
        let (least, most) = range.into_inner();
        let n_values = most.saturating_sub(least).saturating_add(1);
        least.saturating_add((self.chance)() % n_values)
    }

    /// Runs a use case.
    pub(super) async fn call<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<WireError> + Send + 'static,
        F: FnOnce(&Backoffice) -> Result<T, E> + Send + 'static,
    {
        if self.calls == Calls::Inline {
            return act(&self.backoffice);
        }
        let backoffice = Arc::clone(&self.backoffice);
        match tokio::task::spawn_blocking(move || act(&backoffice)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(WireError::new(Code::Internal, "a use case broke off").into()),
        }
    }
}
