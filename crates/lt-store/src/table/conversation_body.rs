//! Conversations as the server sent them, and with the pending operations applied.

use lt_model::{conversation::Conversation, id::ConversationId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, id, int, json},
};

/// As the server last sent it.
pub(crate) fn server(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<Conversation>> {
    one(
        connection,
        "SELECT server FROM conversation_body WHERE id = ?1",
        conversation,
    )
}

/// As it is shown: pending operations applied.
pub(crate) fn shown(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<Conversation>> {
    one(
        connection,
        "SELECT coalesce(local, server) FROM conversation_body WHERE id = ?1",
        conversation,
    )
}

fn one(
    connection: &Connection,
    sql: &str,
    conversation: ConversationId,
) -> Result<Option<Conversation>> {
    let body: Option<String> = connection
        .prepare_cached(sql)?
        .query_row([conversation.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "conversation"))
        .transpose()
}

pub(crate) fn ids(connection: &Connection) -> Result<Vec<ConversationId>> {
    let mut statement = connection.prepare("SELECT id FROM conversation_body ORDER BY id")?;
    let rows = statement.query_map([], |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, conversation: &Conversation, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO conversation_body (id, rev, server) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, server = excluded.server
         WHERE excluded.rev >= rev",
    )?
    .execute(params![
        conversation.id.blob(),
        int(rev),
        json(conversation)?
    ])?;
    Ok(())
}

pub(crate) fn set_local(
    tx: &Transaction<'_>,
    conversation: ConversationId,
    local: Option<&Conversation>,
) -> Result<()> {
    let local = local.map(json).transpose()?;
    tx.prepare_cached("UPDATE conversation_body SET local = ?2 WHERE id = ?1")?
        .execute(params![conversation.blob(), local])?;
    Ok(())
}

/// Removes it, and its line with it.
pub(crate) fn delete(tx: &Transaction<'_>, conversation: ConversationId) -> Result<()> {
    tx.prepare_cached("DELETE FROM conversation_body WHERE id = ?1")?
        .execute([conversation.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM conversation_body", [])?;
    Ok(())
}
