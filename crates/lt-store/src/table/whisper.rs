//! Whispers, as the server sent them.

use lt_model::{
    id::{ConversationId, WhisperId},
    whisper::Whisper,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

pub(crate) fn get(connection: &Connection, id: WhisperId) -> Result<Option<Whisper>> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM whisper WHERE id = ?1")?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "whisper")).transpose()
}

/// Those of a conversation, oldest first.
pub(crate) fn of_conversation(connection: &Connection, id: ConversationId) -> Result<Vec<Whisper>> {
    let mut statement = connection
        .prepare_cached("SELECT body FROM whisper WHERE conversation_id = ?1 ORDER BY at, id")?;
    let rows = statement.query_map([id.blob()], |row| row.get::<_, String>(0))?;
    rows.map(|text| from_json(&text?, "whisper")).collect()
}

/// Takes one of the server. False: it was here.
pub(crate) fn put(tx: &Transaction<'_>, whisper: &Whisper, rev: u64) -> Result<bool> {
    let n_new = tx
        .prepare_cached(
            "INSERT OR IGNORE INTO whisper (id, rev, conversation_id, at, body)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            whisper.id.blob(),
            int(rev),
            whisper.conversation_id.blob(),
            whisper.at,
            json(whisper)?,
        ])?;
    Ok(n_new == 1)
}

/// Removes one, and tells in which conversation it was.
pub(crate) fn delete(tx: &Transaction<'_>, id: WhisperId) -> Result<Option<ConversationId>> {
    let before = get(tx, id)?;
    tx.prepare_cached("DELETE FROM whisper WHERE id = ?1")?
        .execute([id.blob()])?;
    Ok(before.map(|whisper| whisper.conversation_id))
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM whisper", [])?;
    Ok(())
}
