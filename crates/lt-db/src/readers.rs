//! Connections that read: a few are kept, and whoever finds none free waits for one. Opening one
//! takes longer than most reads do, and more of them than the machine has processors make nothing
//! faster.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    error::{DbError, Result},
    link::Link,
};

/// Connections that are kept.
const N_KEPT: usize = 8;
/// After so long without a free one another one is opened all the same, so that an act that reads
/// while it holds a connection does not wait for itself.
const PATIENCE: Duration = Duration::from_secs(2);
/// There are never more than so many: a database server has a limit that all its clients share.
const N_MOST: usize = 32;

#[derive(Default)]
pub(crate) struct Readers {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Link>,
    n_lent: usize,
}

/// A connection on loan. It goes back by [`Lent::give_back`]; dropped before, as in a panic, it ends.
pub(crate) struct Lent<'r> {
    readers: &'r Readers,
    /// There until it is dropped.
    link: Option<Link>,
    is_sound: bool,
}

impl Readers {
    /// With one connection.
    pub(crate) fn of(link: Link) -> Self {
        let readers = Self::default();
        readers.lock().idle.push(link);
        readers
    }

    /// An idle connection, or one that `open` opens.
    pub(crate) fn borrow(&self, open: impl FnOnce() -> Result<Link>) -> Result<Lent<'_>> {
        let mut state = self.lock();
        let mut most = N_KEPT;
        while state.idle.is_empty() && state.n_lent >= most {
            let none_is_free = |state: &mut State| state.idle.is_empty() && state.n_lent >= most;
            state = self
                .freed
                .wait_timeout_while(state, PATIENCE, none_is_free)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            most = N_MOST;
        }
        let link = state.idle.pop();
        state.n_lent += 1;
        drop(state);
        let link = match link {
            Some(link) => Ok(link),
            None => open(),
        };
        match link {
            Ok(link) => Ok(Lent {
                readers: self,
                link: Some(link),
                is_sound: false,
            }),
            Err(error) => {
                self.end_loan(None);
                Err(error)
            }
        }
    }

    fn end_loan(&self, link: Option<Link>) {
        let mut state = self.lock();
        state.n_lent = state.n_lent.saturating_sub(1);
        if state.idle.len() < N_KEPT {
            state.idle.extend(link);
        }
        drop(state);
        self.freed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent<'_> {
    /// Its transaction has ended: others may have it.
    pub(crate) fn give_back(mut self) {
        self.is_sound = true;
    }

    pub(crate) fn link(&self) -> Result<&Link> {
        self.link.as_ref().ok_or(DbError::Missing("connection"))
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let link = self.link.take().filter(|_| self.is_sound);
        self.readers.end_loan(link);
    }
}
