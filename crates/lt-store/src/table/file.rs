//! Pictures and files that are here: chosen and not sent, on their way, or fetched from the server.

use lt_model::{
    Millis,
    attachment::{Attachment, FilePart},
    id::{AttachmentId, ConversationId, MessageId},
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, count, from_json, id, int, json, maybe_id, word},
};

/// Beside the reply that is being written.
pub(crate) const STAGED: &str = "staged";
/// To be uploaded for a message in the outbox.
pub(crate) const OUTGOING: &str = "outgoing";
/// At the server; what is here of it may go.
pub(crate) const SENT: &str = "sent";

/// It is at the server, and nothing here is still to be sent with it.
const MAY_GO: &str = "state = 'sent' AND NOT EXISTS
    (SELECT 1 FROM outbox o WHERE o.message_id = file.message_id)";

/// What is known of one that is here.
pub(crate) struct Held {
    pub(crate) file: Attachment,
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) state: String,
}

pub(crate) fn get(connection: &Connection, file: AttachmentId) -> Result<Option<Held>> {
    let found = connection
        .prepare_cached("SELECT body, conversation_id, state FROM file WHERE id = ?1")?
        .query_row([file.blob()], |row| {
            Ok((row.get::<_, String>(0)?, maybe_id(row, 1)?, row.get(2)?))
        })
        .optional()?;
    found
        .map(|(body, conversation, state)| {
            Ok(Held {
                file: from_json(&body, "file")?,
                conversation,
                state,
            })
        })
        .transpose()
}

/// What waits beside the reply in a conversation, in the order in which it was chosen.
pub(crate) fn staged(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<Attachment>> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM file WHERE conversation_id = ?1 AND state = 'staged' ORDER BY place",
    )?;
    let rows = statement.query_map([conversation.blob()], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "file")).collect()
}

/// The bytes, if they are here.
pub(crate) fn part(
    connection: &Connection,
    file: AttachmentId,
    part: FilePart,
) -> Result<Option<Vec<u8>>> {
    Ok(connection
        .prepare_cached("SELECT bytes FROM file_part WHERE file_id = ?1 AND part = ?2")?
        .query_row(params![file.blob(), word(&part)?], |row| row.get(0))
        .optional()?)
}

/// Keeps one that is not here yet; one that is stays as it is.
pub(crate) fn put(
    tx: &Transaction<'_>,
    file: &Attachment,
    conversation: Option<ConversationId>,
    state: &str,
    now: Millis,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO file (id, conversation_id, state, place, used_at, n_bytes, body)
         VALUES (?1, ?2, ?3, (SELECT coalesce(max(place), 0) + 1 FROM file), ?4, 0, ?5)
         ON CONFLICT (id) DO NOTHING",
    )?
    .execute(params![
        file.id.blob(),
        conversation.map(Id::blob),
        state,
        now,
        json(file)?,
    ])?;
    Ok(())
}

/// Keeps bytes of one that is here.
pub(crate) fn put_part(
    tx: &Transaction<'_>,
    file: AttachmentId,
    part: FilePart,
    bytes: &[u8],
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO file_part (file_id, part, bytes) VALUES (?1, ?2, ?3)
         ON CONFLICT (file_id, part) DO UPDATE SET bytes = excluded.bytes",
    )?
    .execute(params![file.blob(), word(&part)?, bytes])?;
    tx.prepare_cached(
        "UPDATE file SET n_bytes = (SELECT coalesce(sum(length(bytes)), 0) FROM file_part
           WHERE file_id = ?1) WHERE id = ?1",
    )?
    .execute([file.blob()])?;
    Ok(())
}

pub(crate) fn set_state(tx: &Transaction<'_>, file: AttachmentId, state: &str) -> Result<()> {
    tx.prepare_cached("UPDATE file SET state = ?2 WHERE id = ?1")?
        .execute(params![file.blob(), state])?;
    Ok(())
}

/// It goes with a message of this desk.
pub(crate) fn send(tx: &Transaction<'_>, file: AttachmentId, message: MessageId) -> Result<()> {
    tx.prepare_cached("UPDATE file SET state = 'outgoing', message_id = ?2 WHERE id = ?1")?
        .execute(params![file.blob(), message.blob()])?;
    Ok(())
}

pub(crate) fn used(tx: &Transaction<'_>, file: AttachmentId, now: Millis) -> Result<()> {
    tx.prepare_cached("UPDATE file SET used_at = ?2 WHERE id = ?1")?
        .execute(params![file.blob(), now])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, file: AttachmentId) -> Result<()> {
    tx.prepare_cached("DELETE FROM file_part WHERE file_id = ?1")?
        .execute([file.blob()])?;
    tx.prepare_cached("DELETE FROM file WHERE id = ?1")?
        .execute([file.blob()])?;
    Ok(())
}

/// All that may go: the server has them.
pub(crate) fn fetched(connection: &Connection) -> Result<Vec<AttachmentId>> {
    ids(
        connection,
        &format!("SELECT id FROM file WHERE {MAY_GO}"),
        &[],
    )
}

/// The ones that were not looked at for longest, of those that may go, until so many bytes are left.
pub(crate) fn beyond(connection: &Connection, max_bytes: u64) -> Result<Vec<AttachmentId>> {
    ids(
        connection,
        &format!(
            "SELECT id FROM (SELECT id,
                 sum(n_bytes) OVER (ORDER BY used_at DESC, id) AS up_to FROM file WHERE {MAY_GO})
             WHERE up_to > ?1"
        ),
        params![int(max_bytes)],
    )
}

fn ids(
    connection: &Connection,
    sql: &str,
    params: &[&dyn rusqlite::ToSql],
) -> Result<Vec<AttachmentId>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first file that is to be uploaded for what waits in the outbox.
pub(crate) fn next_upload(connection: &Connection) -> Result<Option<AttachmentId>> {
    Ok(connection
        .prepare_cached(
            "SELECT f.id FROM outbox o JOIN file f ON f.message_id = o.message_id
             WHERE o.state = 'queued' AND f.state = 'outgoing' ORDER BY o.n LIMIT 1",
        )?
        .query_row([], |row| id(row, 0))
        .optional()?)
}

/// The number of the first operation that waits for its file to be uploaded.
pub(crate) fn first_waiting(connection: &Connection) -> Result<Option<u64>> {
    let n: Option<i64> = connection
        .prepare_cached(
            "SELECT min(o.n) FROM outbox o JOIN file f ON f.message_id = o.message_id
             WHERE o.state = 'queued' AND f.state = 'outgoing'",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(n.map(count))
}

pub(crate) fn used_at(connection: &Connection, file: AttachmentId) -> Result<Option<Millis>> {
    Ok(connection
        .prepare_cached("SELECT used_at FROM file WHERE id = ?1")?
        .query_row([file.blob()], |row| row.get(0))
        .optional()?)
}

/// One with all that is here of it, to be put elsewhere.
pub(crate) struct Whole {
    file: Attachment,
    conversation: Option<ConversationId>,
    message: Option<MessageId>,
    state: String,
    used_at: Millis,
    parts: Vec<(FilePart, Vec<u8>)>,
}

pub(crate) fn whole(connection: &Connection, id: AttachmentId) -> Result<Option<Whole>> {
    let Some(held) = get(connection, id)? else {
        return Ok(None);
    };
    let message = connection
        .prepare_cached("SELECT message_id FROM file WHERE id = ?1")?
        .query_row([id.blob()], |row| maybe_id(row, 0))?;
    let mut parts = Vec::new();
    for one in [FilePart::Whole, FilePart::Thumb] {
        parts.extend(part(connection, id, one)?.map(|bytes| (one, bytes)));
    }
    Ok(Some(Whole {
        file: held.file,
        conversation: held.conversation,
        message,
        state: held.state,
        used_at: used_at(connection, id)?.unwrap_or(0),
        parts,
    }))
}

pub(crate) fn put_back(tx: &Transaction<'_>, whole: &Whole) -> Result<()> {
    let id = whole.file.id;
    put(
        tx,
        &whole.file,
        whole.conversation,
        &whole.state,
        whole.used_at,
    )?;
    if let Some(message) = whole.message {
        tx.prepare_cached("UPDATE file SET message_id = ?2 WHERE id = ?1")?
            .execute(params![id.blob(), message.blob()])?;
    }
    for (part, bytes) in &whole.parts {
        put_part(tx, id, *part, bytes)?;
    }
    Ok(())
}
