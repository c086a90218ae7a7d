//! Giving a conversation to a group or to a colleague.

use lt_db::{
    Tx,
    table::{agent, skill_group},
};
use lt_model::{
    Millis,
    agent::{Agent, Permission, Presence},
    conversation::{Conversation, Handler},
    id::{AgentId, ContactId, GroupId},
    message::Event,
    routing::{ACCEPT_MS, AssignReason, MAX_NOTE_CHARS, Offer, RoutingReason, TransferTo},
};
use lt_protocol::code::Code;

use super::illegal;
use crate::{
    error::{Error, Refused},
    responder::queue_contacts,
    routing,
    thread::Thread,
};

/// A colleague is asked at least so long: they are in the middle of something.
const ASKED_MS: Millis = 60_000;

pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    before: Conversation,
    to: TransferTo,
    note: &str,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let note = clean(note)?;
    let may_supervise = me.role.may(Permission::ConvSupervise);
    let mut after = before.clone();
    let name = match to {
        TransferTo::Group { group_id } => {
            let group = group(tx, group_id)?;
            after
                .transfer_to_group(group_id, me.id, may_supervise, now)
                .map_err(illegal)?;
            group.name
        }
        TransferTo::Agent { agent_id } => {
            let colleague = colleague(tx, me, agent_id)?;
            let group_id = group_with(&colleague, before.group_id)?;
            let accept_ms = group(tx, group_id)?.assign.accept_ms();
            let offer = Offer {
                agent: agent_id,
                offered_at: now,
                expires_at: now + accept_ms.unwrap_or(ACCEPT_MS).max(ASKED_MS),
                reason: AssignReason::Transfer,
                why: vec![RoutingReason::Transferred {
                    by: me.display_name.clone(),
                }],
            };
            after
                .transfer_to_agent(group_id, offer, me.id, may_supervise)
                .map_err(illegal)?;
            colleague.display_name
        }
    };
    let mut thread = Thread::resume(after);
    let event = Event::Transferred {
        agent: me.display_name.clone(),
        to: name,
        note,
    };
    thread.event(event, now)?;
    let saved = thread.save(tx)?;
    routing::follow(tx, &before, &saved.conversation, now)?;
    let mut contacts = queue_contacts(tx, saved.conversation.group_id)?;
    if before.handler == Handler::Queue && before.group_id != saved.conversation.group_id {
        contacts.extend(queue_contacts(tx, before.group_id)?);
    }
    contacts.push(saved.conversation.contact_id);
    Ok(contacts)
}

fn clean(note: &str) -> Result<String, Refused> {
    let shown: String = note
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    let note = shown.trim();
    if note.chars().count() > MAX_NOTE_CHARS {
        return Err(Refused::new(Code::TooLarge, "the note is too long"));
    }
    Ok(note.to_owned())
}

fn group(tx: &Tx<'_>, id: GroupId) -> Result<lt_model::agent::SkillGroup, Error> {
    let found = skill_group::by_id(tx, id)?;
    Ok(found.ok_or(Refused::new(Code::NotFound, "no such group"))?)
}

/// The colleague, if they take what is transferred.
fn colleague(tx: &Tx<'_>, me: &Agent, id: AgentId) -> Result<Agent, Error> {
    let account = agent::by_id(tx, id)?.filter(|account| account.active && id != me.id);
    let account = account.ok_or(Refused::new(Code::NotFound, "no such colleague"))?;
    match account.agent.presence {
        Presence::Online | Presence::TransferOnly => Ok(account.agent),
        Presence::Busy | Presence::Away | Presence::Offline => {
            Err(Refused::new(Code::IllegalState, "the colleague takes nothing now").into())
        }
    }
}

/// The group in which the colleague sees it: where it is, if they work there.
fn group_with(colleague: &Agent, present: GroupId) -> Result<GroupId, Refused> {
    if colleague.groups.contains(&present) {
        return Ok(present);
    }
    let first = colleague.groups.first().copied();
    first.ok_or(Refused::new(
        Code::IllegalState,
        "the colleague is in no group",
    ))
}
