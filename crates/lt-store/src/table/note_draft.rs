//! Notes being written.

use lt_model::{Millis, id::ConversationId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{Result, sql::Id};

pub(crate) fn get(connection: &Connection, conversation: ConversationId) -> Result<Option<String>> {
    Ok(connection
        .prepare_cached("SELECT text FROM note_draft WHERE conversation_id = ?1")?
        .query_row([conversation.blob()], |row| row.get(0))
        .optional()?)
}

/// Keeps it; an empty text forgets it.
pub(crate) fn put(
    tx: &Transaction<'_>,
    conversation: ConversationId,
    text: &str,
    at: Millis,
) -> Result<()> {
    if text.is_empty() {
        return delete(tx, conversation);
    }
    tx.prepare_cached(
        "INSERT INTO note_draft (conversation_id, text, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, at = excluded.at",
    )?
    .execute(params![conversation.blob(), text, at])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, conversation: ConversationId) -> Result<()> {
    tx.prepare_cached("DELETE FROM note_draft WHERE conversation_id = ?1")?
        .execute([conversation.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM note_draft", [])?;
    Ok(())
}
