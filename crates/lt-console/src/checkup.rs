//! The check of the knowledge: a thread that works while it is wanted, and its last report.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use lt_engine::{
    Doc,
    health::{self, Progress, Step},
    parts::Parts,
};
use lt_model::{Millis, health::HealthReport};
use lt_protocol::{
    event::{Tag, UiEvent},
    knowledge::{HealthState, HealthView},
};

use crate::{desk::now, host::Host, outlet::Outlet};

/// Least time between two words about how far it has come.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// The check, and what it last found. Dropping it stops a check at work.
pub(crate) struct Checkup {
    shared: Arc<Shared>,
}

struct Shared {
    host: Arc<Outlet>,
    stand: Mutex<Stand>,
}

#[derive(Default)]
struct Stand {
    state: HealthState,
    report: Option<(HealthReport, Millis)>,
    is_old: bool,
    /// Stops the check at work.
    stop: Option<Arc<AtomicBool>>,
}

impl Checkup {
    pub(crate) fn new(host: Arc<Outlet>) -> Self {
        Self {
            shared: Arc::new(Shared {
                host,
                stand: Mutex::default(),
            }),
        }
    }

    /// Begins to check these entries, unless a check is at work.
    pub(crate) fn run(&self, docs: Vec<Doc>, parts: Arc<Parts>) {
        let stop = Arc::new(AtomicBool::new(false));
        {
            let mut stand = self.shared.lock();
            if stand.stop.is_some() {
                return;
            }
            stand.stop = Some(Arc::clone(&stop));
            stand.state = HealthState::Running { done: 0, total: 0 };
            stand.is_old = false;
        }
        let shared = Arc::clone(&self.shared);
        let spawned = thread::Builder::new()
            .name("health".to_owned())
            .spawn(move || shared.work(&docs, &parts, &stop));
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread for the check of the knowledge");
            let mut stand = self.shared.lock();
            (stand.stop, stand.state) = (None, HealthState::Failed);
        }
        self.shared.tell();
    }

    /// Stops the check at work.
    pub(crate) fn stop(&self) {
        if let Some(stop) = &self.shared.lock().stop {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// What was checked has changed.
    pub(crate) fn outdate(&self) {
        self.shared.lock().is_old = true;
    }

    /// Where it stands.
    pub(crate) fn view(&self) -> HealthView {
        let stand = self.shared.lock();
        HealthView {
            state: stand.state,
            report: stand.report.as_ref().map(|(report, _)| report.clone()),
            made_at: stand.report.as_ref().map(|(_, at)| *at),
            is_old: stand.report.is_some() && stand.is_old,
        }
    }
}

impl Drop for Checkup {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn work(&self, docs: &[Doc], parts: &Arc<Parts>, stop: &AtomicBool) {
        let mut told_at = Instant::now();
        let found = health::report(docs, parts, &mut |Progress { done, total }| {
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            self.lock().state = HealthState::Running {
                done: count(done),
                total: count(total),
            };
            if told_at.elapsed() >= TOLD_EVERY {
                told_at = Instant::now();
                self.tell();
            }
            if stop.load(Ordering::Relaxed) {
                Step::Stop
            } else {
                Step::On
            }
        });
        {
            let mut stand = self.lock();
            stand.stop = None;
            stand.state = match found {
                Ok(Some(report)) => {
                    stand.report = Some((report, now()));
                    HealthState::Idle
                }
                Ok(None) => HealthState::Stopped,
                Err(error) => {
                    tracing::error!(%error, "the knowledge was not checked");
                    HealthState::Failed
                }
            };
        }
        self.tell();
    }

    fn tell(&self) {
        let tags = vec![Tag::Health];
        self.host.emit(UiEvent::Changed { tags });
    }

    fn lock(&self) -> MutexGuard<'_, Stand> {
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
