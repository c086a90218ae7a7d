//! A database that has fewer acts than were committed: its log was damaged or is gone, or an older
//! copy was put in its place. Nothing is thrown away: the files as found are copied first.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lt_seal::{Key32, wal::rechain};
use rusqlite::{Connection, OptionalExtension, config::DbConfig};

use super::{check, lock::Note, open};
use crate::{
    error::{DbError, Result},
    seam::DEFAULT_TENANT,
};

/// What was wrong with the newest acts when the database was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing.
    None,
    /// They were behind a damage of the log, and all of them are there again.
    Recovered {
        /// How many.
        n_acts: u64,
        /// A copy of the files as they were found.
        copy: PathBuf,
    },
    /// They are gone. The data has a new generation, so that desktops fetch all of it again.
    Lost {
        /// How many.
        n_acts: u64,
        /// A copy of the files as they were found.
        copy: PathBuf,
    },
}

/// Brings the newest acts back where the log still has them.
pub(crate) fn newest(path: &Path, key: &Key32, known: &Note) -> Result<Repair> {
    let found = n_acts(path, key);
    if found.as_ref().map_or(true, |found| *found >= known.n_acts) {
        // A file that cannot be read at all is told of by whoever opens it.
        return Ok(Repair::None);
    }
    let copy = copy_of(path)?;
    let log_path = beside(path, "-wal");
    let log = fs::read(&log_path).unwrap_or_default();
    let mut found = found.unwrap_or(0);
    if let Some(chained) = rechain(&log) {
        fs::write(&log_path, chained)?;
        match checked(path, key) {
            Ok(now) => found = now,
            Err(_) => fs::write(&log_path, &log)?,
        }
    }
    if found == 0 {
        // Nothing was changed, and the next try would only copy it again.
        for companion in ["", "-wal"] {
            let _ = fs::remove_file(beside(&copy, companion));
        }
        return Err(DbError::Emptied {
            n_acts: known.n_acts,
        });
    }
    Ok(match known.n_acts.checked_sub(found) {
        None | Some(0) => Repair::Recovered {
            n_acts: known.n_acts,
            copy,
        },
        Some(n_acts) => Repair::Lost { n_acts, copy },
    })
}

/// Acts in the database; 0 where it is empty or missing. The log stays as it is.
fn n_acts(path: &Path, key: &Key32) -> Result<u64> {
    count(path, key, false)
}

/// The same, of a database whose every page is authentic.
fn checked(path: &Path, key: &Key32) -> Result<u64> {
    count(path, key, true)
}

fn count(path: &Path, key: &Key32, check: bool) -> Result<u64> {
    if fs::metadata(path).map_or(true, |meta| meta.len() == 0) {
        return Ok(0);
    }
    let connection = open::unlocked(path, key)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    if check {
        check::check(&connection)?;
    }
    head(&connection)
}

/// The number of the last act, which the audit log counts.
pub(crate) fn head(connection: &Connection) -> Result<u64> {
    let is_new: bool = connection.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'audit_head')",
        [],
        |row| row.get(0),
    )?;
    if is_new {
        return Ok(0);
    }
    let n: Option<i64> = connection
        .query_row(
            "SELECT n FROM audit_head WHERE tenant = ?1",
            [DEFAULT_TENANT],
            |row| row.get(0),
        )
        .optional()?;
    Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// Copies the database and its log to a name that is free.
fn copy_of(path: &Path) -> Result<PathBuf> {
    let free = (1_u32..)
        .map(|n| beside(path, &format!(".found-{n}")))
        .find(|copy| !copy.exists() && !beside(copy, "-wal").exists())
        .unwrap_or_else(|| beside(path, ".found"));
    for companion in ["", "-wal"] {
        let from = beside(path, companion);
        if from.exists() {
            fs::copy(from, beside(&free, companion))?;
        }
    }
    Ok(free)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
