//! Messages: the server's, and this desk's while they wait or are refused.

use lt_model::{
    id::{ConversationId, MessageId},
    message::{Delivery, Message},
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::conversation::author_word;
use crate::{
    Result, StoreError,
    read::StoredMessage,
    sql::{Id, expect_one, from_json, id, int, json, maybe_id},
    table::outbox::OpState,
};

const STORED: &str = "SELECT m.body, o.op_id, o.state, o.code FROM message m
    LEFT JOIN outbox o ON o.message_id = m.id AND o.state <> 'done'";

/// At most `limit` messages of the server before a `seq`, oldest first.
pub(crate) fn before(
    connection: &Connection,
    conversation: ConversationId,
    before_seq: u64,
    limit: u32,
) -> Result<Vec<StoredMessage>> {
    let mut messages = stored(
        connection,
        &format!(
            "{STORED} WHERE m.conversation_id = ?1 AND m.seq > 0 AND m.seq < ?2
             ORDER BY m.seq DESC LIMIT ?3"
        ),
        params![conversation.blob(), int(before_seq), limit],
    )?;
    messages.reverse();
    Ok(messages)
}

/// At most `limit` messages of the server after a `seq`, oldest first.
pub(crate) fn after(
    connection: &Connection,
    conversation: ConversationId,
    after_seq: u64,
    limit: u32,
) -> Result<Vec<StoredMessage>> {
    stored(
        connection,
        &format!(
            "{STORED} WHERE m.conversation_id = ?1 AND m.seq > ?2 AND m.seq > 0
             ORDER BY m.seq LIMIT ?3"
        ),
        params![conversation.blob(), int(after_seq), limit],
    )
}

/// What of this desk waits or is refused, in the order in which it was written.
pub(crate) fn unsent(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<StoredMessage>> {
    stored(
        connection,
        &format!("{STORED} WHERE m.conversation_id = ?1 AND m.seq = 0 ORDER BY m.place"),
        params![conversation.blob()],
    )
}

pub(crate) fn get(connection: &Connection, message: MessageId) -> Result<Option<StoredMessage>> {
    let mut found = stored(
        connection,
        &format!("{STORED} WHERE m.id = ?1"),
        params![message.blob()],
    )?;
    Ok(found.pop())
}

/// The customer's last message up to a `seq`.
pub(crate) fn customers_up_to(
    connection: &Connection,
    conversation: ConversationId,
    seq: u64,
) -> Result<Option<MessageId>> {
    let found = connection
        .prepare_cached(
            "SELECT id FROM message WHERE conversation_id = ?1 AND seq > 0 AND seq <= ?2
                 AND author = 'customer' ORDER BY seq DESC LIMIT 1",
        )?
        .query_row(params![conversation.blob(), int(seq)], |row| id(row, 0))
        .optional()?;
    Ok(found)
}

fn stored(
    connection: &Connection,
    sql: &str,
    params: &[&dyn rusqlite::ToSql],
) -> Result<Vec<StoredMessage>> {
    let columns = |row: &Row<'_>| {
        let state: Option<String> = row.get(2)?;
        let code: Option<String> = row.get(3)?;
        let state = state
            .map(|state| OpState::from_columns(&state, code.as_deref()))
            .transpose()?;
        Ok((row.get::<_, String>(0)?, maybe_id(row, 1)?, state))
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, columns)?;
    rows.map(|row| {
        let (body, op_id, state) = row?;
        Ok(StoredMessage {
            message: from_json(&body, "message")?,
            op_id,
            refused: match state {
                Some(OpState::Refused(code)) => Some(code),
                Some(OpState::Queued) | None => None,
            },
        })
    })
    .collect()
}

/// The last text of a conversation: of this desk's unsent ones, else of the server's.
pub(crate) fn last_text(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<Message>> {
    for sql in [
        "SELECT body FROM message WHERE conversation_id = ?1 AND seq = 0 AND is_text
         ORDER BY place DESC LIMIT 1",
        "SELECT body FROM message WHERE conversation_id = ?1 AND seq > 0 AND is_text
         ORDER BY seq DESC LIMIT 1",
    ] {
        let body: Option<String> = connection
            .prepare_cached(sql)?
            .query_row([conversation.blob()], |row| row.get(0))
            .optional()?;
        if let Some(body) = body {
            return from_json(&body, "message").map(Some);
        }
    }
    Ok(None)
}

/// Messages of the customer after a `seq`.
pub(crate) fn n_unread(
    connection: &Connection,
    conversation: ConversationId,
    after_seq: u64,
) -> Result<u32> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM message
             WHERE conversation_id = ?1 AND seq > ?2 AND author = 'customer'",
        )?
        .query_row(params![conversation.blob(), int(after_seq)], |row| {
            row.get(0)
        })?)
}

/// The word by which its author stands in the column: nothing that asks what was said between customer
/// and shop finds a note.
/// Whether lists show it as what was said last: what was taken back is not.
fn is_said(message: &Message) -> bool {
    message.is_said() && message.delivery != Delivery::Recalled
}

fn author_of(message: &Message) -> &'static str {
    match message.is_note() {
        true => "note",
        false => author_word(&message.author),
    }
}

/// What a put of the server's message found here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Unsent,
    Servers,
}

/// Takes a message of the server, in place of this desk's own of the same id, unless a later
/// revision is here.
pub(crate) fn put(tx: &Transaction<'_>, message: &Message, rev: u64) -> Result<Found> {
    let seq: Option<i64> = tx
        .prepare_cached("SELECT seq FROM message WHERE id = ?1")?
        .query_row([message.id.blob()], |row| row.get(0))
        .optional()?;
    if message.seq == 0 {
        return Err(StoreError::Broken("a message of the server has a seq"));
    }
    tx.prepare_cached(
        "INSERT INTO message (id, conversation_id, seq, place, author, is_text, rev, body)
         VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET conversation_id = excluded.conversation_id, seq = excluded.seq,
           place = 0, author = excluded.author, is_text = excluded.is_text, rev = excluded.rev,
           body = excluded.body
         WHERE message.seq = 0 OR excluded.rev >= message.rev",
    )?
    .execute(params![
        message.id.blob(),
        message.conversation_id.blob(),
        int(message.seq),
        author_of(message),
        is_said(message),
        int(rev),
        json(message)?,
    ])?;
    Ok(match seq {
        None => Found::Nothing,
        Some(0) => Found::Unsent,
        Some(_) => Found::Servers,
    })
}

/// Puts a message of this desk behind everything else.
pub(crate) fn put_unsent(tx: &Transaction<'_>, message: &Message, place: i64) -> Result<()> {
    let n_changed = tx
        .prepare_cached(
            "INSERT INTO message (id, conversation_id, seq, place, author, is_text, rev, body)
             VALUES (?1, ?2, 0, ?3, ?4, ?5, 0, ?6)
             ON CONFLICT (id) DO UPDATE SET place = excluded.place, body = excluded.body WHERE seq = 0",
        )?
        .execute(params![
            message.id.blob(),
            message.conversation_id.blob(),
            place,
            author_of(message),
            is_said(message),
            json(message)?,
        ])?;
    expect_one(n_changed, "I1: a pending message has its row")
}

/// Changes the body of a message of this desk that the server has not sent yet, if there is one.
pub(crate) fn set_unsent(tx: &Transaction<'_>, message: &Message) -> Result<()> {
    tx.prepare_cached("UPDATE message SET body = ?2 WHERE id = ?1 AND seq = 0")?
        .execute(params![message.id.blob(), json(message)?])?;
    Ok(())
}

/// Removes a message of this desk that was never sent.
pub(crate) fn delete_unsent(tx: &Transaction<'_>, message: MessageId) -> Result<()> {
    tx.prepare_cached("DELETE FROM message WHERE id = ?1 AND seq = 0")?
        .execute([message.blob()])?;
    Ok(())
}

/// Removes a message of the server and gives its conversation. This desk's own unsent ones stay.
pub(crate) fn delete(tx: &Transaction<'_>, message: MessageId) -> Result<Option<ConversationId>> {
    use crate::sql::id;
    Ok(tx
        .prepare_cached("DELETE FROM message WHERE id = ?1 AND seq > 0 RETURNING conversation_id")?
        .query_row([message.blob()], |row| id(row, 0))
        .optional()?)
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM message WHERE seq > 0", [])?;
    Ok(())
}

/// Whether the message is here, sent or not.
pub(crate) fn exists(connection: &Connection, message: MessageId) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1)")?
        .query_row([message.blob()], |row| row.get(0))?)
}

/// Messages of this desk without an operation that carries them; there must be none but those that
/// were answered and wait for the feed.
pub(crate) fn n_orphans(connection: &Connection) -> Result<u64> {
    use crate::sql::count;
    Ok(connection.query_row(
        "SELECT count(*) FROM message m WHERE m.seq = 0
         AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id)",
        [],
        |row| row.get(0).map(count),
    )?)
}
