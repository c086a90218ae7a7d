//! What becomes of an agent's work in groups that they leave.

use lt_db::{
    Tx,
    table::{agent_group, conversation, skill_group, ticket},
};
use lt_model::{
    Millis,
    conversation::Conversation,
    id::{AgentId, ContactId, GroupId},
};
use lt_protocol::code::Code;

use crate::{
    error::{Error, Refused},
    routing,
    thread::Thread,
};

/// That all of these groups exist.
pub(super) fn check_groups(tx: &Tx<'_>, groups: &[GroupId]) -> Result<(), Error> {
    for group in groups {
        if skill_group::by_id(tx, *group)?.is_none() {
            return Err(Refused::new(Code::NotFound, "no such group").into());
        }
    }
    Ok(())
}

/// Conversations that an agent has outside of these groups, or is offered there, go back to the queues,
/// their tickets there to nobody. Returns the customers.
pub(super) fn give_up(
    tx: &Tx<'_>,
    agent: AgentId,
    keeps: &[GroupId],
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let mut contacts = Vec::new();
    for held in conversation::held_by(tx, agent)? {
        if keeps.contains(&held.group_id) {
            continue;
        }
        let before = held.clone();
        let mut thread = Thread::resume(held);
        if thread.conversation.give_back(now) {
            contacts.push(thread.conversation.contact_id);
            let saved = thread.save(tx)?;
            routing::follow(tx, &before, &saved.conversation, now)?;
        }
    }
    let is_lost = |offered: &Conversation| !keeps.contains(&offered.group_id);
    contacts.extend(routing::withdraw_those(tx, agent, is_lost, now)?);
    for mut held in ticket::held_by(tx, agent)? {
        if !keeps.contains(&held.group_id) && held.let_go(now) {
            ticket::update(tx, &held)?;
        }
    }
    Ok(contacts)
}

/// Writes in which groups an agent works. Says whether that is another answer than before; announce
/// the agent then.
pub(super) fn set_groups(tx: &Tx<'_>, agent: AgentId, groups: &[GroupId]) -> Result<bool, Error> {
    let before = agent_group::of(tx, agent)?;
    let lost = before.iter().filter(|group| !groups.contains(group));
    for group in lost.clone() {
        agent_group::remove(tx, agent, *group)?;
    }
    let won = groups.iter().filter(|group| !before.contains(group));
    for group in won.clone() {
        agent_group::insert(tx, agent, *group)?;
    }
    Ok(lost.count() + won.count() > 0)
}
