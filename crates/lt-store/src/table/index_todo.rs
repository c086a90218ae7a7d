//! Rows that the search index has not caught up with.

use lt_model::change::EntityKind;
use rusqlite::{Connection, Transaction, params, types::Value};

use crate::{
    Result,
    sql::{from_word, key_text, word},
};

/// A row to index again: look it up, and remove it from the index where it is no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexTodo {
    /// Number to acknowledge; a row touched again meanwhile has another one and stays.
    pub n: i64,
    /// Message, contact or FAQ entry.
    pub kind: EntityKind,
    /// Its id, as text.
    pub id: String,
}

pub(crate) fn add(tx: &Transaction<'_>, kind: EntityKind, id: &Value) -> Result<()> {
    match kind {
        EntityKind::Message | EntityKind::Contact | EntityKind::Faq | EntityKind::Ticket => {
            tx.prepare_cached("INSERT OR REPLACE INTO index_todo (kind, id) VALUES (?1, ?2)")?
                .execute(params![word(&kind)?, id])?;
        }
        // What of a form may be found hangs on the kinds of its fields.
        EntityKind::TicketType => {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO index_todo (kind, id)
                 SELECT 'ticket', id FROM ticket WHERE type = ?1",
            )?
            .execute([id])?;
        }
        EntityKind::Agent
        | EntityKind::Group
        | EntityKind::Conversation
        | EntityKind::EngineSettings
        | EntityKind::BusinessHours
        | EntityKind::Inbox
        | EntityKind::AgentSettings
        | EntityKind::AlertRule
        | EntityKind::Alert
        | EntityKind::Survey
        | EntityKind::QaForm
        | EntityKind::QaRule
        | EntityKind::QaReview
        | EntityKind::QaCalibration
        | EntityKind::Whisper
        | EntityKind::Canned => {}
    }
    Ok(())
}

/// All rows there are, for an index that begins anew.
pub(crate) fn add_all(tx: &Transaction<'_>) -> Result<()> {
    tx.execute_batch(
        "DELETE FROM index_todo;
         INSERT INTO index_todo (kind, id) SELECT 'contact', id FROM contact;
         INSERT INTO index_todo (kind, id) SELECT 'faq', id FROM faq;
         INSERT INTO index_todo (kind, id) SELECT 'ticket', id FROM ticket_body;
         INSERT INTO index_todo (kind, id) SELECT 'message', id FROM message;",
    )?;
    Ok(())
}

/// Whether there are more than so many.
pub(crate) fn more_than(connection: &Connection, n: u32) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM index_todo LIMIT 1 OFFSET ?1)")?
        .query_row([n], |row| row.get(0))?)
}

/// The oldest ones.
pub(crate) fn take(connection: &Connection, limit: u32) -> Result<Vec<IndexTodo>> {
    let mut statement =
        connection.prepare_cached("SELECT n, kind, id FROM index_todo ORDER BY n LIMIT ?1")?;
    let rows = statement.query_map([limit], |row| {
        let kind = from_word(row.get_ref(1)?.as_str()?)?;
        Ok((row.get(0)?, kind, row.get(2)?))
    })?;
    rows.map(|row| {
        let (n, kind, id): (i64, EntityKind, Value) = row?;
        let id = key_text(id)?;
        Ok(IndexTodo { n, kind, id })
    })
    .collect()
}

pub(crate) fn remove(tx: &Transaction<'_>, n: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM index_todo WHERE n = ?1")?
        .execute([n])?;
    Ok(())
}
