//! Folders of processes that end without warning.

use std::{io, path::Path};

use tempfile::TempDir;

pub(super) use crate::folder::copy;

/// A folder of its own; in memory where the system has such a place, so that thousands of commits
/// do not wait for a disk.
pub(super) fn in_memory() -> io::Result<TempDir> {
    let shared = Path::new("/dev/shm");
    match tempfile::tempdir_in(shared) {
        Ok(folder) => Ok(folder),
        Err(_) => tempfile::tempdir(),
    }
}
