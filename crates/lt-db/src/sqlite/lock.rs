//! `<file>.lock`: held while a process has the database, with a note of what it held last.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use lt_seal::Key32;

use crate::error::{DbError, Result};

/// What the file says about the database beside it. A note that cannot be read says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Note {
    /// Fingerprint of the key that opened it last, so that a wrong key and a damaged file can be
    /// told apart; empty when unknown.
    pub(crate) fingerprint: String,
    /// At least so many acts were committed: a database with fewer has lost some.
    pub(crate) n_acts: u64,
}

/// The held file. It is not flushed: it may stay behind the database, never run ahead of it.
pub(crate) struct Lock {
    file: Mutex<(File, Note)>,
}

impl Lock {
    pub(crate) fn take(database: &Path) -> Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(PathBuf::from(path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DbError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut bytes = Vec::new();
        (&mut file).take(256).read_to_end(&mut bytes)?;
        let note = read(&String::from_utf8_lossy(&bytes));
        Ok(Self {
            file: Mutex::new((file, note)),
        })
    }

    pub(crate) fn note(&self) -> Note {
        self.held().1.clone()
    }

    /// Notes whose database it is, and how far it has come.
    pub(crate) fn begin(&self, key: &Key32, n_acts: u64) -> Result<()> {
        let mut held = self.held();
        held.1 = Note {
            fingerprint: key.fingerprint(),
            n_acts,
        };
        held.0.set_len(0)?;
        write(&mut held)
    }

    /// Notes a committed act.
    pub(crate) fn came_to(&self, n_acts: u64) -> Result<()> {
        let mut held = self.held();
        if n_acts <= held.1.n_acts {
            return Ok(());
        }
        held.1.n_acts = n_acts;
        write(&mut held)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, (File, Note)> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write((file, note): &mut (File, Note)) -> Result<()> {
    file.rewind()?;
    // Of one length, so that writing over it leaves nothing of the note before.
    let line = format!("{} {:020}\n", note.fingerprint, note.n_acts);
    Ok(file.write_all(line.as_bytes())?)
}

fn read(text: &str) -> Note {
    let mut words = text.split_ascii_whitespace();
    let fingerprint = words.next().unwrap_or_default();
    let is_hex = fingerprint.chars().all(|c| c.is_ascii_hexdigit());
    if fingerprint.is_empty() || !is_hex {
        return Note::default();
    }
    Note {
        fingerprint: fingerprint.to_owned(),
        n_acts: words.next().and_then(|n| n.parse().ok()).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_is_none_says_nothing() {
        let note = |fingerprint: &str, n_acts| Note {
            fingerprint: fingerprint.to_owned(),
            n_acts,
        };
        for (text, expected) in [
            ("", note("", 0)),
            ("not hex 7", note("", 0)),
            ("\u{fffd}\u{fffd}", note("", 0)),
            ("ab12", note("ab12", 0)),
            ("ab12 x", note("ab12", 0)),
            ("ab12 00000000000000000041\n", note("ab12", 41)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
