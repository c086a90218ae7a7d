//! What waits to be sent, on the screen.

use lt_model::properties::{Field, Patch};
use lt_protocol::{sync::Action, view::OutboxItem};
use lt_store::{Line, OpState, OutboxEntry};

use crate::view::{mask, number, ticket};

/// What an operation is about, as far as this desk knows it.
#[derive(Clone, Copy)]
pub(crate) enum About<'a> {
    /// A conversation.
    Conversation(&'a Line),
    /// A ticket of this number.
    Ticket(u64),
}

/// Shows an operation, masked.
pub(crate) fn item(entry: &OutboxEntry, about: Option<About<'_>>) -> OutboxItem {
    let action = &entry.op.action;
    let (text, seen_seq, fields) = match action {
        Action::SendMessage { text, seen_seq, .. } => (mask::line(text), *seen_seq, Vec::new()),
        Action::PatchConversation { patch, .. } => {
            let summary = patch.summary.as_ref();
            let text = summary.map(|edit| mask::line(&edit.mine));
            (text.unwrap_or_default(), 0, fields(patch))
        }
        Action::Transfer { note, .. } => (mask::line(note), 0, Vec::new()),
        Action::Ticket { act, .. } => (mask::line(act.text()), 0, Vec::new()),
        Action::SendFile { file, seen_seq, .. } => (mask::line(&file.name), *seen_seq, Vec::new()),
        Action::AddNote { text, .. } => (mask::line(text), 0, Vec::new()),
        Action::Whisper { whisper, .. } => (mask::line(&whisper.text), 0, Vec::new()),
        Action::SaveCanned { items } => {
            let title = items.first().map(|item| item.draft.title.clone());
            (title.unwrap_or_default(), 0, Vec::new())
        }
        Action::Recall { .. }
        | Action::Contact { .. }
        | Action::RemoveCanned { .. }
        | Action::Alert { .. }
        | Action::SaveAlertRule { .. }
        | Action::RemoveAlertRule { .. }
        | Action::Quality { .. }
        | Action::Claim { .. }
        | Action::Decline { .. }
        | Action::TakeOver { .. }
        | Action::Snooze { .. }
        | Action::Wake { .. }
        | Action::Reopen { .. }
        | Action::TakeBack { .. }
        | Action::EditPersonal { .. }
        | Action::Configure { .. }
        | Action::Resolve { .. }
        | Action::Read { .. }
        | Action::SetPresence { .. }
        | Action::Thumb { .. }
        | Action::RuleLearned { .. }
        | Action::SaveTicketType { .. }
        | Action::SetEngineSettings { .. }
        | Action::RestoreEngineSettings { .. } => (String::new(), 0, Vec::new()),
    };
    OutboxItem {
        op_id: entry.op.id,
        kind: action.name().to_owned(),
        conversation_id: action.conversation(),
        number: match about {
            Some(About::Conversation(line)) => number(line.number),
            Some(About::Ticket(of_ticket)) => ticket::number(of_ticket),
            None => String::new(),
        },
        name: match about {
            Some(About::Conversation(line)) => mask::name(&line.contact_name),
            Some(About::Ticket(_)) | None => String::new(),
        },
        text,
        fields,
        seen_seq,
        at: entry.op.at,
        refused: match entry.state {
            OpState::Queued => None,
            OpState::Refused(code) => Some(code),
        },
    }
}

fn fields(patch: &Patch) -> Vec<Field> {
    let has_tags = !patch.add_tags.is_empty() || !patch.remove_tags.is_empty();
    let fields = [
        (patch.priority.is_some(), Field::Priority),
        (patch.category.is_some(), Field::Category),
        (has_tags, Field::Tags),
        (patch.summary.is_some(), Field::Summary),
    ];
    let named = fields
        .into_iter()
        .filter_map(|(is_there, field)| is_there.then_some(field));
    named.collect()
}
