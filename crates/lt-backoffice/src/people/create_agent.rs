//! A new account.

use lt_db::table::{agent, skill_group};
use lt_model::{
    Millis,
    agent::{Agent, Permission, Presence},
};
use lt_protocol::{
    api::NewAgent,
    code::{Code, WireError},
};

use crate::{
    access::{self, Principal},
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids,
};

impl Backoffice {
    /// Makes an account.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::Taken`], [`Code::NotFound`] for a group that does not exist,
    /// [`Code::BadRequest`].
    pub fn create_agent(
        &self,
        principal: &Principal,
        new: NewAgent,
        now: Millis,
    ) -> Result<Agent, WireError> {
        Ok(self.make_agent(principal, new, now)?)
    }

    fn make_agent(
        &self,
        principal: &Principal,
        new: NewAgent,
        now: Millis,
    ) -> Result<Agent, Error> {
        let username = access::account_name(&new.username)?;
        let password = access::password(&new.password, &username)?;
        let mut groups = new.groups;
        groups.sort_unstable();
        groups.dedup();
        let agent = Agent {
            id: ids::new(now)?,
            display_name: access::display_name(&new.display_name)?,
            username,
            role: new.role,
            groups,
            presence: Presence::Offline,
            capacity: access::capacity(new.capacity)?,
            capacities: Vec::new(),
            skills: Vec::new(),
        };
        // Who may not do it anyway shall not cost a password hash.
        let hash = match principal.agent.role.may(Permission::UserManage) {
            true => self.hash_password(&password)?,
            false => String::new(),
        };
        let permission = Permission::UserManage;
        self.act_as(principal, "agent.create", permission, now, |tx, _| {
            if hash.is_empty() {
                return Err(Refused::new(Code::Forbidden, "the role lacks the permission").into());
            }
            if agent::by_username(tx, &agent.username)?.is_some() {
                return Err(Refused::new(Code::Taken, "the login name is taken").into());
            }
            for group in &agent.groups {
                if skill_group::by_id(tx, *group)?.is_none() {
                    return Err(Refused::new(Code::NotFound, "no such group").into());
                }
            }
            agent::insert(tx, &agent, &hash, now)?;
            Ok((agent.clone(), audit::account(agent.id)))
        })
    }
}
