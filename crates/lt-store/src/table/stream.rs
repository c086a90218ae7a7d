//! Streams that the agent may see, and how far each is here.

use lt_model::{change::StreamKind, id::GroupId};
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

/// The desk's own sum of a stream; none where it has to be counted anew.
pub(crate) fn sum(connection: &Connection, stream: u64) -> Result<Option<u64>> {
    let sum: Option<Option<i64>> = connection
        .prepare_cached("SELECT sum FROM stream WHERE id = ?1")?
        .query_row([int(stream)], |row| row.get(0))
        .optional()?;
    Ok(sum.flatten().map(i64::cast_unsigned))
}

/// Keeps the sum. Sums wrap around, so that they are stored by their bits.
pub(crate) fn set_sum(tx: &Transaction<'_>, stream: u64, sum: u64) -> Result<()> {
    tx.prepare_cached("UPDATE stream SET sum = ?2 WHERE id = ?1")?
        .execute(params![int(stream), sum.cast_signed()])?;
    Ok(())
}

/// The sum was not the server's.
pub(crate) fn set_suspect(tx: &Transaction<'_>, stream: u64) -> Result<()> {
    tx.prepare_cached("UPDATE stream SET is_suspect = 1 WHERE id = ?1")?
        .execute([int(stream)])?;
    Ok(())
}

/// Streams whose sum was not the server's, and those whose snapshot has not come to its end.
pub(crate) fn unsound(connection: &Connection) -> Result<Vec<u64>> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM stream WHERE is_suspect OR snapshot_at IS NOT NULL ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| row.get(0).map(count))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether the stream has to be fetched again.
pub(crate) fn is_unsound(connection: &Connection, stream: u64) -> Result<bool> {
    let sql = "SELECT is_suspect OR snapshot_at IS NOT NULL FROM stream WHERE id = ?1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([int(stream)], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(false))
}

/// A snapshot that is being fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// The change up to which it goes.
    pub(crate) at: u64,
    /// Its number on this desk: rows that it names are marked with it.
    pub(crate) n: u64,
    /// The change up to which it is here.
    pub(crate) after: u64,
    /// Its rows so far.
    pub(crate) n_rows: u64,
}

/// The snapshot of a stream that is being fetched, if one is.
pub(crate) fn snapshot(connection: &Connection, stream: u64) -> Result<Option<Snapshot>> {
    Ok(connection
        .prepare_cached(
            "SELECT snapshot_at, snapshot_n, snapshot_after, snapshot_rows FROM stream
             WHERE id = ?1 AND snapshot_at IS NOT NULL",
        )?
        .query_row([int(stream)], |row| {
            Ok(Snapshot {
                at: count(row.get(0)?),
                n: count(row.get(1)?),
                after: count(row.get(2)?),
                n_rows: count(row.get(3)?),
            })
        })
        .optional()?)
}

/// Begins a snapshot, or notes how far it has come.
pub(crate) fn set_snapshot(tx: &Transaction<'_>, stream: u64, snapshot: Snapshot) -> Result<()> {
    let n_changed = tx
        .prepare_cached(
            "UPDATE stream SET snapshot_at = ?2, snapshot_n = ?3, snapshot_after = ?4,
               snapshot_rows = ?5 WHERE id = ?1",
        )?
        .execute(params![
            int(stream),
            int(snapshot.at),
            int(snapshot.n),
            int(snapshot.after),
            int(snapshot.n_rows),
        ])?;
    expect_one(n_changed, "a snapshot is of a granted stream")
}

/// The snapshot is here: the feed goes on from it.
pub(crate) fn end_snapshot(tx: &Transaction<'_>, stream: u64, at: u64) -> Result<()> {
    let n_changed = tx
        .prepare_cached(
            "UPDATE stream SET cursor = ?2, is_suspect = 0, snapshot_at = NULL
             WHERE id = ?1 AND snapshot_at = ?2",
        )?
        .execute([int(stream), int(at)])?;
    expect_one(
        n_changed,
        "the snapshot that ends is the one that was begun",
    )
}

/// A stream of whispers comes to be with the first one of them: to a desk that had the conversations
/// of the group before, that one is news.
pub(crate) fn grant(tx: &Transaction<'_>, head: &StreamHead) -> Result<()> {
    let first_head = match &head.kind {
        StreamKind::Leads(group) | StreamKind::Desk { group, .. } if is_here(tx, *group)? => 0,
        _ => head.head,
    };
    tx.execute(
        "INSERT INTO stream (id, kind, first_head) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind",
        params![int(head.stream), json(&head.kind)?, int(first_head)],
    )?;
    Ok(())
}

/// Whether conversations of a group were here before.
fn is_here(connection: &Connection, group: GroupId) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM stream WHERE kind = ?1 AND cursor > 0)")?
        .query_row([json(&StreamKind::Group(group))?], |row| row.get(0))?)
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
