//! The one writer. Acts that arrive while another one runs share its commit.
//!
//! Every act runs in a savepoint of the open transaction, so that a failing one takes back its own
//! rows alone. Whoever finds nobody waiting writes for all of them what every act leaves behind
//! (audit entries, numbered changes), commits, and the others sleep until then. A commit costs a
//! flush of the disk, so that under load sharing it multiplies the throughput; alone, an act commits
//! at once.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use lt_model::{audit::AuditEntry, id::ContactId};

use crate::{
    db::AccessChange,
    error::{DbError, Result},
    fresh::Fresh,
    ledger::Ledger,
    link::Link,
    seam::{AccessTouched, PendingChange},
};

/// Most acts in one transaction: bounds how long the first one waits.
const MAX_ACTS: usize = 64;

pub(crate) struct Writer {
    state: Mutex<State>,
    /// Acts that wait for their turn.
    queued: AtomicUsize,
    fresh: Fresh,
}

struct State {
    link: Link,
    /// Opens another connection when this one is lost.
    reopen: Reopen,
    ledger: Ledger,
    /// The open transaction, if there is one.
    batch: Option<Arc<Batch>>,
    n_acts: usize,
    /// What the acts of the open transaction leave behind.
    left: Vec<Left>,
}

/// What an act leaves behind, to be written at the end of the transaction.
pub(crate) struct Left {
    pub(crate) entry: AuditEntry,
    pub(crate) changes: Vec<PendingChange>,
    pub(crate) access: AccessTouched,
    /// Customers of whom something changed, or of whose conversations.
    pub(crate) contacts: Vec<ContactId>,
}

/// Where the data stands after an act.
#[derive(Clone, Debug)]
pub(crate) struct Stand {
    pub(crate) audit_n: u64,
    /// Streams with new changes, ascending, each with its head after the act.
    pub(crate) streams: Vec<(u64, u64)>,
    pub(crate) access: Option<AccessChange>,
    /// See [`Left::contacts`].
    pub(crate) contacts: Vec<ContactId>,
}

/// What came of an act, and where the data stands after it if it left anything behind.
pub(crate) type Done<T, E> = Result<(T, Option<Stand>), E>;

/// Makes a connection that writes.
pub(crate) type Reopen = Box<dyn Fn() -> Result<Link> + Send>;

/// How the transaction that several acts share ended. Who waits for it does so here, and not where
/// the next acts wait for their turn.
#[derive(Default)]
struct Batch {
    outcome: OnceLock<Outcome>,
    is_over: Mutex<bool>,
    over: Condvar,
}

/// Where the data stands after each act that left something behind, or why there was no commit.
type Outcome = Result<Vec<Stand>, String>;

impl Batch {
    fn end(&self, outcome: Outcome) {
        let _ = self.outcome.set(outcome);
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.over.notify_all();
    }

    fn wait(&self) {
        let is_over = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        let _over = self
            .over
            .wait_while(is_over, |is_over| !*is_over)
            .unwrap_or_else(PoisonError::into_inner);
    }
}

impl Writer {
    pub(crate) fn new(link: Link, reopen: Reopen, ledger: Ledger) -> Self {
        let state = State {
            link,
            reopen,
            ledger,
            batch: None,
            n_acts: 0,
            left: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
            queued: AtomicUsize::new(0),
            fresh: Fresh::default(),
        }
    }

    /// The number of the last act of this process; whatever of its acts anybody could see by now is
    /// counted.
    pub(crate) fn last_act(&self) -> u64 {
        // What is being committed is told before the next act begins.
        let _state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.fresh.last_act()
    }

    /// What was committed last.
    pub(crate) fn fresh(&self) -> &Fresh {
        &self.fresh
    }

    /// Runs an act and returns when it is on the disk, or not done at all; with where the data stands
    /// after it, if it left anything behind.
    pub(crate) fn run<T, E: From<DbError>>(
        &self,
        act: impl FnOnce(&Link) -> Result<(T, Option<Left>), E>,
    ) -> Done<T, E> {
        let done = self.run_all(vec![act])?;
        let none = || DbError::NotCommitted("it was not run".to_owned());
        done.into_iter().next().ok_or_else(none)?
    }

    /// Runs acts one after the other, as long as they go well, and returns when they are on the disk.
    /// Those after the first that failed are not run and have no result.
    pub(crate) fn run_all<T, E: From<DbError>, A>(&self, acts: Vec<A>) -> Result<Vec<Done<T, E>>>
    where
        A: FnOnce(&Link) -> Result<(T, Option<Left>), E>,
    {
        self.queued.fetch_add(1, Ordering::SeqCst);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.queued.fetch_sub(1, Ordering::SeqCst);
        let batch = state.batch()?;
        let mut done = Vec::with_capacity(acts.len());
        for act in acts {
            let result = catch_unwind(AssertUnwindSafe(|| savepoint(&state.link, act)));
            state.n_acts += 1;
            let went_well = matches!(result, Ok(Ok(_)));
            done.push(result.map(|result| result.map(|(value, left)| (value, state.leave(left)))));
            if !went_well {
                break;
            }
        }
        self.close_or_wait(state, &batch);
        let outcome = batch.outcome.get();
        let result = |place: Option<usize>| match outcome {
            Some(Ok(stands)) => Ok(place.and_then(|place| stands.get(place).cloned())),
            Some(Err(reason)) => Err(DbError::NotCommitted(reason.clone())),
            None => Err(DbError::NotCommitted("nobody committed".to_owned())),
        };
        let finished = done.into_iter().map(|done| {
            let (value, place) = done.unwrap_or_else(|panic| resume_unwind(panic))?;
            Ok((value, result(place)?))
        });
        Ok(finished.collect())
    }

    fn close_or_wait(&self, mut state: MutexGuard<'_, State>, batch: &Batch) {
        // A full disk or a lost connection takes back the whole transaction by itself.
        let taken_back = state.link.is_taken_back();
        let nobody_waits = self.queued.load(Ordering::SeqCst) == 0;
        if taken_back || nobody_waits || state.n_acts >= MAX_ACTS {
            let outcome = if taken_back {
                Err("the transaction was taken back".to_owned())
            } else {
                state.commit(&self.fresh)
            };
            state.batch = None;
            drop(state);
            batch.end(outcome);
        } else {
            drop(state);
            batch.wait();
        }
    }
}

impl State {
    /// The open transaction, or a new one.
    fn batch(&mut self) -> Result<Arc<Batch>> {
        if let Some(batch) = &self.batch {
            return Ok(Arc::clone(batch));
        }
        if self.link.is_lost() {
            self.link = (self.reopen)()?;
        }
        let begun = self.link.begin_write();
        if let Err(error) = begun.and_then(|()| self.ledger.begin(&self.link)) {
            // What was begun, if anything was, must not be what the next act runs in.
            let _ = self.link.take_back("ROLLBACK");
            return Err(error);
        }
        self.n_acts = 0;
        self.left.clear();
        Ok(Arc::clone(self.batch.insert(Arc::default())))
    }

    /// Keeps what an act leaves behind, and gives its place.
    fn leave(&mut self, left: Option<Left>) -> Option<usize> {
        let left = left?;
        self.left.push(left);
        Some(self.left.len() - 1)
    }

    fn commit(&mut self, fresh: &Fresh) -> Result<Vec<Stand>, String> {
        let left = std::mem::take(&mut self.left);
        let finished = self.ledger.finish(&self.link, left);
        let committed = finished.and_then(|(stands, commit)| {
            self.link.run("COMMIT")?;
            if !stands.is_empty() {
                fresh.push(commit);
            }
            Ok(stands)
        });
        committed.map_err(|error| {
            self.ledger.forget();
            let _ = self.link.run("ROLLBACK");
            error.to_string()
        })
    }
}

/// Runs one act; its rows are taken back when it fails or panics.
fn savepoint<T, E: From<DbError>>(
    link: &Link,
    act: impl FnOnce(&Link) -> Result<T, E>,
) -> Result<T, E> {
    link.begin_part()?;
    let result = catch_unwind(AssertUnwindSafe(|| {
        let value = act(link)?;
        link.keep_part()?;
        Ok(value)
    }));
    if !matches!(result, Ok(Ok(_))) && !link.is_taken_back() {
        link.take_back_part()?;
    }
    result.unwrap_or_else(|panic| resume_unwind(panic))
}
