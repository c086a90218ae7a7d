//! What a pending operation does to what the server last sent. Pure.
//!
//! An effect that the state no longer allows is left out: the server will refuse the operation,
//! and the agent sees that then.

use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::Conversation,
};
use lt_protocol::sync::Action;

use crate::{
    edit::editor,
    routing::{self, Asked},
};

/// Applies an operation of `me`, made at `at`, to a conversation that it is about. `asked`: whom it
/// asks to take it.
pub(crate) fn on_conversation(
    conversation: &mut Conversation,
    action: &Action,
    asked: Option<Asked>,
    me: &Agent,
    at: Millis,
) {
    match action {
        // Taking it shows at once. The customer's waiting clock runs on: until the server has the
        // reply, the customer has none.
        Action::SendMessage { .. } | Action::SendFile { .. } => {
            let _ = conversation.claim(me.id, at);
        }
        Action::Claim { .. }
        | Action::Decline { .. }
        | Action::Transfer { .. }
        | Action::TakeOver { .. }
        | Action::Snooze { .. }
        | Action::Wake { .. }
        | Action::TakeBack { .. }
        | Action::Reopen { .. } => {
            let _ = routing::perform(conversation, action, asked, me, at);
        }
        Action::Resolve { .. } => {
            let _ = conversation.resolve(me.id, me.role.may(Permission::ConvSupervise), at);
        }
        Action::Read { seq, .. } => {
            let read = (*seq).min(conversation.seq);
            if conversation.assignee() == Some(me.id) && read > conversation.agent_read_seq {
                conversation.agent_read_seq = read;
            }
        }
        Action::PatchConversation { patch, .. } => {
            let _ = conversation.patch_shown(patch, &editor(me), at);
        }
        Action::SetPresence { .. }
        | Action::AddNote { .. }
        | Action::Whisper { .. }
        | Action::Contact { .. }
        | Action::Recall { .. }
        | Action::SaveCanned { .. }
        | Action::RemoveCanned { .. }
        | Action::Alert { .. }
        | Action::SaveAlertRule { .. }
        | Action::RemoveAlertRule { .. }
        | Action::Quality { .. }
        | Action::Thumb { .. }
        | Action::EditPersonal { .. }
        | Action::Configure { .. }
        | Action::RuleLearned { .. }
        | Action::Ticket { .. }
        | Action::SaveTicketType { .. }
        | Action::SetEngineSettings { .. }
        | Action::RestoreEngineSettings { .. } => {}
    }
}

/// Applies an operation of an agent to the agent's own row.
pub(crate) fn on_agent(agent: &mut Agent, action: &Action) {
    if let Action::SetPresence { presence } = action {
        agent.presence = *presence;
    }
}
