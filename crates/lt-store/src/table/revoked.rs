//! What a desk holds of conversations besides the rows of the server: what it wrote about them.

use lt_model::{
    id::{ConversationId, MessageId, OpId, TicketId},
    message::{Content, Message},
};
use lt_protocol::sync::Action;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, count, from_json, id, json},
};

/// An operation of a conversation, whatever became of it.
pub(crate) struct OpOf {
    pub(crate) op_id: OpId,
    pub(crate) n: u64,
    pub(crate) state: String,
    pub(crate) action: Action,
}

/// All operations of a conversation, in the order in which they were made.
pub(crate) fn ops_of(connection: &Connection, conversation: ConversationId) -> Result<Vec<OpOf>> {
    ops(connection, "conversation_id", conversation.blob())
}

/// All operations of a ticket, likewise.
pub(crate) fn ops_of_ticket(connection: &Connection, ticket: TicketId) -> Result<Vec<OpOf>> {
    ops(connection, "ticket_id", ticket.blob())
}

fn ops(connection: &Connection, column: &str, of: [u8; 16]) -> Result<Vec<OpOf>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT op_id, n, state, action FROM outbox WHERE {column} = ?1 ORDER BY place"
    ))?;
    let rows = statement.query_map([of], |row| {
        Ok((id(row, 0)?, count(row.get(1)?), row.get(2)?, row.get(3)?))
    })?;
    rows.map(|row| {
        let (op_id, n, state, action): (_, _, _, String) = row?;
        Ok(OpOf {
            op_id,
            n,
            state,
            action: from_json(&action, "operation")?,
        })
    })
    .collect()
}

/// Keeps of an operation only what it was, not what it says.
pub(crate) fn set_action(tx: &Transaction<'_>, op: OpId, action: &Action) -> Result<()> {
    tx.prepare_cached("UPDATE outbox SET action = ?2 WHERE op_id = ?1")?
        .execute(params![op.blob(), json(action)?])?;
    Ok(())
}

/// Keeps of a message of this desk only that there was one.
pub(crate) fn empty_message(tx: &Transaction<'_>, message: MessageId) -> Result<()> {
    let body: Option<String> = tx
        .prepare_cached("SELECT body FROM message WHERE id = ?1 AND seq = 0")?
        .query_row([message.blob()], |row| row.get(0))
        .optional()?;
    let Some(body) = body else {
        return Ok(());
    };
    let mut message: Message = from_json(&body, "message")?;
    message.content = Content::Text {
        text: String::new(),
    };
    tx.prepare_cached("UPDATE message SET body = ?2 WHERE id = ?1 AND seq = 0")?
        .execute(params![message.id.blob(), json(&message)?])?;
    Ok(())
}

/// Forgets an operation and its message.
pub(crate) fn delete_op(tx: &Transaction<'_>, op: OpId) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM message WHERE seq = 0 AND id IN
           (SELECT message_id FROM outbox WHERE op_id = ?1 AND message_id IS NOT NULL)",
    )?
    .execute([op.blob()])?;
    tx.prepare_cached("DELETE FROM outbox WHERE op_id = ?1")?
        .execute([op.blob()])?;
    Ok(())
}

/// Forgets what was being written about a conversation, and what was said of suggestions in it.
pub(crate) fn delete_notes(tx: &Transaction<'_>, conversation: ConversationId) -> Result<()> {
    for sql in [
        "DELETE FROM draft WHERE conversation_id = ?1",
        "DELETE FROM pick WHERE conversation_id = ?1",
        "DELETE FROM conflict WHERE conversation_id = ?1",
        "DELETE FROM summary_draft WHERE conversation_id = ?1",
        "DELETE FROM note_draft WHERE conversation_id = ?1",
        "DELETE FROM whisper_draft WHERE conversation_id = ?1",
        "DELETE FROM mention WHERE conversation_id = ?1",
        "DELETE FROM file WHERE conversation_id = ?1",
        "DELETE FROM facts WHERE conversation_id = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([conversation.blob()])?;
    }
    Ok(())
}
