//! The list of all accounts and groups.

use std::collections::HashMap;

use lt_db::{
    Reader,
    table::{agent, agent_group, skill_group},
};
use lt_model::{
    agent::{Permission, Role},
    id::{AgentId, GroupId},
};
use lt_protocol::{
    code::WireError,
    members::{MemberGroup, MemberView, MembersView},
};

use crate::{
    access::{Principal, current_agent},
    authz::{self, Scope},
    backoffice::Backoffice,
    error::Error,
};

impl Backoffice {
    /// All accounts and groups.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::Forbidden`], or when the store cannot be read.
    pub fn members(&self, principal: &Principal) -> Result<MembersView, WireError> {
        Ok(self.db.read(|reader| {
            let me = current_agent(reader, principal, None)?;
            authz::check(&me, Permission::UserManage, Scope::Organisation)?;
            roll(reader, me.id)
        })?)
    }
}

/// The same, as one of them sees it.
pub(super) fn roll(reader: &Reader<'_>, me: AgentId) -> Result<MembersView, Error> {
    let mut groups_of: HashMap<AgentId, Vec<GroupId>> = HashMap::new();
    for (agent, group) in agent_group::all(reader)? {
        groups_of.entry(agent).or_default().push(group);
    }
    let all = agent::all(reader)?;
    let is_admin =
        |listed: &agent::Listed| listed.account.active && listed.account.agent.role == Role::Admin;
    let n_admins = all.iter().filter(|listed| is_admin(listed)).count();
    let members = all.into_iter().map(|listed| {
        let is_last_admin = n_admins == 1 && is_admin(&listed);
        let agent = listed.account.agent;
        MemberView {
            id: agent.id,
            username: agent.username,
            name: agent.display_name,
            role: agent.role,
            groups: groups_of.remove(&agent.id).unwrap_or_default(),
            skills: agent.skills,
            active: listed.account.active,
            presence: agent.presence,
            seen_at: listed.seen_at,
            is_me: agent.id == me,
            is_last_admin,
        }
    });
    let groups = skill_group::all(reader)?
        .into_iter()
        .map(|group| MemberGroup {
            id: group.id,
            name: group.name,
            categories: group.categories,
        });
    Ok(MembersView {
        members: members.collect(),
        groups: groups.collect(),
    })
}
