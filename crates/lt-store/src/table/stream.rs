//! Streams that the agent may see, and how far each is here.

use lt_protocol::sync::{Cursor, StreamHead};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{count, expect_one, int, json},
};

pub(crate) fn cursors(connection: &Connection) -> Result<Vec<Cursor>> {
    let mut statement = connection.prepare_cached("SELECT id, cursor FROM stream ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(Cursor {
            stream: count(row.get(0)?),
            seq: count(row.get(1)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn cursor(connection: &Connection, stream: u64) -> Result<Option<u64>> {
    Ok(connection
        .prepare_cached("SELECT cursor FROM stream WHERE id = ?1")?
        .query_row([int(stream)], |row| row.get(0).map(count))
        .optional()?)
}

/// Its last change when it was granted.
pub(crate) fn first_head(connection: &Connection, stream: u64) -> Result<u64> {
    Ok(connection
        .prepare_cached("SELECT first_head FROM stream WHERE id = ?1")?
        .query_row([int(stream)], |row| row.get(0).map(count))
        .optional()?
        .unwrap_or(0))
}

pub(crate) fn grant(tx: &Transaction<'_>, head: &StreamHead) -> Result<()> {
    tx.execute(
        "INSERT INTO stream (id, kind, first_head) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind",
        params![int(head.stream), json(&head.kind)?, int(head.head)],
    )?;
    Ok(())
}

/// Moves a cursor forward, never back.
pub(crate) fn advance(tx: &Transaction<'_>, stream: u64, to: u64) -> Result<()> {
    let n_changed = tx
        .prepare_cached("UPDATE stream SET cursor = ?2 WHERE id = ?1 AND cursor < ?2")?
        .execute([int(stream), int(to)])?;
    expect_one(n_changed, "I4: a cursor never goes back")
}

pub(crate) fn delete(tx: &Transaction<'_>, stream: u64) -> Result<()> {
    tx.execute("DELETE FROM stream WHERE id = ?1", [int(stream)])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM stream", [])?;
    Ok(())
}
