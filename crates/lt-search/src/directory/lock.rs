//! Locks that end with their holder, so that a killed process leaves none behind.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::Duration;

use tantivy::directory::DirectoryLock;
use tantivy::directory::error::LockError;

/// A blocking lock is held for milliseconds; five seconds mean that something hangs.
const N_TRIES: u32 = 250;
const PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock, waiting for it if `is_blocking`.
pub(super) fn acquire(place: &Path, is_blocking: bool) -> Result<DirectoryLock, LockError> {
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(place)
        .map_err(LockError::wrap_io_error)?;
    let mut n_tries_left = if is_blocking { N_TRIES } else { 1 };
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(DirectoryLock::from(Box::new(file))),
            Err(TryLockError::Error(error)) => return Err(LockError::wrap_io_error(error)),
            Err(TryLockError::WouldBlock) => n_tries_left -= 1,
        }
        if n_tries_left == 0 {
            return Err(LockError::LockBusy);
        }
        thread::sleep(PAUSE);
    }
}
