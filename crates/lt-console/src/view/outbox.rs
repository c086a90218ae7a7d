//! What waits to be sent, on the screen.

use lt_protocol::{sync::Action, view::OutboxItem};
use lt_store::{OpState, OutboxEntry};

use crate::view::mask;

/// Shows an operation, masked.
pub(crate) fn item(entry: &OutboxEntry) -> OutboxItem {
    let text = match &entry.op.action {
        Action::SendMessage { text, .. } => mask::line(text),
        Action::Claim { .. }
        | Action::Resolve { .. }
        | Action::Read { .. }
        | Action::SetPresence { .. }
        | Action::Thumb { .. }
        | Action::RuleLearned { .. }
        | Action::SetEngineSettings { .. }
        | Action::RestoreEngineSettings { .. } => String::new(),
    };
    OutboxItem {
        op_id: entry.op.id,
        kind: entry.op.action.name().to_owned(),
        conversation_id: entry.op.action.conversation(),
        text,
        at: entry.op.at,
        refused: match entry.state {
            OpState::Queued => None,
            OpState::Refused(code) => Some(code),
        },
    }
}
