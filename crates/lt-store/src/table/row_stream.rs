//! Through which streams a row is visible.

use lt_model::change::EntityKind;
use rusqlite::{Connection, Transaction, params, types::Value};

use crate::{
    Result,
    sql::{from_word, int, word},
};

pub(crate) fn add(tx: &Transaction<'_>, kind: EntityKind, id: &Value, stream: u64) -> Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO row_stream (kind, id, stream) VALUES (?1, ?2, ?3)")?
        .execute(params![word(&kind)?, id, int(stream)])?;
    Ok(())
}

/// Removes one reference and tells whether the row is still visible through another stream.
pub(crate) fn remove(
    tx: &Transaction<'_>,
    kind: EntityKind,
    id: &Value,
    stream: u64,
) -> Result<bool> {
    let kind = word(&kind)?;
    tx.prepare_cached("DELETE FROM row_stream WHERE kind = ?1 AND id = ?2 AND stream = ?3")?
        .execute(params![kind, id, int(stream)])?;
    Ok(tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM row_stream WHERE kind = ?1 AND id = ?2)")?
        .query_row(params![kind, id], |row| row.get(0))?)
}

/// All rows of a stream.
pub(crate) fn of_stream(connection: &Connection, stream: u64) -> Result<Vec<(EntityKind, Value)>> {
    let mut statement = connection.prepare("SELECT kind, id FROM row_stream WHERE stream = ?1")?;
    let rows = statement.query_map([int(stream)], |row| {
        let kind: String = row.get(0)?;
        Ok((from_word(&kind)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM row_stream", [])?;
    Ok(())
}
