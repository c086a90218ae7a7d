//! A new root key for a store that nobody has open.
//!
//! The database is copied, the copy is sealed under the new key and checked page by page, and only
//! then does it take the old one's place, by one rename. Meanwhile `keys.json` holds both root
//! keys, each sealed as the agent opens it. So there is no moment at which a killed desk is left
//! with a database whose key is nowhere: the next unlocking sees which key opens it and drops the
//! other one ([`settle`]).
//!
//! **Invariant:** the old key goes when the database has opened with the new one and all of its
//! pages are sound, never before.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use lt_model::{Millis, audit::Actor};
use lt_seal::{Key32, encode::hex_encode};
use rusqlite::{Connection, TransactionBehavior};

use crate::{
    Result, Store, StoreError, connect, files,
    lock::Lock,
    store::{Act, stored_audit_key},
    table::{audit, meta},
};

/// A root key older than this is to be changed: a year.
pub const MAX_AGE_MS: Millis = 365 * 24 * 60 * 60 * 1_000;

/// How far a change of the key has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The database is being copied.
    Copying,
    /// The copy is being sealed under the new key.
    Sealing,
    /// The copy's pages are being checked.
    Checking,
    /// The copy takes the place of the database.
    Placing,
}

impl Store {
    /// Since when the store has its root key.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn keyed_at(&self) -> Result<Millis> {
        self.read(|connection| Ok(meta::get_int(connection, meta::KEYED_AT)?.unwrap_or(0)))
    }
}

/// What a root key is to the database of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// It does not open it, or there is none.
    No,
    /// It opens it, but not every page is sound.
    Unsound,
    /// It opens it, and every page is sound.
    Sound,
}

/// Which of two root keys the database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Still the old one; the new one can go.
    Old,
    /// The new one; the old one can go.
    Next,
    /// The old one, as far as can be told: none can go.
    OldPerhaps,
    /// The new one, as far as can be told: none can go.
    NextPerhaps,
}

/// Finds out which root key the database has, and tidies up what an interrupted change left. A key
/// that could not be unsealed is left out.
pub(crate) fn settle(folder: &Path, old: Option<&Key32>, next: Option<&Key32>) -> Result<Settled> {
    let path = folder.join(files::STORE);
    let fit = |root: Option<&Key32>| root.map_or(Ok(Fit::No), |root| fit(&path, root));
    let settled = match (fit(next)?, fit(old)?) {
        (Fit::Sound, _) => Settled::Next,
        (Fit::Unsound, _) => Settled::NextPerhaps,
        (Fit::No, Fit::Sound) => Settled::Old,
        (Fit::No, Fit::Unsound) => Settled::OldPerhaps,
        (Fit::No, Fit::No) => undecided(folder, old, next),
    };
    let fits = match settled {
        Settled::Next => next,
        Settled::Old => old,
        Settled::NextPerhaps | Settled::OldPerhaps => None,
    };
    if let Some(root) = fits {
        files::remove_database(&folder.join(files::REKEYED))?;
        let fingerprint = connect::database_key(root).fingerprint();
        files::replace(&folder.join(files::KEY_ID), &fingerprint)?;
    }
    Ok(settled)
}

/// The database cannot be read with either: the note beside it says whose it was.
fn undecided(folder: &Path, old: Option<&Key32>, next: Option<&Key32>) -> Settled {
    let noted = std::fs::read_to_string(folder.join(files::KEY_ID)).unwrap_or_default();
    let is_noted = |root: &Key32| connect::database_key(root).fingerprint() == noted;
    if next.is_some_and(is_noted) || old.is_none() {
        Settled::NextPerhaps
    } else {
        Settled::OldPerhaps
    }
}

fn fit(path: &Path, root: &Key32) -> Result<Fit> {
    if std::fs::metadata(path).map_or(true, |meta| meta.len() == 0) {
        return Ok(Fit::No);
    }
    let writer = match connect::writer(path, &connect::database_key(root)) {
        Ok(writer) => writer,
        Err(StoreError::Damaged(_)) => return Ok(Fit::No),
        Err(other) => return Err(other),
    };
    // Pages that are still in the log are looked at in the file.
    let is_sound = writer
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(StoreError::from)
        .and_then(|()| connect::pages_are_sound(&writer));
    match is_sound {
        Ok(true) => Ok(Fit::Sound),
        Ok(false) | Err(StoreError::Damaged(_)) => Ok(Fit::Unsound),
        Err(other) => Err(other),
    }
}

/// Seals the database of a folder under another root key. Both keys stand in the key file
/// already, and the lock is held.
pub(crate) fn rewrite(
    folder: &Path,
    lock: &Lock,
    (old, next): (&Key32, &Key32),
    now: Millis,
    tell: &mut dyn FnMut(Stage),
) -> Result<()> {
    let path = folder.join(files::STORE);
    let copy = folder.join(files::REKEYED);
    let (old_key, next_key) = (connect::database_key(old), connect::database_key(next));
    files::remove_database(&copy)?;

    tell(Stage::Copying);
    let writer = connect::writer(&path, &old_key)?;
    writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let n_commits = meta::n_commits(&writer)?;
    if n_commits < lock.noted() {
        // Opening the store normally deals with that.
        return Err(StoreError::Broken("a store has all of its commits"));
    }
    connect::copy(&writer, &copy)?;
    // The last connection folds the log into the file and removes it.
    writer.close().map_err(|(_, error)| error)?;

    tell(Stage::Sealing);
    connect::reseal(&copy, &old_key, &next_key)?;
    note(&copy, &next_key, old, now)?;

    tell(Stage::Checking);
    let n_copied = sound_commits(&copy, &next_key)?;
    if n_copied <= n_commits {
        return Err(StoreError::Broken("the copy has all commits"));
    }

    tell(Stage::Placing);
    place(&copy, &path)?;
    Ok(files::replace(
        &folder.join(files::KEY_ID),
        &next_key.fingerprint(),
    )?)
}

/// Writes into the copy since when it has its key, and that it got one. Its audit records go on
/// under the key that they began with.
fn note(copy: &Path, key: &Key32, old: &Key32, now: Millis) -> Result<()> {
    let mut writer = connect::plain_writer(copy, key)?;
    let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let audit_key = stored_audit_key(&tx, old)?;
    meta::set(&tx, meta::AUDIT_KEY, &hex_encode(audit_key.expose()))?;
    meta::set(&tx, meta::KEYED_AT, &now.to_string())?;
    let act = Act::done("key.rekey", "store:desktop".to_owned());
    audit::append(&tx, &audit_key, &act.entry(Actor::System, now))?;
    meta::count_commit(&tx)?;
    tx.commit()?;
    Ok(writer.close().map_err(|(_, error)| error)?)
}

/// Checks every page and the structure of a database; gives its number of commits.
pub(crate) fn sound_commits(path: &Path, key: &Key32) -> Result<u64> {
    let reader: Connection = connect::reader(path, key)?;
    let is_sound = connect::pages_are_sound(&reader)?;
    let structure: String = reader.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if !is_sound || structure != "ok" {
        return Err(StoreError::Broken("a copy is sound"));
    }
    meta::n_commits(&reader)
}

/// Puts a finished database, which is one file, into the place of another one.
pub(crate) fn place(from: &Path, to: &Path) -> Result<()> {
    let log = files::with_suffix(to, "-wal");
    if std::fs::metadata(&log).is_ok_and(|meta| meta.len() > 0) {
        // It would be taken for the log of the new file.
        return Err(StoreError::Broken("a closed store has no log"));
    }
    for companion in [log, files::with_suffix(to, "-shm")] {
        remove(&companion)?;
    }
    File::options().write(true).open(from)?.sync_all()?;
    std::fs::rename(from, to)?;
    Ok(files::sync_folder(to)?)
}

fn remove(path: &PathBuf) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
