//! What routing's operations do to a conversation, as far as a desk can tell before the server does.

use lt_model::{
    Millis,
    agent::{Agent, Permission, Presence},
    conversation::{Conversation, Illegal},
    id::GroupId,
    message::TextError,
    routing::{
        ACCEPT_MS, AssignReason, MAX_NOTE_CHARS, MAX_SNOOZE_MS, Offer, RoutingReason, TransferTo,
    },
};
use lt_protocol::sync::Action;
use rusqlite::Connection;

use crate::{
    Result, StoreError,
    table::{agent, group},
};

/// A colleague is asked at least so long, as by the server.
const ASKED_MS: Millis = 60_000;

/// How a colleague is asked to take a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Where the colleague sees it: where it is, if they work there.
    group: GroupId,
    accept_ms: Millis,
}

/// Whom an operation asks to take a conversation, as the server will. None: it asks nobody.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Illegal`] and [`StoreError::Text`] when the server will
/// refuse it.
pub(crate) fn asked(
    connection: &Connection,
    conversation: &Conversation,
    action: &Action,
    me: &Agent,
) -> Result<Option<Asked>> {
    let Action::Transfer { to, note, .. } = action else {
        return Ok(None);
    };
    if note.chars().count() > MAX_NOTE_CHARS {
        return Err(TextError::TooLong { bytes: note.len() }.into());
    }
    let TransferTo::Agent { agent_id } = to else {
        return Ok(None);
    };
    let colleague = agent::shown(connection, *agent_id)?.filter(|colleague| colleague.id != me.id);
    let colleague = colleague.ok_or(StoreError::NotFound("colleague"))?;
    let takes_nothing = Illegal::State(conversation.status);
    match colleague.presence {
        Presence::Online | Presence::TransferOnly => {}
        Presence::Busy | Presence::Away | Presence::Offline => return Err(takes_nothing.into()),
    }
    let group_id = match colleague.groups.contains(&conversation.group_id) {
        true => conversation.group_id,
        false => *colleague.groups.first().ok_or(takes_nothing)?,
    };
    let groups = group::all(connection)?;
    let found = groups.into_iter().find(|group| group.id == group_id);
    let accept_ms = found.and_then(|group| group.assign.accept_ms());
    Ok(Some(Asked {
        group: group_id,
        accept_ms: accept_ms.unwrap_or(ACCEPT_MS).max(ASKED_MS),
    }))
}

/// Makes the move of an operation of `me`, who asks somebody as [`asked`] says. Other operations
/// change nothing.
///
/// # Errors
/// When the state does not allow the move.
pub(crate) fn perform(
    conversation: &mut Conversation,
    action: &Action,
    asked: Option<Asked>,
    me: &Agent,
    at: Millis,
) -> Result<(), Illegal> {
    let may_supervise = me.role.may(Permission::ConvSupervise);
    match action {
        Action::Claim { .. } => conversation.claim(me.id, at),
        Action::Decline { .. } => conversation.decline(me.id, at),
        Action::Transfer { to, .. } => transfer(conversation, *to, asked, me, at),
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
    asked: Option<Asked>,
    me: &Agent,
    at: Millis,
) -> Result<(), Illegal> {
    let may_supervise = me.role.may(Permission::ConvSupervise);
    match to {
        TransferTo::Group { group_id } => {
            conversation.transfer_to_group(group_id, me.id, may_supervise, at)
        }
        TransferTo::Agent { agent_id } => {
            let Some(asked) = asked else {
                return Err(Illegal::State(conversation.status));
            };
            let offer = Offer {
                agent: agent_id,
                offered_at: at,
                expires_at: at.saturating_add(asked.accept_ms),
                reason: AssignReason::Transfer,
                why: vec![RoutingReason::Transferred {
                    by: me.display_name.clone(),
                }],
            };
            conversation.transfer_to_agent(asked.group, offer, me.id, may_supervise)
        }
    }
}
