//! Summaries being written.

use lt_model::{Millis, id::ConversationId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, count, int},
};

/// A summary being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryDraft {
    /// Revision of the summary that it was made from.
    pub rev: u64,
    /// That summary.
    pub base: String,
    /// The text so far; none before the first key.
    pub text: Option<String>,
}

pub(crate) fn get(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<SummaryDraft>> {
    Ok(connection
        .prepare_cached("SELECT rev, base, text FROM summary_draft WHERE conversation_id = ?1")?
        .query_row([conversation.blob()], |row| {
            Ok(SummaryDraft {
                rev: count(row.get(0)?),
                base: row.get(1)?,
                text: row.get(2)?,
            })
        })
        .optional()?)
}

pub(crate) fn put(
    tx: &Transaction<'_>,
    conversation: ConversationId,
    draft: &SummaryDraft,
    at: Millis,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO summary_draft (conversation_id, rev, base, text, at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        conversation.blob(),
        int(draft.rev),
        draft.base,
        draft.text,
        at
    ])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, conversation: ConversationId) -> Result<()> {
    tx.prepare_cached("DELETE FROM summary_draft WHERE conversation_id = ?1")?
        .execute([conversation.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM summary_draft", [])?;
    Ok(())
}
