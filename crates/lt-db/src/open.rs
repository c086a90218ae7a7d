//! Opening a database file: the lock, the key, the settings, the schema.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use rusqlite_migration::{M, Migrations};

use lt_seal::{Key32, Secret};

use crate::error::{DbError, Result};

/// Every step of the schema, oldest first. A merged one is never edited.
const MIGRATIONS: &[M<'static>] = &[M::up(include_str!(
    "../../../migrations/server/0001_base.sql"
))];

/// Held while a process has the database: `<file>.lock`, with the fingerprint of the key in it, so
/// that a wrong key and a damaged file can be told apart.
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    pub(crate) fn take(database: &Path) -> Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(PathBuf::from(path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(DbError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The fingerprint of the key that opened the file last; empty when unknown.
    fn fingerprint(&mut self) -> Result<String> {
        let mut text = String::new();
        self.file.rewind()?;
        (&self.file).take(256).read_to_string(&mut text)?;
        Ok(text.trim().to_owned())
    }

    fn remember(&mut self, key: &Key32) -> Result<()> {
        if self.fingerprint()? != key.fingerprint() {
            self.file.rewind()?;
            self.file.set_len(0)?;
            self.file.write_all(key.fingerprint().as_bytes())?;
        }
        Ok(())
    }
}

/// Opens the one connection that writes, and brings the schema up to date.
pub(crate) fn writer(path: &Path, key: &Key32, lock: &mut Lock) -> Result<Connection> {
    let known = lock.fingerprint()?;
    if !known.is_empty() && known != key.fingerprint() && path.exists() {
        return Err(DbError::WrongKey);
    }
    let mut connection = match unlocked(path, key) {
        // The key is the one that opened it before, so the file itself must have suffered.
        Err(DbError::WrongKey) if known == key.fingerprint() => {
            Err(DbError::Damaged("the first page cannot be read".to_owned()))
        }
        other => other,
    }?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 1000;
         PRAGMA journal_size_limit = 16777216;
         PRAGMA checkpoint_fullfsync = 1;",
    )?;
    Migrations::from_slice(MIGRATIONS).to_latest(&mut connection)?;
    lock.remember(key)?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(crate) fn reader(path: &Path, key: &Key32) -> Result<Connection> {
    let connection = unlocked(path, key)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    Ok(connection)
}

/// A connection with the key given and proven right, and the settings that every one has.
pub(crate) fn unlocked(path: &Path, key: &Key32) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    let digits = key.to_hex_secret();
    let statement = Secret::new(format!("PRAGMA key = \"x'{}'\";", digits.expose()));
    connection.execute_batch(statement.expose())?;
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        .map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => DbError::WrongKey,
            _ => error.into(),
        })?;
    connection.execute_batch(
        "PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA cache_size = -32768;",
    )?;
    Ok(connection)
}

/// Reads every page and checks its seal and the structure; minutes for gigabytes.
pub(crate) fn check(connection: &Connection) -> Result<()> {
    for pragma in ["PRAGMA cipher_integrity_check", "PRAGMA quick_check"] {
        let mut statement = connection.prepare(pragma)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let finding: String = row.get(0)?;
            if finding != "ok" {
                return Err(DbError::Damaged(finding));
            }
        }
    }
    Ok(())
}
