//! A new account.

use lt_db::{Tx, table::agent};
use lt_model::{
    Millis,
    agent::{Agent, Permission, Presence, Role},
    id::GroupId,
};
use lt_protocol::{
    api::NewAgent,
    code::{Code, WireError},
};
use lt_seal::Secret;

use super::leave;
use crate::{
    access::{self, Principal},
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids,
};

/// How many conversations a new agent holds at most, until somebody says otherwise.
const CAPACITY: u16 = 5;

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
        let names = (new.username.as_str(), new.display_name.as_str());
        let mut agent = begin(names, new.role, new.groups, now)?;
        agent.capacity = access::capacity(new.capacity)?;
        let password = access::password(&new.password, &agent.username)?;
        let hash = self.hash_by(principal, &password)?;
        let permission = Permission::UserManage;
        self.act_as(principal, "agent.create", permission, now, |tx, _| {
            insert(tx, &agent, &hash, now)?;
            Ok((agent.clone(), audit::Note::made(agent.id, agent.role)))
        })
    }

    /// The hash of a password that somebody gives to an account. Who may not do it anyway shall not
    /// cost one: theirs is empty.
    pub(super) fn hash_by(
        &self,
        principal: &Principal,
        password: &Secret<String>,
    ) -> Result<String, Error> {
        match principal.agent.role.may(Permission::UserManage) {
            true => self.hash_password(password),
            false => Ok(String::new()),
        }
    }
}

/// An account as it begins, with its login name and its shown one.
pub(super) fn begin(
    (username, display_name): (&str, &str),
    role: Role,
    groups: Vec<GroupId>,
    now: Millis,
) -> Result<Agent, Error> {
    Ok(Agent {
        id: ids::new(now)?,
        username: access::account_name(username)?,
        display_name: access::display_name(display_name)?,
        role,
        groups: sorted(groups),
        presence: Presence::Offline,
        capacity: CAPACITY,
        capacities: Vec::new(),
        skills: Vec::new(),
    })
}

/// Groups that somebody named, each once.
pub(super) fn sorted(mut groups: Vec<GroupId>) -> Vec<GroupId> {
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// That it was made for somebody who may do it.
pub(super) fn check_hash(hash: &str) -> Result<(), Refused> {
    match hash.is_empty() {
        true => Err(Refused::new(
            Code::Forbidden,
            "the role lacks the permission",
        )),
        false => Ok(()),
    }
}

/// Makes it, where its name is free and its groups exist.
pub(super) fn insert(tx: &Tx<'_>, agent: &Agent, hash: &str, now: Millis) -> Result<(), Error> {
    check_hash(hash)?;
    if agent::by_username(tx, &agent.username)?.is_some() {
        return Err(Refused::new(Code::Taken, "the login name is taken").into());
    }
    leave::check_groups(tx, &agent.groups)?;
    Ok(agent::insert(tx, agent, hash, now)?)
}
