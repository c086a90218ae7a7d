//! What routing's operations do to a conversation, as far as a desk can tell before the server does.

use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::{Conversation, Illegal},
    routing::{AssignReason, MAX_NOTE_CHARS, MAX_SNOOZE_MS, Offer, RoutingReason, TransferTo},
};
use lt_protocol::sync::Action;

/// How long a colleague is asked, as far as the desk knows; the server says it exactly.
const ASKED_MS: Millis = 60_000;

/// Makes the move of an operation of `me`. Other operations change nothing.
///
/// # Errors
/// When the state does not allow the move.
pub(crate) fn perform(
    conversation: &mut Conversation,
    action: &Action,
    me: &Agent,
    at: Millis,
) -> Result<(), Illegal> {
    let may_supervise = me.role.may(Permission::ConvSupervise);
    match action {
        Action::Claim { .. } => conversation.claim(me.id, at),
        Action::Decline { .. } => conversation.decline(me.id, at),
        Action::Transfer { to, note, .. } => {
            if note.chars().count() > MAX_NOTE_CHARS {
                return Err(Illegal::State(conversation.status));
            }
            transfer(conversation, *to, me, may_supervise, at)
        }
        Action::TakeOver { .. } => conversation.take_over(me.id, at).map(drop),
        Action::Snooze { until, .. } => {
            if *until > at.saturating_add(MAX_SNOOZE_MS) {
                return Err(Illegal::State(conversation.status));
            }
            conversation.snooze(*until, me.id, may_supervise)
        }
        Action::Wake { .. } => {
            conversation.wake();
            Ok(())
        }
        Action::TakeBack { .. } => conversation.take_back(me.id, at),
        Action::Reopen { .. } => conversation.reopen(me.id, at),
        _ => Ok(()),
    }
}

fn transfer(
    conversation: &mut Conversation,
    to: TransferTo,
    me: &Agent,
    may_supervise: bool,
    at: Millis,
) -> Result<(), Illegal> {
    match to {
        TransferTo::Group { group_id } => {
            conversation.transfer_to_group(group_id, me.id, may_supervise, at)
        }
        TransferTo::Agent { agent_id } => {
            let offer = Offer {
                agent: agent_id,
                offered_at: at,
                expires_at: at.saturating_add(ASKED_MS),
                reason: AssignReason::Transfer,
                why: vec![RoutingReason::Transferred {
                    by: me.display_name.clone(),
                }],
            };
            let group = conversation.group_id;
            conversation.transfer_to_agent(group, offer, me.id, may_supervise)
        }
    }
}
