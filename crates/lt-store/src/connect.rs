//! Opens one connection, keyed and set up the same way everywhere.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use lt_seal::Key32;
use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::{
    Result, StoreError, files,
    table::{meta, metric},
};

/// Pages in memory, in KiB: a cached read costs what it costs without encryption, an uncached one four times that.
const WRITER_CACHE_KIB: u32 = 32_768;
const READER_CACHE_KIB: u32 = 16_384;
/// Statements kept prepared; the store has fewer.
const N_STATEMENTS: usize = 128;

/// The key of the database as SQLCipher takes it, derived from the root key.
pub(crate) fn database_key(root: &Key32) -> Key32 {
    lt_seal::derive(root, "db/v1", b"")
}

/// The connection that writes.
pub(crate) fn writer(path: &Path, key: &Key32) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = keyed(path, key, flags)?;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON; PRAGMA busy_timeout = 5000;
         PRAGMA cache_size = -{WRITER_CACHE_KIB}; PRAGMA wal_autocheckpoint = 1000;
         PRAGMA journal_size_limit = 16777216; PRAGMA checkpoint_fullfsync = 1;"
    ))?;
    Ok(connection)
}

/// A connection that reads and cannot write.
pub(crate) fn reader(path: &Path, key: &Key32) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = keyed(path, key, flags)?;
    connection.execute_batch(&format!(
        "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON; PRAGMA busy_timeout = 5000;
         PRAGMA cache_size = -{READER_CACHE_KIB};"
    ))?;
    Ok(connection)
}

/// A connection that writes to a database which is one file and stays one: a copy that is being
/// made. It is not durable before the file is synced.
pub(crate) fn plain_writer(path: &Path, key: &Key32) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = keyed(path, key, flags)?;
    connection.query_row("PRAGMA journal_mode = MEMORY", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(connection)
}

/// A connection to copy from.
pub(crate) fn copier(path: &Path, key: &Key32) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = keyed(path, key, flags)?;
    connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 5000;")?;
    Ok(connection)
}

/// Copies the database as it is at this moment into a new file, under the same key.
pub(crate) fn copy(connection: &Connection, to: &Path) -> Result<()> {
    files::touch_private(to)?;
    let to = to.to_str().ok_or(StoreError::Unreadable("path"))?;
    connection.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}

/// Seals a database, which is one file and not needed if this breaks off, under another key.
pub(crate) fn reseal(path: &Path, from: &Key32, to: &Key32) -> Result<()> {
    let connection = plain_writer(path, from)?;
    let hex = to.to_hex_secret();
    let statement = lt_seal::Secret::new(format!("PRAGMA rekey = \"x'{}'\";", hex.expose()));
    connection.execute_batch(statement.expose())?;
    Ok(connection.close().map_err(|(_, error)| error)?)
}

/// Gives the key, then reads the first page: that is where a wrong key or a damaged head shows.
fn keyed(path: &Path, key: &Key32, flags: OpenFlags) -> Result<Connection> {
    await_cipher()?;
    let connection = Connection::open_with_flags(path, flags)?;
    let hex = key.to_hex_secret();
    let statement = lt_seal::Secret::new(format!("PRAGMA key = \"x'{}'\";", hex.expose()));
    connection.execute_batch(statement.expose())?;
    // Otherwise SQLCipher would tell standard error about every page that does not authenticate.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| {
        row.get::<_, i64>(0)
    })?;
    connection.set_prepared_statement_cache_capacity(N_STATEMENTS);
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

/// Commits that a store has, to be asked before it is open. Its log stays as it is.
pub(crate) fn n_commits(path: &Path, key: &Key32) -> Result<u64> {
    let connection = reader(path, key)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    meta::n_commits(&connection)
}

/// Whether every page of the file authenticates. Reads the whole file: 0.37 s for 72 MB.
pub(crate) fn pages_are_sound(connection: &Connection) -> Result<bool> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    let n_faults = statement.query_map([], |_| Ok(()))?.count();
    Ok(n_faults == 0)
}

/// Every step of the schema, oldest first. A merged one is never edited.
const STEPS: &[rusqlite_migration::M<'_>] = &[
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0001_store.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0003_pick.sql")),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0004_engine_settings.sql"
    )),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0005_snapshot.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0006_conflict.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0007_lists.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0008_routing.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0009_tickets.sql")),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0010_conversation.sql"
    )),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0011_attachments.sql"
    )),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0012_people.sql")),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0013_ticket_notes.sql"
    )),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0014_desk.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0015_metrics.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0016_alerts.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0017_surveys.sql")),
    rusqlite_migration::M::up(include_str!("../../../migrations/local/0018_quality.sql")),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0019_whisper_draft.sql"
    )),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0020_metric_sums.sql"
    )),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0021_quality_of_conversation.sql"
    )),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0022_metric_totals.sql"
    )),
    rusqlite_migration::M::up(include_str!(
        "../../../migrations/local/0023_settings_anew.sql"
    )),
];

/// Brings the schema up to date, in one transaction, and then what is kept in it twice.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    use rusqlite_migration::{Error, MigrationDefinitionError, Migrations};

    match Migrations::from_slice(STEPS).to_latest(connection) {
        Ok(()) => metric::fill_totals(connection),
        Err(Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead)) => {
            Err(StoreError::TooNew)
        }
        Err(Error::RusqliteError { err, .. }) => Err(err.into()),
        Err(_) => Err(StoreError::Broken("schema")),
    }
}

#[cfg(test)]
mod tests;
