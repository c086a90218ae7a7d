//! Folders of processes that end without warning.

use std::{fs, io, path::Path};

use tempfile::TempDir;

/// A folder of its own; in memory where the system has such a place, so that thousands of commits
/// do not wait for a disk.
pub(super) fn in_memory() -> io::Result<TempDir> {
    let shared = Path::new("/dev/shm");
    match tempfile::tempdir_in(shared) {
        Ok(folder) => Ok(folder),
        Err(_) => tempfile::tempdir(),
    }
}

/// Copies a folder as it is: what a process leaves that is killed now. What was there is replaced.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            match fs::copy(entry.path(), &target) {
                // SQLite may take a file of its own away at any time.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                copied => drop(copied?),
            }
        }
    }
    Ok(())
}
