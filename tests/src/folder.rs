//! Copies of the folders of programs that run.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Copies a folder as it is. What was there is replaced.
///
/// # Errors
/// What the file system says; a file that goes while its folder is read is no error.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
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
            // A running program may take a file of its own away at any time.
            unless_gone(fs::copy(entry.path(), &target))?;
        }
    }
    Ok(())
}

/// Copies a folder of a program that still runs, so that all files are of one moment: what the
/// program leaves that is killed then. Copies again for as long as something changed meanwhile.
///
/// # Errors
/// What the file system says; a folder that was changed during each of a thousand copies.
pub fn copy_of_one_moment(from: &Path, to: &Path) -> io::Result<()> {
    for _ in 0..1000 {
        let before = marks(from)?;
        copy(from, to)?;
        if marks(from)? == before {
            return Ok(());
        }
    }
    Err(io::Error::other("the folder does not come to rest"))
}

/// Name, length and last change of every file but SQLite's shared memory, which readers write too.
fn marks(folder: &Path) -> io::Result<Vec<(PathBuf, u64, SystemTime)>> {
    let mut marks = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            marks.extend(self::marks(&path)?);
        } else if !path.to_string_lossy().ends_with("-shm")
            && let Some(about) = unless_gone(fs::metadata(&path))?
        {
            marks.push((path, about.len(), about.modified()?));
        }
    }
    marks.sort();
    Ok(marks)
}

/// What came of it, or none where the file is no longer there.
pub(crate) fn unless_gone<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        done => done.map(Some),
    }
}
