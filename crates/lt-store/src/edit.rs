//! Edits of properties: the summary as it is being written, what the server did not take, and how
//! the agent ends a conflict.

use lt_model::{
    Millis,
    agent::Agent,
    id::ConversationId,
    merge::{Edit, Editor},
    properties::{Conflict, Field, FieldValue, Patch},
};
use lt_protocol::sync::Action;
use rusqlite::Transaction;

use crate::{
    Change, Enqueued, OpenConflict, Result, Store, StoreError, SummaryDraft,
    store::{Act, require_account},
    table::{
        conflict, conversation_body,
        outbox::{self, OutboxEntry},
        summary_draft,
    },
};

impl Store {
    /// Begins to write the summary of a conversation, from what it is now; or goes on with what was
    /// being written.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Full`] and the like.
    pub fn begin_summary(&self, id: ConversationId, now: Millis) -> Result<SummaryDraft> {
        let (draft, _) = self.write(|tx, _| begin(tx, id, now))?;
        Ok(draft)
    }

    /// Keeps what is being written of a summary; none forgets it.
    ///
    /// # Errors
    /// As [`Store::begin_summary`].
    pub fn save_summary_draft(
        &self,
        id: ConversationId,
        text: Option<&str>,
        now: Millis,
    ) -> Result<()> {
        self.write(|tx, _| {
            let Some(text) = text else {
                return summary_draft::delete(tx, id);
            };
            let mut draft = begin(tx, id, now)?;
            draft.text = Some(text.to_owned());
            summary_draft::put(tx, id, &draft, now)
        })?;
        Ok(())
    }

    /// Saves a summary that was begun, as an edit of what it was made from.
    ///
    /// # Errors
    /// As [`Store::enqueue`]; what was being written is kept then.
    pub fn save_summary(
        &self,
        id: ConversationId,
        text: &str,
        now: Millis,
    ) -> Result<(Enqueued, Change)> {
        self.write(|tx, touched| {
            let draft = begin(tx, id, now)?;
            summary_draft::delete(tx, id)?;
            touched.conversation(id);
            let mine = text.trim_end();
            if mine == draft.base {
                return Ok(Enqueued::AlreadyThere);
            }
            let patch = Patch {
                summary: Some(Edit {
                    rev: draft.rev,
                    base: draft.base,
                    mine: mine.to_owned(),
                }),
                ..Patch::default()
            };
            self.enqueue_in(tx, patch_of(id, patch), touched, now)
        })
    }

    /// What is being written of a summary.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn summary_draft(&self, id: ConversationId) -> Result<Option<SummaryDraft>> {
        self.read(|connection| summary_draft::get(connection, id))
    }

    /// All fields in conflict, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn conflicts(&self) -> Result<Vec<OpenConflict>> {
        self.read(conflict::all)
    }

    /// Fields in conflict of one conversation.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn conflicts_of(&self, id: ConversationId) -> Result<Vec<OpenConflict>> {
        self.read(|connection| conflict::of_conversation(connection, id))
    }

    /// How many fields are in conflict.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn n_conflicts(&self) -> Result<u32> {
        self.read(conflict::count)
    }

    /// Ends a conflict. With a value it is sent as an edit of what the other one had set, now that
    /// the agent has seen that; without one theirs stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such conflict or the value is of another field, and
    /// as for [`Store::enqueue`]; the conflict stays then.
    pub fn end_conflict(
        &self,
        id: ConversationId,
        field: Field,
        value: Option<&FieldValue>,
        now: Millis,
    ) -> Result<(Enqueued, Change)> {
        self.write(|tx, touched| {
            let account = require_account(tx)?;
            let open = conflict::get(tx, id, field)?.ok_or(StoreError::NotFound("conflict"))?;
            conflict::delete(tx, id, field)?;
            let act = Act::done("conflict.end", format!("conversation:{id}"));
            self.audit(tx, &act, &account, now)?;
            let enqueued = match value {
                Some(value) if *value != open.conflict.theirs => {
                    let patch = open.conflict.settle(value);
                    let patch = patch.ok_or(StoreError::NotFound("conflict"))?;
                    self.enqueue_in(tx, patch_of(id, patch), touched, now)?
                }
                Some(_) | None => Enqueued::AlreadyThere,
            };
            self.after_op(tx, &patch_of(id, Patch::default()), &account.agent, touched)?;
            Ok(enqueued)
        })
    }

    /// The server took a part of an edit: that part shows until the feed brings it, the rest is kept
    /// as conflicts.
    pub(crate) fn keep_conflicts(
        &self,
        tx: &Transaction<'_>,
        entry: &OutboxEntry,
        applied: &[Field],
        conflicts: &[Conflict],
        now: Millis,
    ) -> Result<()> {
        let Action::PatchConversation {
            conversation_id,
            patch,
        } = &entry.op.action
        else {
            return Err(StoreError::Broken("only an edit is done in part"));
        };
        for conflict in conflicts {
            let open = OpenConflict {
                conversation_id: *conversation_id,
                op_id: entry.op.id,
                since: now,
                conflict: conflict.clone(),
            };
            conflict::put(tx, open)?;
        }
        let taken = patch_of(*conversation_id, patch.only(applied));
        outbox::set_done_in_part(tx, entry.op.id, &taken)?;
        settle_edit(tx, entry.op.id, &taken)
    }
}

/// An edit that the feed has brought already, or of which nothing was taken, has no effect to show.
pub(crate) fn settle_edit(
    tx: &Transaction<'_>,
    op_id: lt_model::id::OpId,
    action: &Action,
) -> Result<()> {
    let Action::PatchConversation {
        conversation_id,
        patch,
    } = action
    else {
        return Ok(());
    };
    let server = conversation_body::server(tx, *conversation_id)?;
    if patch.is_empty() || server.is_some_and(|server| server.has_taken(patch)) {
        outbox::delete_done(tx, op_id)?;
    }
    Ok(())
}

/// Who edits at this desk.
pub(crate) fn editor(me: &Agent) -> Editor {
    Editor {
        authority: me.role.into(),
        name: me.display_name.clone(),
    }
}

fn patch_of(conversation_id: ConversationId, patch: Patch) -> Action {
    Action::PatchConversation {
        conversation_id,
        patch,
    }
}

/// What was being written, or what is shown; nothing typed, it follows what is shown.
fn begin(tx: &Transaction<'_>, id: ConversationId, now: Millis) -> Result<SummaryDraft> {
    if let Some(draft) = summary_draft::get(tx, id)?
        && draft.text.is_some()
    {
        return Ok(draft);
    }
    let shown = conversation_body::shown(tx, id)?.ok_or(StoreError::NotFound("conversation"))?;
    let draft = SummaryDraft {
        rev: shown.properties.summary_mark.rev,
        base: shown.properties.summary,
        text: None,
    };
    summary_draft::put(tx, id, &draft, now)?;
    Ok(draft)
}
