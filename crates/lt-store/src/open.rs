//! Opens the store, and sets a damaged one aside.

use std::path::Path;

use lt_model::Millis;
use lt_seal::Key32;
use rusqlite::Connection;

use crate::{Result, Store, StoreError, connect, files, recover};

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
    /// [`StoreError::TooNew`], [`StoreError::Full`], [`StoreError::Io`].
    pub fn open(folder: &Path, root: &Key32, now: Millis) -> Result<(Self, Opened)> {
        files::make_folder(folder)?;
        let path = folder.join(files::STORE);
        let key = connect::database_key(root);
        let known = claim_folder(folder, &key)?;
        finish_replacement(folder, &path)?;

        let is_gone = std::fs::metadata(&path).map_or(true, |meta| meta.len() == 0);
        let (writer, opened) = match (known, is_gone) {
            (KeyId::Ours, true) => replace(folder, &path, root, now)?,
            (KeyId::Absent, true) => (create(&path, &key)?, Opened::Fine),
            (_, false) => match open_sound(&path, &key) {
                Ok(writer) => (writer, Opened::Fine),
                // Without the note of whose file it is, an unreadable head may mean another key.
                Err(StoreError::Damaged(source)) if known == KeyId::Absent => {
                    return Err(absent_note(source));
                }
                Err(StoreError::Damaged(source)) => {
                    tracing::warn!(error = %source, "the store is damaged and is set aside");
                    replace(folder, &path, root, now)?
                }
                Err(other) => return Err(other),
            },
        };
        files::replace(&folder.join(files::KEY_ID), &key.fingerprint())?;
        Ok((Self::new(path, root, writer), opened))
    }
}

/// Whether the note beside the database names our key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyId {
    Ours,
    Absent,
}

fn claim_folder(folder: &Path, key: &Key32) -> Result<KeyId> {
    match std::fs::read_to_string(folder.join(files::KEY_ID)) {
        Ok(noted) if noted == key.fingerprint() => Ok(KeyId::Ours),
        Ok(_) => Err(StoreError::WrongKey),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(KeyId::Absent),
        Err(error) => Err(error.into()),
    }
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
fn replace(folder: &Path, path: &Path, root: &Key32, now: Millis) -> Result<(Connection, Opened)> {
    let key = connect::database_key(root);
    let replacement = folder.join(files::REPLACEMENT);
    files::remove_database(&replacement)?;
    let salvage = recover::read(path, &key);
    let unsent_recovered = salvage.is_complete();

    let mut writer = create(&replacement, &key)?;
    recover::write(&mut writer, salvage, root, now)?;
    // Closing the only connection folds the log into the file: the replacement is one file then.
    writer.close().map_err(|(_, error)| error)?;

    files::rename_database(path, &files::aside(path, now))?;
    files::rename_database(&replacement, path)?;
    let writer = connect::writer(path, &key)?;
    Ok((writer, Opened::Replaced { unsent_recovered }))
}
