//! Opening a database file: the key, the settings, the schema.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};
use rusqlite_migration::{M, Migrations};

use lt_seal::{Key32, Secret};

use super::{
    lock::Lock,
    repair::{self, Repair},
};
use crate::error::{DbError, Result};

/// Every step of the schema, oldest first. A merged one is never edited.
const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0001_base.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0003_learning.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0004_engine_settings.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0005_live_rows.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0006_routing.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0007_tickets.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0008_conversation.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0009_attachments.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0010_people.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0012_presence.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0013_metrics.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0014_alerts.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0015_surveys.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0018_surges.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0019_quality.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0020_reports.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0021_attachments_of_a_day.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0022_numbers_by_group.sql"
    )),
    M::up(include_str!(
        "../../../../migrations/server/sqlite/0023_device_shares.sql"
    )),
];

/// Opens the one connection that writes, and brings the schema up to date.
pub(crate) fn writer(path: &Path, key: &Key32, lock: &Lock) -> Result<(Connection, Repair)> {
    let known = lock.note();
    if !known.fingerprint.is_empty() && known.fingerprint != key.fingerprint() && path.exists() {
        return Err(DbError::WrongKey);
    }
    let repair = repair::newest(path, key, &known)?;
    let mut connection = match unlocked(path, key) {
        // The key is the one that opened it before, so the file itself must have suffered.
        Err(DbError::WrongKey) if known.fingerprint == key.fingerprint() => {
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
    Ok((connection, repair))
}

/// Opens a connection that only reads.
pub(crate) fn reader(path: &Path, key: &Key32) -> Result<Connection> {
    let connection = unlocked(path, key)?;
    // There are several of them, and what they read again and again is little.
    connection.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA cache_size = -1024;",
    )?;
    Ok(connection)
}

/// A connection with the key given and proven right, and the settings that every one has.
pub(crate) fn unlocked(path: &Path, key: &Key32) -> Result<Connection> {
    await_cipher()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    // Otherwise a statement over a table with a partial index is planned again at every use, in case
    // what is bound to it decides about the index.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
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

/// Waits until SQLCipher is set up. SQLite calls itself ready before it has set SQLCipher up, so that
/// of two first connections of a process the second finds no cipher and its key is refused.
fn await_cipher() -> Result<()> {
    /// A thousandth of a second each; one is rarely needed.
    const N_TRIES: usize = 2_000;
    static IS_READY: Mutex<bool> = Mutex::new(false);
    let mut is_ready = IS_READY.lock().unwrap_or_else(PoisonError::into_inner);
    let mut n_tries = 0;
    while !*is_ready {
        match Connection::open_in_memory()?.execute_batch("PRAGMA key = 'probe';") {
            Ok(()) => *is_ready = true,
            Err(error) if n_tries == N_TRIES => return Err(error.into()),
            Err(_) => thread::sleep(Duration::from_millis(1)),
        }
        n_tries += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
