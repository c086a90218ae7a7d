//! `store.lock`: held while a program has the store open, with a note of how far the store had come.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{Result, StoreError, files};

/// A program that was told to close may still be at it.
const PATIENCE: Duration = Duration::from_secs(3);
const ASK_AGAIN: Duration = Duration::from_millis(25);

/// The held file. It is not flushed: the note may stay behind the store, never run ahead of it.
#[derive(Debug)]
pub(crate) struct Lock {
    file: Mutex<File>,
    /// The store had at least so many commits: one with fewer has lost some.
    n_commits: u64,
}

impl Lock {
    /// Waits a moment for whoever closes.
    pub(crate) fn take(folder: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).create(true).truncate(false);
        let mut file = files::private(&folder.join(files::LOCK), &mut options)?;
        let until = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(ASK_AGAIN);
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        let mut bytes = Vec::new();
        (&mut file).take(64).read_to_end(&mut bytes)?;
        // A note that cannot be read says nothing.
        let text = String::from_utf8_lossy(&bytes);
        let n_commits = text.trim().parse().unwrap_or(0);
        Ok(Self {
            file: Mutex::new(file),
            n_commits,
        })
    }

    /// What was noted before it was taken.
    pub(crate) fn noted(&self) -> u64 {
        self.n_commits
    }

    /// Begins a note, whatever is there.
    pub(crate) fn begin(&self, n_commits: u64) -> Result<()> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.set_len(0)?;
        write(&file, n_commits)
    }

    /// Drops the note, durably: a store with fewer commits may take the place of this one.
    pub(crate) fn forget(&self) -> Result<()> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.set_len(0)?;
        Ok(file.sync_all()?)
    }

    /// Notes a commit. The caller has the one writer, so that the numbers come in order.
    pub(crate) fn came_to(&self, n_commits: u64) -> Result<()> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        write(&file, n_commits)
    }
}

fn write(mut file: &File, n_commits: u64) -> Result<()> {
    file.rewind()?;
    // Of one length, so that writing over it leaves nothing of the note before.
    Ok(file.write_all(format!("{n_commits:020}\n").as_bytes())?)
}
