//! What is being written in conversations: to the customer, and to colleagues.

use lt_model::{Millis, id::ConversationId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{Result, sql::Id};

/// Texts of one kind, one for a conversation at the most.
#[derive(Clone, Copy)]
pub(crate) struct Drafts(&'static str);

/// What the customer is to read.
pub(crate) const REPLIES: Drafts = Drafts("draft");
/// What colleagues are to read.
pub(crate) const NOTES: Drafts = Drafts("note_draft");
/// What leads and the agent say to each other.
pub(crate) const WHISPERS: Drafts = Drafts("whisper_draft");

impl Drafts {
    pub(crate) fn get(
        self,
        connection: &Connection,
        conversation: ConversationId,
    ) -> Result<Option<String>> {
        let table = self.0;
        Ok(connection
            .prepare_cached(&format!(
                "SELECT text FROM {table} WHERE conversation_id = ?1"
            ))?
            .query_row([conversation.blob()], |row| row.get(0))
            .optional()?)
    }

    /// Keeps it; an empty text forgets it.
    pub(crate) fn put(
        self,
        tx: &Transaction<'_>,
        conversation: ConversationId,
        text: &str,
        at: Millis,
    ) -> Result<()> {
        if text.is_empty() {
            return self.delete(tx, conversation);
        }
        let table = self.0;
        tx.prepare_cached(&format!(
            "INSERT INTO {table} (conversation_id, text, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, at = excluded.at"
        ))?
        .execute(params![conversation.blob(), text, at])?;
        Ok(())
    }

    /// Gives back what was not sent, behind what is being written there.
    pub(crate) fn give_back(
        self,
        tx: &Transaction<'_>,
        conversation: ConversationId,
        text: &str,
        at: Millis,
    ) -> Result<()> {
        match self.get(tx, conversation)? {
            Some(written) if !written.trim().is_empty() => {
                self.put(tx, conversation, &format!("{written}\n{text}"), at)
            }
            Some(_) | None => self.put(tx, conversation, text, at),
        }
    }

    pub(crate) fn delete(self, tx: &Transaction<'_>, conversation: ConversationId) -> Result<()> {
        let table = self.0;
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE conversation_id = ?1"))?
            .execute([conversation.blob()])?;
        Ok(())
    }

    pub(crate) fn clear(self, tx: &Transaction<'_>) -> Result<()> {
        tx.execute(&format!("DELETE FROM {}", self.0), [])?;
        Ok(())
    }
}
