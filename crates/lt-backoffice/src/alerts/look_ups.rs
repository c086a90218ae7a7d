//! Counts how look-ups in other systems end, on their way through.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use lt_model::slot::Slots;

use crate::connectors::{Connectors, LookUp};

/// How many there were since they were last taken.
#[derive(Debug, Default)]
pub(crate) struct LookUps {
    all: AtomicU32,
    failed: AtomicU32,
}

impl LookUps {
    /// All and failed ones; counting begins anew.
    pub(crate) fn take(&self) -> (u32, u32) {
        let all = self.all.swap(0, Ordering::Relaxed);
        (all, self.failed.swap(0, Ordering::Relaxed))
    }

    /// Whether there were none.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.load(Ordering::Relaxed) == 0
    }

    /// They could not be kept: they are counted later.
    pub(crate) fn give_back(&self, (all, failed): (u32, u32)) {
        self.all.fetch_add(all, Ordering::Relaxed);
        self.failed.fetch_add(failed, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Counted {
    inner: Arc<dyn Connectors>,
    look_ups: Arc<LookUps>,
}

/// The same systems, counted.
pub(crate) fn counted(inner: Arc<dyn Connectors>, look_ups: &Arc<LookUps>) -> Arc<dyn Connectors> {
    Arc::new(Counted {
        inner,
        look_ups: Arc::clone(look_ups),
    })
}

impl Connectors for Counted {
    fn names(&self) -> Vec<(String, Vec<String>)> {
        self.inner.names()
    }

    fn look_up(&self, connector: &str, slots: &Slots, limit: Duration) -> LookUp {
        let found = self.inner.look_up(connector, slots, limit);
        // What is missing was not asked for.
        if !matches!(found, LookUp::Missing(_)) {
            self.look_ups.all.fetch_add(1, Ordering::Relaxed);
        }
        if found == LookUp::Unavailable {
            self.look_ups.failed.fetch_add(1, Ordering::Relaxed);
        }
        found
    }
}
