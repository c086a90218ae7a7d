//! Notes that name the agent at this desk and were not looked at yet.

use lt_model::id::{ConversationId, MessageId};
use rusqlite::{Connection, Transaction, params};

use crate::{Result, sql::Id};

pub(crate) fn add(
    tx: &Transaction<'_>,
    message: MessageId,
    conversation: ConversationId,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO mention (message_id, conversation_id) VALUES (?1, ?2)",
    )?
    .execute(params![message.blob(), conversation.blob()])?;
    Ok(())
}

/// How many there are in a conversation.
pub(crate) fn count(connection: &Connection, conversation: ConversationId) -> Result<u32> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM mention WHERE conversation_id = ?1")?
        .query_row([conversation.blob()], |row| row.get(0))?)
}

/// They were looked at. False: there were none.
pub(crate) fn clear_of(tx: &Transaction<'_>, conversation: ConversationId) -> Result<bool> {
    let n_changed = tx
        .prepare_cached("DELETE FROM mention WHERE conversation_id = ?1")?
        .execute([conversation.blob()])?;
    Ok(n_changed > 0)
}

/// It was taken back.
pub(crate) fn remove(tx: &Transaction<'_>, message: MessageId) -> Result<()> {
    tx.prepare_cached("DELETE FROM mention WHERE message_id = ?1")?
        .execute([message.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM mention", [])?;
    Ok(())
}
