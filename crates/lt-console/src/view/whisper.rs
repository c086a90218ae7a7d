//! Whispers, on the screen.

use lt_model::{
    agent::{Agent, Permission},
    conversation::{Conversation, Status},
};
use lt_protocol::live::{SuperviseView, WhisperView};
use lt_store::{OpState, StoredWhisper};

use crate::view::{Viewer, mask};

/// Shows one, masked.
pub(crate) fn whisper(stored: &StoredWhisper, viewer: &Viewer) -> WhisperView {
    let whisper = &stored.whisper;
    let to_leads = whisper.author == whisper.agent;
    WhisperView {
        id: whisper.id,
        author: whisper.author_name.clone(),
        is_mine: whisper.author == viewer.me,
        to_leads,
        to: match to_leads {
            true => String::new(),
            false => viewer.agent_name(whisper.agent),
        },
        text: mask::text(&whisper.text).0,
        after_seq: whisper.after_seq,
        at: whisper.at,
        pending: stored.state == Some(OpState::Queued),
        op_id: stored.op_id,
        refused: match stored.state {
            Some(OpState::Refused(code)) => Some(code),
            Some(OpState::Queued) | None => None,
        },
    }
}

/// What the agent may do as a lead, or with theirs.
pub(crate) fn supervise(conversation: &Conversation, me: &Agent) -> SuperviseView {
    let is_live = matches!(conversation.status, Status::Open | Status::Snoozed);
    let holder = conversation.assignee().filter(|_| is_live);
    let by_another = holder.is_some_and(|holder| holder != me.id);
    SuperviseView {
        watches: by_another && me.role.may(Permission::ConvSupervise),
        may_whisper: by_another && me.role.may(Permission::ConvWhisper),
        may_answer: holder == Some(me.id),
    }
}
