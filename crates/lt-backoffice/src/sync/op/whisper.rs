//! Whispers (悄悄话): between the agent at a conversation and the leads of its group, and nobody else.

use lt_db::{Tx, table::whisper};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::Conversation,
    id::ContactId,
    whisper::{MAX_WHISPER_BYTES, Whisper, WhisperDraft},
};
use lt_protocol::code::Code;

use super::send_message::checked;
use crate::{
    authz::{self, Scope},
    error::{Error, Refused},
};

/// Keeps it. Neither conversation nor customer have news by that.
pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    conversation: &Conversation,
    draft: &WhisperDraft,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let text = checked(&draft.text)?;
    if text.len() > MAX_WHISPER_BYTES {
        return Err(Refused::new(Code::TooLarge, "the whisper is too long").into());
    }
    let holder = conversation.assignee();
    if draft.agent == me.id {
        // The agent at it answers the leads.
        if holder != Some(me.id) {
            return Err(Refused::new(Code::HeldByOther, "another agent has it").into());
        }
    } else {
        let scope = Scope::Group(conversation.group_id);
        authz::check(me, Permission::ConvWhisper, scope)?;
        if holder != Some(draft.agent) {
            // What was meant for one agent is not for another one to read.
            return Err(Refused::new(Code::HeldByOther, "the agent has it no more").into());
        }
    }
    if whisper::by_id(tx, draft.id)?.is_some() {
        return Err(Refused::new(Code::BadRequest, "the id is used").into());
    }
    let whisper = Whisper {
        id: draft.id,
        conversation_id: conversation.id,
        agent: draft.agent,
        author: me.id,
        author_name: me.display_name.clone(),
        text,
        after_seq: conversation.seq,
        at: now,
    };
    whisper::insert(tx, &whisper, conversation.group_id)?;
    Ok(Vec::new())
}
