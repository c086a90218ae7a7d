//! Single values.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::Result;

/// Generation of the server's data that the cache and the cursors belong to.
pub(crate) const GENERATION: &str = "generation";
/// Number of the next operation.
pub(crate) const NEXT_N: &str = "next_n";
/// Set after the store was replaced, or was found to be one of two: operation numbers are not known until the server says its last one.
pub(crate) const N_UNCERTAIN: &str = "n_uncertain";
/// What the server said at the start of the session: its last answer, and where its streams stood.
pub(crate) const WELCOME: &str = "welcome";
/// Commits so far.
pub(crate) const N_COMMITS: &str = "n_commits";
/// When everything was last in step with the server.
pub(crate) const SYNCED_AT: &str = "synced_at";
/// Since when the store has its root key.
pub(crate) const KEYED_AT: &str = "keyed_at";
/// The key of the audit chain, where that is not the root key's own: the chain is older than it.
pub(crate) const AUDIT_KEY: &str = "audit_key";
/// When a backup was made last.
pub(crate) const BACKED_UP_AT: &str = "backed_up_at";
/// When the server was there last.
pub(crate) const REACHED_AT: &str = "reached_at";
/// Set while removed text may stand in the files of the search index.
pub(crate) const INDEX_SCRUB: &str = "index_scrub";
/// Snapshots that were begun.
const N_SNAPSHOTS: &str = "n_snapshots";
/// Times that a stream's sum was not the server's.
const N_HEALED: &str = "n_healed";

pub(crate) fn get(connection: &Connection, key: &str) -> Result<Option<String>> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

pub(crate) fn get_int(connection: &Connection, key: &str) -> Result<Option<i64>> {
    Ok(get(connection, key)?.and_then(|text| text.parse().ok()))
}

pub(crate) fn set(tx: &Transaction<'_>, key: &str, value: &str) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO meta (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![key, value])?;
    Ok(())
}

/// Counts a commit, in its own transaction.
pub(crate) fn count_commit(tx: &Transaction<'_>) -> Result<u64> {
    let n = n_commits(tx)? + 1;
    set(tx, N_COMMITS, &n.to_string())?;
    Ok(n)
}

pub(crate) fn n_commits(connection: &Connection) -> Result<u64> {
    let n = get_int(connection, N_COMMITS)?;
    Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// Counts a snapshot and gives its number, from 1.
pub(crate) fn count_snapshot(tx: &Transaction<'_>) -> Result<u64> {
    count_up(tx, N_SNAPSHOTS)
}

/// Counts a stream that is fetched again because of its sum.
pub(crate) fn count_healed(tx: &Transaction<'_>) -> Result<u64> {
    count_up(tx, N_HEALED)
}

pub(crate) fn n_healed(connection: &Connection) -> Result<u64> {
    let n = get_int(connection, N_HEALED)?;
    Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

fn count_up(tx: &Transaction<'_>, key: &str) -> Result<u64> {
    let n = get_int(tx, key)?.and_then(|n| u64::try_from(n).ok());
    let n = n.unwrap_or(0) + 1;
    set(tx, key, &n.to_string())?;
    Ok(n)
}

pub(crate) fn delete(tx: &Transaction<'_>, key: &str) -> Result<()> {
    tx.execute("DELETE FROM meta WHERE key = ?1", [key])?;
    Ok(())
}
