//! The agent's own words on their way to the window and back.
//!
//! What was sent, or given back to a draft, may hold values of the customer that stood masked when
//! the agent wrote it. The store keeps the words whole; a window gets them masked, and what it hands
//! back is made whole again from what is kept.

use lt_model::id::ConversationId;
use lt_protocol::{code::WireError, sync::Action};

use crate::{desk::Desk, error::wire, view::mask};

/// A kept draft as a window gets it.
pub(super) fn shown(draft: Option<String>) -> String {
    draft.map(|draft| mask::text(&draft).0).unwrap_or_default()
}

/// What the agent wrote in an operation, whole.
pub(super) fn of(action: Action) -> Option<String> {
    match action {
        Action::SendMessage { text, .. } | Action::AddNote { text, .. } => Some(text),
        Action::Whisper { whisper, .. } => Some(whisper.text),
        Action::PatchConversation { patch, .. } => patch.summary.map(|edit| edit.mine),
        _ => None,
    }
}

/// A text with the values back that stand masked in it: as `kept` has them, or else as what the
/// agent wrote in this conversation and was not taken yet, which may have been copied from there.
pub(super) fn whole(
    desk: &Desk,
    id: ConversationId,
    text: &str,
    kept: Option<&str>,
) -> Result<String, WireError> {
    if !text.contains('*') {
        return Ok(text.to_owned());
    }
    let outbox = desk.store.outbox().map_err(wire)?;
    let unsent: Vec<String> = outbox
        .into_iter()
        .filter(|entry| entry.op.action.conversation() == Some(id))
        .filter_map(|entry| of(entry.op.action))
        .collect();
    let sources: Vec<&str> = kept
        .into_iter()
        .chain(unsent.iter().map(String::as_str))
        .collect();
    Ok(mask::restore(text, &sources))
}
