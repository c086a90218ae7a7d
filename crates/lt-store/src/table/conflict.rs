//! Fields in conflict.

use lt_model::{
    Millis,
    id::{ConversationId, OpId},
    properties::{Conflict, Field, FieldValue},
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, id, json, word},
};

/// An edit of this desk that was not applied, and waits for the agent to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenConflict {
    /// Where.
    pub conversation_id: ConversationId,
    /// The operation that made the edit.
    pub op_id: OpId,
    /// Since when, by this desk's clock.
    pub since: Millis,
    /// The three values.
    pub conflict: Conflict,
}

const COLUMNS: &str = "SELECT conversation_id, op_id, at, body FROM conflict";

fn columns(row: &Row<'_>) -> rusqlite::Result<(ConversationId, OpId, Millis, String)> {
    Ok((id(row, 0)?, id(row, 1)?, row.get(2)?, row.get(3)?))
}

fn open(
    (conversation_id, op_id, since, body): (ConversationId, OpId, Millis, String),
) -> Result<OpenConflict> {
    Ok(OpenConflict {
        conversation_id,
        op_id,
        since,
        conflict: from_json(&body, "conflict")?,
    })
}

/// All, oldest first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<OpenConflict>> {
    let sql = format!("{COLUMNS} ORDER BY at, conversation_id, field");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([], columns)?;
    rows.map(|row| open(row?)).collect()
}

/// Those of one conversation.
pub(crate) fn of_conversation(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<OpenConflict>> {
    let sql = format!("{COLUMNS} WHERE conversation_id = ?1 ORDER BY field");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([conversation.blob()], columns)?;
    rows.map(|row| open(row?)).collect()
}

pub(crate) fn get(
    connection: &Connection,
    conversation: ConversationId,
    field: Field,
) -> Result<Option<OpenConflict>> {
    let sql = format!("{COLUMNS} WHERE conversation_id = ?1 AND field = ?2");
    connection
        .prepare_cached(&sql)?
        .query_row(params![conversation.blob(), word(&field)?], columns)
        .optional()?
        .map(open)
        .transpose()
}

pub(crate) fn count(connection: &Connection) -> Result<u32> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM conflict")?
        .query_row([], |row| row.get(0))?)
}

/// Keeps one. An earlier one of the same field gives way, and what it had seen stays the base. What it
/// wanted is no choice that the agent has changed where it is a text: that is in no other place, and
/// stays with what is wanted now.
pub(crate) fn put(tx: &Transaction<'_>, mut new: OpenConflict) -> Result<()> {
    let field = new.conflict.theirs.field();
    if let Some(earlier) = get(tx, new.conversation_id, field)? {
        new.conflict.base = earlier.conflict.base;
        new.conflict.mine = match (earlier.conflict.mine, new.conflict.mine) {
            (FieldValue::Summary(before), FieldValue::Summary(now)) => {
                FieldValue::Summary(both(before, now))
            }
            (_, now) => now,
        };
    }
    tx.prepare_cached(
        "INSERT INTO conflict (conversation_id, field, op_id, at, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (conversation_id, field)
         DO UPDATE SET op_id = excluded.op_id, at = excluded.at, body = excluded.body",
    )?
    .execute(params![
        new.conversation_id.blob(),
        word(&field)?,
        new.op_id.blob(),
        new.since,
        json(&new.conflict)?
    ])?;
    Ok(())
}

/// Two texts, one below the other; once what the other one has in it already.
fn both(before: String, now: String) -> String {
    if now.contains(&before) {
        now
    } else if before.contains(&now) {
        before
    } else {
        format!("{before}\n{now}")
    }
}

pub(crate) fn delete(
    tx: &Transaction<'_>,
    conversation: ConversationId,
    field: Field,
) -> Result<()> {
    tx.prepare_cached("DELETE FROM conflict WHERE conversation_id = ?1 AND field = ?2")?
        .execute(params![conversation.blob(), word(&field)?])?;
    Ok(())
}

/// Forgets those of a conversation that the agent may not see any more.
pub(crate) fn forget(tx: &Transaction<'_>, conversation: ConversationId) -> Result<()> {
    tx.prepare_cached("DELETE FROM conflict WHERE conversation_id = ?1")?
        .execute([conversation.blob()])?;
    Ok(())
}
