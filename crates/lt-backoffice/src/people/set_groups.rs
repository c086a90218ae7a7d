//! In which groups an account works.

use lt_db::table::agent;
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    id::{AgentId, GroupId},
};
use lt_protocol::code::{Code, WireError};

use super::leave;
use crate::{access::Principal, audit, backoffice::Backoffice, error::Refused};

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
                leave::check_groups(tx, &groups)?;
                let contacts = leave::give_up(tx, before.id, &groups, now)?;
                if leave::set_groups(tx, before.id, &groups)? {
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
