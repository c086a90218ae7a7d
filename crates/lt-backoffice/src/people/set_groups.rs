//! In which groups an account works.

use lt_db::table::{agent, agent_group, conversation, skill_group, ticket};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::Conversation,
    id::{AgentId, GroupId},
};
use lt_protocol::code::{Code, WireError};

use crate::{
    access::Principal,
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    routing,
    thread::Thread,
};

impl Backoffice {
    /// Lets an account work in these groups and no others. What it may see changes at once: its
    /// desktops drop what they have of the others. Conversations that it had there, or was offered, go
    /// back to the queues, its tickets there to nobody.
    ///
    /// `who` is its id or its login name.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::NotFound`] for an account or a group that does not exist.
    pub fn set_agent_groups(
        &self,
        principal: &Principal,
        who: &str,
        mut groups: Vec<GroupId>,
        now: Millis,
    ) -> Result<Agent, WireError> {
        groups.sort_unstable();
        groups.dedup();
        let permission = Permission::UserManage;
        let (agent, contacts) =
            self.act_as(principal, "agent.groups", permission, now, |tx, _| {
                let account = match who.parse::<AgentId>() {
                    Ok(id) => agent::by_id(tx, id)?,
                    Err(_) => agent::by_username(tx, &who.to_lowercase())?,
                };
                let before = account
                    .ok_or(Refused::new(Code::NotFound, "no such account"))?
                    .agent;
                for group in &groups {
                    if skill_group::by_id(tx, *group)?.is_none() {
                        return Err(Refused::new(Code::NotFound, "no such group").into());
                    }
                }
                let mut contacts = Vec::new();
                for held in conversation::held_by(tx, before.id)? {
                    if groups.contains(&held.group_id) {
                        continue;
                    }
                    let before_held = held.clone();
                    let mut thread = Thread::resume(held);
                    if thread.conversation.give_back(now) {
                        contacts.push(thread.conversation.contact_id);
                        let saved = thread.save(tx)?;
                        routing::follow(tx, &before_held, &saved.conversation, now)?;
                    }
                }
                let is_lost = |offered: &Conversation| !groups.contains(&offered.group_id);
                contacts.extend(routing::withdraw_those(tx, before.id, is_lost, now)?);
                for mut held in ticket::held_by(tx, before.id)? {
                    if !groups.contains(&held.group_id) && held.let_go(now) {
                        ticket::update(tx, &held)?;
                    }
                }
                let is_any_changed = change(tx, &before, &groups)?;
                if is_any_changed {
                    agent::announce(tx, before.id)?;
                }
                let after = Agent { groups, ..before };
                let object = audit::account(after.id);
                Ok(((after, contacts), object))
            })?;
        self.hint_contacts(contacts);
        self.run_queues_soon(now);
        Ok(agent)
    }
}

fn change(tx: &lt_db::Tx<'_>, before: &Agent, groups: &[GroupId]) -> Result<bool, Error> {
    let lost = before.groups.iter().filter(|group| !groups.contains(group));
    for group in lost.clone() {
        agent_group::remove(tx, before.id, *group)?;
    }
    let won = groups.iter().filter(|group| !before.groups.contains(group));
    for group in won.clone() {
        agent_group::insert(tx, before.id, *group)?;
    }
    Ok(lost.count() + won.count() > 0)
}
