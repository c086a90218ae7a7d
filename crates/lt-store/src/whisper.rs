//! Whispers at this desk: those of the server, and those that wait or were refused.

use lt_model::{
    Millis,
    agent::Agent,
    id::{ConversationId, OpId, WhisperId},
    message::check_text,
    whisper::{Whisper, WhisperDraft},
};
use lt_protocol::sync::{Action, Op};
use rusqlite::{Connection, Transaction};

use crate::{
    Result, Store, StoreError,
    change::{News, Touched},
    store::require_account,
    table::{
        conversation_body,
        draft::WHISPERS,
        mention, outbox,
        outbox::{OpState, OutboxEntry},
        whisper,
    },
};

/// A whisper, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredWhisper {
    /// It.
    pub whisper: Whisper,
    /// The operation that is to send it; none where the server has it.
    pub op_id: Option<OpId>,
    /// Whether that waits or was refused.
    pub state: Option<OpState>,
}

impl Store {
    /// What is being written of a whisper.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn whisper_draft(&self, id: ConversationId) -> Result<Option<String>> {
        self.read(|connection| WHISPERS.get(connection, id))
    }

    /// Keeps what is being written of a whisper; an empty text forgets it.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn save_whisper_draft(&self, id: ConversationId, text: &str, now: Millis) -> Result<()> {
        self.write(|tx, _| WHISPERS.put(tx, id, text, now))?;
        Ok(())
    }

    /// The whispers in a conversation that the agent at this desk sees, oldest first, and behind them
    /// those that wait or were refused.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn whispers(&self, id: ConversationId) -> Result<Vec<StoredWhisper>> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            let sent = whisper::of_conversation(connection, id)?;
            let mut all: Vec<StoredWhisper> = sent
                .into_iter()
                .map(|whisper| StoredWhisper {
                    whisper,
                    op_id: None,
                    state: None,
                })
                .collect();
            let seq = conversation_body::shown(connection, id)?.map_or(0, |shown| shown.seq);
            for (entry, is_done) in outbox::whispers(connection, id)? {
                let OutboxEntry { op, state } = entry;
                if let Some(whisper) = written(&me, &op, seq) {
                    let is_here = all.iter().any(|one| one.whisper.id == whisper.id);
                    if !is_here {
                        all.push(StoredWhisper {
                            whisper,
                            op_id: (!is_done).then_some(op.id),
                            state: (!is_done).then_some(state),
                        });
                    }
                }
            }
            Ok(all)
        })
    }
}

fn written(me: &Agent, op: &Op, after_seq: u64) -> Option<Whisper> {
    let Action::Whisper {
        conversation_id,
        whisper: WhisperDraft { id, agent, text },
    } = &op.action
    else {
        return None;
    };
    Some(Whisper {
        id: *id,
        conversation_id: *conversation_id,
        agent: *agent,
        author: me.id,
        author_name: me.display_name.clone(),
        text: text.clone(),
        after_seq,
        at: op.at,
    })
}

/// Checks what is to be whispered: the agent that it is for still has the conversation. False: it is
/// here already.
pub(crate) fn legal(
    connection: &Connection,
    id: ConversationId,
    draft: &mut WhisperDraft,
) -> Result<bool> {
    draft.text = check_text(&draft.text)?;
    let shown =
        conversation_body::shown(connection, id)?.ok_or(StoreError::NotFound("conversation"))?;
    if shown.assignee() != Some(draft.agent) {
        return Err(match shown.assignee() {
            Some(other) => lt_model::conversation::Illegal::HeldBy(other).into(),
            None => lt_model::conversation::Illegal::State(shown.status).into(),
        });
    }
    Ok(!is_here(connection, draft.id, id)?)
}

fn is_here(connection: &Connection, id: WhisperId, of: ConversationId) -> Result<bool> {
    let is_waiting = outbox::whispers(connection, of)?.iter().any(|(entry, _)| {
        matches!(&entry.op.action, Action::Whisper { whisper, .. } if whisper.id == id)
            && entry.state == OpState::Queued
    });
    Ok(is_waiting || whisper::get(connection, id)?.is_some())
}

/// Takes a row of the server. To the agent at the conversation every word of a lead is news; to a
/// lead what the agent says where that lead has spoken before, or where no lead has.
pub(crate) fn arrive(
    tx: &Transaction<'_>,
    row: &Whisper,
    rev: u64,
    is_live: bool,
    touched: &mut Touched,
) -> Result<()> {
    outbox::settle_whisper(tx, row.id)?;
    touched.conversation(row.conversation_id);
    let is_new = whisper::put(tx, row, rev)?;
    if !is_new || !is_live {
        return Ok(());
    }
    let me = require_account(tx)?.agent.id;
    let concerns_me = match row.agent == me {
        true => row.author != me,
        false => {
            row.author == row.agent && {
                let mut leads = whisper::of_conversation(tx, row.conversation_id)?;
                leads.retain(|one| one.author != one.agent);
                leads.is_empty() || leads.iter().any(|one| one.author == me)
            }
        }
    };
    if concerns_me {
        // Until the conversation is looked at, as with notes that name somebody.
        mention::add(tx, lt_model::id::MessageId(row.id.0), row.conversation_id)?;
        touched.news.push(News::Whispered {
            conversation_id: row.conversation_id,
        });
    }
    Ok(())
}
