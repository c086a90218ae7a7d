//! What goes when a right was taken: all that the desk holds of conversations that its agent may no
//! longer see.
//!
//! The rows of the server go, and so do drafts and whatever else was noted. A reply that had not been
//! sent is refused where the agent sees it, but without its text: that is of the group as well.

use std::sync::PoisonError;

use lt_model::{
    Millis,
    change::EntityKind,
    id::{ConversationId, TicketId},
    properties::Patch,
};
use lt_protocol::{code::Code, sync::Action};
use rusqlite::{Connection, Transaction};

use crate::{
    Account, News, Result, Store,
    change::Touched,
    enqueue::object,
    sql::{Id, word},
    store::Act,
    table::{
        conversation_body, index_todo, meta,
        outbox::{self, message_of},
        revoked::{self, OpOf},
        ticket_body,
    },
    ticket,
};

/// Tries to empty the log; each waits for readers as long as the connection's own patience.
const N_TRIES: usize = 3;

impl Store {
    /// Forgets what this desk wrote about these conversations, where they are not here any more.
    /// Operations up to `last_n` were answered by the server; their answers come yet.
    pub(crate) fn forget(
        &self,
        tx: &Transaction<'_>,
        touched: &mut Touched,
        conversations: &[ConversationId],
        last_n: u64,
        account: &Account,
        now: Millis,
    ) -> Result<()> {
        for &conversation in conversations {
            if conversation_body::server(tx, conversation)?.is_some() {
                // Visible through another stream.
                continue;
            }
            revoked::delete_notes(tx, conversation)?;
            for op in revoked::ops_of(tx, conversation)? {
                self.forget_op(tx, touched, &op, last_n, account, now)?;
            }
            touched.conversation(conversation);
        }
        meta::set(tx, meta::INDEX_SCRUB, "due")
    }

    /// The same of tickets.
    pub(crate) fn forget_tickets(
        &self,
        tx: &Transaction<'_>,
        touched: &mut Touched,
        tickets: &[TicketId],
        last_n: u64,
        account: &Account,
        now: Millis,
    ) -> Result<()> {
        for &id in tickets {
            if ticket_body::server(tx, id)?.is_some() {
                continue;
            }
            for op in revoked::ops_of_ticket(tx, id)? {
                self.forget_op(tx, touched, &op, last_n, account, now)?;
            }
            ticket::redraw(tx, id, &account.agent)?;
            touched.ticket(id);
        }
        Ok(())
    }

    fn forget_op(
        &self,
        tx: &Transaction<'_>,
        touched: &mut Touched,
        op: &OpOf,
        last_n: u64,
        account: &Account,
        now: Millis,
    ) -> Result<()> {
        touched.outbox = true;
        let message_id = message_of(&op.action);
        if let Some(message) = message_id {
            let key = rusqlite::types::Value::Blob(message.blob().to_vec());
            index_todo::add(tx, EntityKind::Message, &key)?;
        }
        let waits = op.state == "queued";
        if op.state == "done" || (waits && op.n > last_n && concerns_nobody(&op.action)) {
            return revoked::delete_op(tx, op.op_id);
        }
        revoked::set_action(tx, op.op_id, &without_text(op.action.clone()))?;
        if let Some(message) = message_id {
            revoked::empty_message(tx, message)?;
        }
        if waits && op.n > last_n {
            let code = Code::Forbidden;
            outbox::set_refused(tx, op.op_id, code)?;
            let act = Act::refused(op.action.name(), object(&op.action, account), word(&code)?);
            self.audit(tx, &act, account, now)?;
            touched.news.push(News::Refused {
                op_id: op.op_id,
                conversation_id: op.action.conversation(),
                message_id,
                code,
            });
        }
        Ok(())
    }

    /// Empties the write-ahead log into the file, where removed content is overwritten: what was
    /// dropped stands in neither then.
    pub(crate) fn scrub(&self) {
        for _ in 0..N_TRIES {
            match self.write_out() {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "the log of the store was not emptied");
                    return;
                }
            }
        }
        // It is at the next opening, if not before.
        tracing::warn!("the log of the store is in use and was not emptied");
    }

    fn write_out(&self) -> Result<bool> {
        let writer = self.writer().lock();
        let writer = writer.unwrap_or_else(PoisonError::into_inner);
        Ok(
            writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0).map(|busy| busy == 0)
            })?,
        )
    }

    /// Whether the search index must be rewritten, so that removed text stands in none of its files.
    ///
    /// # Errors
    /// [`crate::StoreError::Damaged`] and the like.
    pub fn index_scrub_due(&self) -> Result<bool> {
        self.read(|connection: &Connection| Ok(meta::get(connection, meta::INDEX_SCRUB)?.is_some()))
    }

    /// The search index was rewritten.
    ///
    /// # Errors
    /// [`crate::StoreError::Full`] and the like.
    pub fn ack_index_scrub(&self) -> Result<()> {
        self.write(|tx, _| meta::delete(tx, meta::INDEX_SCRUB))
            .map(drop)
    }
}

/// The operation with no word that anybody wrote.
fn without_text(mut action: Action) -> Action {
    match &mut action {
        Action::SendMessage { text, source, .. } => {
            text.clear();
            *source = None;
        }
        Action::AddNote { text, mentions, .. } => {
            text.clear();
            mentions.clear();
        }
        Action::Whisper { whisper, .. } => whisper.text.clear(),
        Action::PatchConversation { patch, .. } => *patch = Patch::default(),
        Action::Transfer { note, .. } => note.clear(),
        Action::Ticket { act, .. } => act.clear_text(),
        Action::SendFile { file, .. } => file.name.clear(),
        Action::Claim { .. }
        | Action::Decline { .. }
        | Action::TakeOver { .. }
        | Action::Snooze { .. }
        | Action::Wake { .. }
        | Action::Reopen { .. }
        | Action::TakeBack { .. }
        | Action::EditPersonal { .. }
        | Action::Configure { .. }
        | Action::Recall { .. }
        | Action::Contact { .. }
        | Action::SaveCanned { .. }
        | Action::RemoveCanned { .. }
        | Action::Alert { .. }
        | Action::SaveAlertRule { .. }
        | Action::RemoveAlertRule { .. }
        | Action::Quality { .. }
        | Action::Resolve { .. }
        | Action::Read { .. }
        | Action::SetPresence { .. }
        | Action::Thumb { .. }
        | Action::RuleLearned { .. }
        | Action::SaveTicketType { .. }
        | Action::SetEngineSettings { .. }
        | Action::RestoreEngineSettings { .. } => {}
    }
    action
}

/// Marks that are of no use without their conversation; nobody has to hear of them.
fn concerns_nobody(action: &Action) -> bool {
    matches!(action, Action::Read { .. } | Action::Thumb { .. })
}
