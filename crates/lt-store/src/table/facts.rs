//! What other systems last said about the customers of conversations, masked.

use lt_model::{Millis, id::ConversationId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{Result, sql::Id};

/// When it was said, and what, as the console wrote it down.
pub(crate) fn get(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<(Millis, String)>> {
    Ok(connection
        .prepare_cached("SELECT at, body FROM facts WHERE conversation_id = ?1")?
        .query_row([conversation.blob()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Keeps it in the place of what was said before; of more than `most` conversations those go whose
/// systems were asked longest ago.
pub(crate) fn put(
    tx: &Transaction<'_>,
    conversation: ConversationId,
    at: Millis,
    body: &str,
    most: u32,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO facts (conversation_id, at, body) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![conversation.blob(), at, body])?;
    tx.prepare_cached(
        "DELETE FROM facts WHERE conversation_id IN
           (SELECT conversation_id FROM facts ORDER BY at DESC LIMIT -1 OFFSET ?1)",
    )?
    .execute([most])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM facts", [])?;
    Ok(())
}
