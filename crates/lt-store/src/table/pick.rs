//! What the agent at this desk said of entries.

use lt_model::{
    Millis,
    id::{ConversationId, MessageId},
    learn::PickKind,
    message::Message,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, id, json},
};

/// What the agent said of an entry as the answer to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPick {
    /// The customer's message.
    pub message_id: MessageId,
    /// The entry.
    pub faq_id: String,
    /// What.
    pub kind: PickKind,
}

pub(crate) fn put(
    tx: &Transaction<'_>,
    conversation: ConversationId,
    pick: &OwnPick,
    at: Millis,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO pick (message_id, faq_id, conversation_id, kind, at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (message_id, faq_id) DO UPDATE SET kind = excluded.kind, at = excluded.at",
    )?
    .execute(params![
        pick.message_id.blob(),
        pick.faq_id,
        conversation.blob(),
        json(&pick.kind)?,
        at,
    ])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM pick", [])?;
    Ok(())
}

pub(crate) fn get(
    connection: &Connection,
    message: MessageId,
    faq_id: &str,
) -> Result<Option<PickKind>> {
    let kind: Option<String> = connection
        .prepare_cached("SELECT kind FROM pick WHERE message_id = ?1 AND faq_id = ?2")?
        .query_row(params![message.blob(), faq_id], |row| row.get(0))
        .optional()?;
    kind.map(|kind| from_json(&kind, "pick")).transpose()
}

pub(crate) fn of_conversation(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<OwnPick>> {
    let mut statement = connection.prepare_cached(
        "SELECT message_id, faq_id, kind FROM pick WHERE conversation_id = ?1
         ORDER BY message_id, faq_id",
    )?;
    let rows = statement.query_map(params![conversation.blob()], |row| {
        Ok((id(row, 0)?, row.get(1)?, row.get::<_, String>(2)?))
    })?;
    rows.map(|row| {
        let (message_id, faq_id, kind) = row?;
        Ok(OwnPick {
            message_id,
            faq_id,
            kind: from_json(&kind, "pick")?,
        })
    })
    .collect()
}

/// The newest picks with what the customer wrote, newest first.
pub(crate) fn newest(connection: &Connection, limit: u32) -> Result<Vec<(OwnPick, String)>> {
    let mut statement = connection.prepare_cached(
        "SELECT p.message_id, p.faq_id, p.kind, m.body FROM pick p JOIN message m ON m.id = p.message_id
         ORDER BY p.at DESC, p.message_id, p.faq_id LIMIT ?1",
    )?;
    let rows = statement.query_map(params![limit], |row| {
        Ok((
            id(row, 0)?,
            row.get(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?,
        ))
    })?;
    let mut picks = Vec::new();
    for row in rows {
        let (message_id, faq_id, kind, body) = row?;
        let message: Message = from_json(&body, "message")?;
        let pick = OwnPick {
            message_id,
            faq_id,
            kind: from_json(&kind, "pick")?,
        };
        picks.push((pick, message.text().unwrap_or_default().to_owned()));
    }
    Ok(picks)
}
