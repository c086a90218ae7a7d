//! What the server answered to an operation.

use lt_model::{Millis, id::OpId, message::Delivery};
use lt_protocol::sync::{Action, OpOutcome};
use rusqlite::Transaction;

use crate::{
    Account, Change, News, Result, Store,
    change::Touched,
    edit::settle_edit,
    enqueue::object,
    people,
    sql::word,
    store::{Act, require_account},
    table::{
        contact, engine_settings, message,
        outbox::{self, OpState, message_of},
        whisper,
    },
};

impl Store {
    /// Takes the server's answer. A second answer to the same operation changes nothing.
    ///
    /// Done: the message counts as sent, and the effect stays until the feed brings the rows, unless
    /// it has brought them before.
    /// In part: what was taken stays likewise, the rest is kept as conflicts for the agent.
    /// Refused: the effect is taken back, the operation and its text stay for the agent.
    ///
    /// # Errors
    /// [`crate::StoreError::Full`] and the like; the operation stays queued then.
    pub fn op_result(&self, op_id: OpId, outcome: &OpOutcome, now: Millis) -> Result<Change> {
        self.op_results(&[(op_id, outcome.clone())], now)
    }

    /// The same for several, in their order and in one transaction: all of them are taken, or none.
    ///
    /// # Errors
    /// As for [`Store::op_result`].
    pub fn op_results(&self, results: &[(OpId, OpOutcome)], now: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            let account = require_account(tx)?;
            results.iter().try_for_each(|(op_id, outcome)| {
                self.take_result(tx, &account, *op_id, outcome, now, touched)
            })?;
            self.settle_landed(tx, &account.agent, touched)
        })?;
        Ok(change)
    }

    fn take_result(
        &self,
        tx: &Transaction<'_>,
        account: &Account,
        op_id: OpId,
        outcome: &OpOutcome,
        now: Millis,
        touched: &mut Touched,
    ) -> Result<()> {
        let Some(entry) = outbox::get(tx, op_id)? else {
            return Ok(());
        };
        if entry.state != OpState::Queued {
            return Ok(());
        }
        let action = &entry.op.action;
        let conversation_id = action.conversation();
        let message_id = message_of(action);
        match outcome {
            OpOutcome::Done { at } => {
                outbox::set_done(tx, op_id)?;
                set_delivery(tx, action, Delivery::Sent, Some(*at))?;
                settle_if_here(tx, action)?;
                settle_edit(tx, op_id, action)?;
                touched.news.push(News::Delivered {
                    op_id,
                    conversation_id,
                    message_id,
                    made_at: entry.op.at,
                });
            }
            OpOutcome::Partial {
                applied, conflicts, ..
            } => {
                self.keep_conflicts(tx, &entry, applied, conflicts, now)?;
                let mut act = Act::done("conflict.keep", object(action, account));
                act.reason = format!("{} fields", conflicts.len());
                self.audit(tx, &act, account, now)?;
                touched.news.extend(
                    conversation_id.map(|conversation_id| News::Conflicted { conversation_id }),
                );
            }
            OpOutcome::Refused { code } => {
                outbox::set_refused(tx, op_id, *code)?;
                set_delivery(tx, action, Delivery::Failed, None)?;
                let object = object(action, account);
                let act = Act::refused(action.name(), object, word(code)?);
                self.audit(tx, &act, account, now)?;
                if matches!(action, Action::Read { .. }) {
                    // A refused read mark concerns nobody: nothing is lost, nothing to retry.
                    outbox::delete_refused(tx, op_id)?;
                } else {
                    touched.news.push(News::Refused {
                        op_id,
                        conversation_id,
                        message_id,
                        code: *code,
                    });
                }
            }
        }
        self.after_op(tx, action, &account.agent, touched)
    }
}

fn set_delivery(
    tx: &Transaction<'_>,
    action: &Action,
    delivery: Delivery,
    at: Option<Millis>,
) -> Result<()> {
    let Some(message_id) = message_of(action) else {
        return Ok(());
    };
    let Some(mut stored) = message::get(tx, message_id)? else {
        return Ok(());
    };
    stored.message.delivery = delivery;
    stored.message.at = at.unwrap_or(stored.message.at);
    message::set_unsent(tx, &stored.message)
}

/// The feed may have brought the message before the answer came.
fn settle_if_here(tx: &Transaction<'_>, action: &Action) -> Result<()> {
    if let Action::SetEngineSettings { base, .. } | Action::RestoreEngineSettings { base, .. } =
        action
        && engine_settings::current(tx)?.is_some_and(|current| current.version > *base)
    {
        return outbox::settle_engine(tx);
    }
    if let Action::Contact { act, .. } = action {
        return match contact::server(tx, act.other())? {
            Some(row) => people::settle(tx, &row).map(|_| ()),
            None => Ok(()),
        };
    }
    if let Action::Whisper { whisper, .. } = action {
        return match whisper::get(tx, whisper.id)? {
            Some(_) => outbox::settle_whisper(tx, whisper.id),
            None => Ok(()),
        };
    }
    let Some(message_id) = message_of(action) else {
        return Ok(());
    };
    match message::get(tx, message_id)? {
        Some(stored) if stored.message.seq == 0 => Ok(()),
        _ => outbox::settle_message(tx, message_id),
    }
}
