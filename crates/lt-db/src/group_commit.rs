//! The one writer. Acts that arrive while another one runs share its commit.
//!
//! Every act runs in a savepoint of the open transaction, so that a failing one takes back its own
//! rows alone. Whoever finds nobody waiting commits for all; the others sleep until then. A commit
//! costs a flush of the disk, so that under load sharing it multiplies the throughput; alone, an
//! act commits at once.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::Connection;

use crate::error::{DbError, Result};

/// Most acts in one transaction: bounds how long the first one waits.
const MAX_ACTS: usize = 32;

pub(crate) struct Writer {
    state: Mutex<State>,
    finished: Condvar,
    /// Acts that wait for their turn.
    queued: AtomicUsize,
}

struct State {
    connection: Connection,
    /// The open transaction, if there is one.
    batch: Option<Arc<Batch>>,
    n_acts: usize,
}

/// How the transaction that several acts share ended.
#[derive(Default)]
struct Batch {
    outcome: OnceLock<Result<(), String>>,
}

impl Writer {
    pub(crate) fn new(connection: Connection) -> Self {
        let state = State {
            connection,
            batch: None,
            n_acts: 0,
        };
        Self {
            state: Mutex::new(state),
            finished: Condvar::new(),
            queued: AtomicUsize::new(0),
        }
    }

    /// Runs an act and returns when it is on the disk, or not done at all.
    pub(crate) fn run<T, E: From<DbError>>(
        &self,
        act: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.queued.fetch_add(1, Ordering::SeqCst);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.queued.fetch_sub(1, Ordering::SeqCst);
        let batch = state.batch()?;
        let result = catch_unwind(AssertUnwindSafe(|| savepoint(&state.connection, act)));
        state.n_acts += 1;
        self.close_or_wait(state, &batch);
        let result = result.unwrap_or_else(|panic| resume_unwind(panic))?;
        match batch.outcome.get() {
            Some(Ok(())) => Ok(result),
            Some(Err(reason)) => Err(DbError::NotCommitted(reason.clone()).into()),
            None => Err(DbError::NotCommitted("nobody committed".to_owned()).into()),
        }
    }

    fn close_or_wait(&self, mut state: MutexGuard<'_, State>, batch: &Batch) {
        // SQLite takes back the whole transaction by itself when the disk is full or fails.
        let taken_back = state.connection.is_autocommit();
        let nobody_waits = self.queued.load(Ordering::SeqCst) == 0;
        if taken_back || nobody_waits || state.n_acts >= MAX_ACTS {
            let outcome = if taken_back {
                Err("the transaction was taken back".to_owned())
            } else {
                state.commit()
            };
            let _ = batch.outcome.set(outcome);
            state.batch = None;
            self.finished.notify_all();
        } else {
            while batch.outcome.get().is_none() {
                state = self
                    .finished
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

impl State {
    /// The open transaction, or a new one.
    fn batch(&mut self) -> Result<Arc<Batch>> {
        if let Some(batch) = &self.batch {
            return Ok(Arc::clone(batch));
        }
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        self.n_acts = 0;
        Ok(Arc::clone(self.batch.insert(Arc::default())))
    }

    fn commit(&self) -> Result<(), String> {
        self.connection.execute_batch("COMMIT").map_err(|error| {
            let _ = self.connection.execute_batch("ROLLBACK");
            error.to_string()
        })
    }
}

/// Runs one act; its rows are taken back when it fails or panics.
fn savepoint<T, E: From<DbError>>(
    connection: &Connection,
    act: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let run = |sql: &str| connection.execute_batch(sql).map_err(DbError::from);
    run("SAVEPOINT act")?;
    let result = catch_unwind(AssertUnwindSafe(|| act(connection)));
    if matches!(result, Ok(Ok(_))) {
        run("RELEASE act")?;
    } else if !connection.is_autocommit() {
        run("ROLLBACK TO act; RELEASE act")?;
    }
    result.unwrap_or_else(|panic| resume_unwind(panic))
}
