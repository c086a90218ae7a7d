//! Opens the store, and sets a damaged one aside.

use std::path::Path;

use lt_model::Millis;
use lt_seal::Key32;
use rusqlite::Connection;

use crate::{
    Result, Store, StoreError, connect, exchange, files, lock::Lock, recover, table::meta,
};

/// How the store was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// As it was left, or new.
    Fine,
    /// It was damaged or gone. The damaged file lies beside the new one under another name; what
    /// the server has is fetched again.
    Replaced {
        /// Whether all operations that had not been answered, and all drafts, were read from the
        /// damaged file. If not, something may be lost: tell the agent.
        unsent_recovered: bool,
    },
}

impl Store {
    /// Opens the store of a folder, or makes it. Every page is authenticated first (0.37 s for
    /// 72 MB); a damaged file is set aside, and what had not been sent is carried over.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`]: the file is of another key and was not touched.
    /// [`StoreError::InUse`]: another program has it. [`StoreError::TooNew`],
    /// [`StoreError::Full`], [`StoreError::Io`].
    pub fn open(folder: &Path, root: &Key32, now: Millis) -> Result<(Self, Opened)> {
        files::make_folder(folder)?;
        let lock = Lock::take(folder)?;
        if exchange::is_on_its_way(folder) {
            // What lies there may be neither store, or none: the key ring settles that.
            return Err(StoreError::Broken("an exchange of the store is finished"));
        }
        let path = folder.join(files::STORE);
        let key = connect::database_key(root);
        let known = claim_folder(folder, &key)?;
        finish_replacement(folder, &path)?;

        let is_gone = std::fs::metadata(&path).map_or(true, |meta| meta.len() == 0);
        let (mut writer, opened) = match known {
            KeyId::Absent if is_gone && lock.noted() == 0 => (create(&path, &key)?, Opened::Fine),
            KeyId::Absent | KeyId::Ours if is_gone => replace(folder, &path, root, true, now)?,
            KeyId::Absent | KeyId::Ours => {
                let lacks = lacks_commits(&path, &key, lock.noted())?;
                match open_sound(&path, &key) {
                    Ok(writer) if !lacks => (writer, Opened::Fine),
                    Ok(writer) => {
                        tracing::warn!("the store has lost its newest commits and is set aside");
                        writer.close().map_err(|(_, error)| error)?;
                        replace(folder, &path, root, true, now)?
                    }
                    // Without the note of whose file it is, an unreadable head may mean another key.
                    Err(StoreError::Damaged(source)) if known == KeyId::Absent => {
                        return Err(absent_note(source));
                    }
                    Err(StoreError::Damaged(source)) => {
                        tracing::warn!(error = %source, "the store is damaged and is set aside");
                        replace(folder, &path, root, lacks, now)?
                    }
                    Err(other) => return Err(other),
                }
            }
        };
        files::replace(&folder.join(files::KEY_ID), &key.fingerprint())?;
        lock.begin(meta::n_commits(&writer)?)?;
        if meta::get(&writer, meta::KEYED_AT)?.is_none() {
            let tx = writer.transaction()?;
            meta::set(&tx, meta::KEYED_AT, &now.to_string())?;
            tx.commit()?;
        }
        Ok((Self::new(path, root, writer, lock, now)?, opened))
    }
}

/// Whether the note beside the database names our key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyId {
    Ours,
    Absent,
}

fn claim_folder(folder: &Path, key: &Key32) -> Result<KeyId> {
    match std::fs::read(folder.join(files::KEY_ID)) {
        Ok(noted) if noted == key.fingerprint().as_bytes() => Ok(KeyId::Ours),
        Ok(noted) if is_fingerprint(&noted, key) => Err(StoreError::WrongKey),
        // A garbled note names nobody's key.
        Ok(_) => Ok(KeyId::Absent),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(KeyId::Absent),
        Err(error) => Err(error.into()),
    }
}

fn is_fingerprint(noted: &[u8], key: &Key32) -> bool {
    noted.len() == key.fingerprint().len() && noted.iter().all(u8::is_ascii_hexdigit)
}

/// Whether the store has fewer commits than were noted. A byte that changed in its log hides all
/// commits behind it: those are brought back first, as far as their pages are sound.
fn lacks_commits(path: &Path, key: &Key32, noted: u64) -> Result<bool> {
    let is_complete = || connect::n_commits(path, key).is_ok_and(|found| found >= noted);
    if noted == 0 || is_complete() {
        return Ok(false);
    }
    let log_path = files::with_suffix(path, "-wal");
    let log = std::fs::read(&log_path).unwrap_or_default();
    if let Some(chained) = lt_seal::wal::rechain(&log) {
        std::fs::write(&log_path, chained)?;
        if is_complete() {
            tracing::warn!("the log of the store was damaged; its commits are there again");
            return Ok(false);
        }
    }
    Ok(true)
}

fn absent_note(source: rusqlite::Error) -> StoreError {
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => StoreError::WrongKey,
        _ => StoreError::Damaged(source),
    }
}

/// A crash may have come after the damaged file was set aside and before its replacement was put in
/// its place.
fn finish_replacement(folder: &Path, path: &Path) -> Result<()> {
    let replacement = folder.join(files::REPLACEMENT);
    if path.exists() || !replacement.exists() {
        return Ok(());
    }
    if files::with_suffix(&replacement, "-wal").exists() {
        // It was not finished: the file that it would have replaced is still the newest one aside.
        return Ok(());
    }
    Ok(files::rename_database(&replacement, path)?)
}

fn create(path: &Path, key: &Key32) -> Result<Connection> {
    files::touch_private(path)?;
    let mut writer = connect::writer(path, key)?;
    connect::migrate(&mut writer)?;
    Ok(writer)
}

fn open_sound(path: &Path, key: &Key32) -> Result<Connection> {
    let mut writer = connect::writer(path, key)?;
    // Pages that are still in the log are looked at in the file.
    writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    if !connect::pages_are_sound(&writer)? {
        let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        return Err(StoreError::Damaged(rusqlite::Error::SqliteFailure(
            corrupt, None,
        )));
    }
    connect::migrate(&mut writer)?;
    Ok(writer)
}

/// Builds the new store beside the damaged one, with what can be carried over, then swaps them.
/// Where the damaged one `lacks` commits, more may have waited than can be read.
fn replace(
    folder: &Path,
    path: &Path,
    root: &Key32,
    lacks: bool,
    now: Millis,
) -> Result<(Connection, Opened)> {
    let key = connect::database_key(root);
    let replacement = folder.join(files::REPLACEMENT);
    files::remove_database(&replacement)?;
    let salvage = recover::read(path, &key);
    let unsent_recovered = salvage.is_complete() && !lacks;

    let mut writer = create(&replacement, &key)?;
    recover::write(&mut writer, salvage, root, now)?;
    // Closing the only connection folds the log into the file: the replacement is one file then.
    writer.close().map_err(|(_, error)| error)?;

    files::rename_database(path, &files::aside(path, now))?;
    files::rename_database(&replacement, path)?;
    let writer = connect::writer(path, &key)?;
    Ok((writer, Opened::Replaced { unsent_recovered }))
}
