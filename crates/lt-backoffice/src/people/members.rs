//! Accounts as an administrator keeps them: made, changed, given another password, let in or not.

use lt_db::{
    Tx,
    table::{
        agent::{self, Account},
        agent_group, attendance, login_failure, session,
    },
};
use lt_model::{
    Millis,
    agent::{Agent, Permission, Presence, Role},
    id::AgentId,
    routing::{Skill, are_skills_fit},
};
use lt_protocol::{
    code::{Code, WireError},
    members::{
        MemberActiveArgs, MemberArgs, MemberEditArgs, MemberNewArgs, MemberPassword, MemberSeen,
        MembersView,
    },
};
use lt_seal::random_code;

use super::{
    create_agent::{begin, check_hash, insert, sorted},
    leave,
    roll::roll,
};
use crate::{
    access::{self, Principal},
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
};

const MAY: Permission = Permission::UserManage;

impl Backoffice {
    /// Makes an account. Its password is in the answer alone.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::Taken`], [`Code::NotFound`] for a group that does not exist,
    /// [`Code::BadRequest`].
    pub fn create_member(
        &self,
        principal: &Principal,
        args: MemberNewArgs,
        now: Millis,
    ) -> Result<MemberPassword, WireError> {
        Ok(self.make_member(principal, args, now)?)
    }

    fn make_member(
        &self,
        principal: &Principal,
        args: MemberNewArgs,
        now: Millis,
    ) -> Result<MemberPassword, Error> {
        let names = (args.username.as_str(), args.name.as_str());
        let mut agent = begin(names, args.role, args.groups, now)?;
        agent.skills = fit(args.skills)?;
        let password = random_code()?;
        let hash = self.hash_by(principal, &password)?;
        let all = self.act_as(principal, "agent.create", MAY, now, |tx, me| {
            insert(tx, &agent, &hash, now)?;
            Ok((roll(tx, me.id)?, audit::Note::made(agent.id, agent.role)))
        })?;
        Ok(MemberPassword {
            agent_id: agent.id,
            password: password.expose().clone(),
            all,
        })
    }

    /// Changes an account. What it may see and do changes at once; what it had in groups that it leaves
    /// goes back, as by [`Backoffice::set_agent_groups`].
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::NotFound`] for an account or a group that does not exist,
    /// [`Code::IllegalState`] for the role of the last administrator, [`Code::ChangedMeanwhile`] where
    /// it is no more what was seen, [`Code::BadRequest`].
    pub fn edit_member(
        &self,
        principal: &Principal,
        args: MemberEditArgs,
        now: Millis,
    ) -> Result<MembersView, WireError> {
        Ok(self.change_member(principal, args, now)?)
    }

    fn change_member(
        &self,
        principal: &Principal,
        args: MemberEditArgs,
        now: Millis,
    ) -> Result<MembersView, Error> {
        let (id, role) = (args.agent_id, args.role);
        let name = access::display_name(&args.name)?;
        let skills = fit(args.skills)?;
        let groups = sorted(args.groups);
        let seen = args.seen;
        let (all, contacts) = self.act_as(principal, "agent.edit", MAY, now, |tx, me| {
            let before = found(tx, id)?;
            check_seen(tx, &before.agent, seen)?;
            let is_admin = before.active && before.agent.role == Role::Admin;
            if is_admin && role != Role::Admin && agent::n_other_admins(tx, id)? == 0 {
                return Err(Refused::new(Code::IllegalState, "nobody else may administer").into());
            }
            leave::check_groups(tx, &groups)?;
            let contacts = leave::give_up(tx, id, &groups, now)?;
            leave::set_groups(tx, id, &groups)?;
            agent::set_profile(tx, id, &name, role, &skills)?;
            agent::announce(tx, id)?;
            let note: audit::Note = match before.agent.role == role {
                true => audit::account(id).into(),
                false => audit::Note::role(id, role),
            };
            Ok(((roll(tx, me.id)?, contacts), note))
        })?;
        self.hint_contacts(contacts);
        self.run_queues_soon(now);
        Ok(all)
    }

    /// Gives an account another password, which is in the answer alone, and ends its sessions.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::NotFound`], [`Code::IllegalState`] for one's own: the answer would
    /// come to a session that has ended.
    pub fn reset_password(
        &self,
        principal: &Principal,
        args: &MemberArgs,
        now: Millis,
    ) -> Result<MemberPassword, WireError> {
        Ok(self.change_password(principal, args.agent_id, now)?)
    }

    fn change_password(
        &self,
        principal: &Principal,
        id: AgentId,
        now: Millis,
    ) -> Result<MemberPassword, Error> {
        let password = random_code()?;
        let hash = self.hash_by(principal, &password)?;
        let (all, contacts) = self.act_as(principal, "agent.password", MAY, now, |tx, me| {
            check_hash(&hash)?;
            not_oneself(me, id)?;
            let account = found(tx, id)?;
            agent::set_password(tx, id, &hash)?;
            login_failure::clear_all(tx, &account.agent.username)?;
            session::end_of_agent(tx, id, now)?;
            let contacts = match account.agent.presence {
                Presence::Offline => {
                    attendance::set_was(tx, id, None)?;
                    Vec::new()
                }
                _ => access::leave_desk(tx, id, now)?,
            };
            Ok(((roll(tx, me.id)?, contacts), audit::account(id)))
        })?;
        self.hint_contacts(contacts);
        self.run_queues_soon(now);
        Ok(MemberPassword {
            agent_id: id,
            password: password.expose().clone(),
            all,
        })
    }

    /// Lets an account sign in, or not. One that may not is signed out everywhere; its conversations go
    /// back to the queues, its tickets to nobody. One that may again works where it did.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::NotFound`], [`Code::IllegalState`] for one's own.
    pub fn set_member_active(
        &self,
        principal: &Principal,
        args: &MemberActiveArgs,
        now: Millis,
    ) -> Result<MembersView, WireError> {
        let (id, active) = (args.agent_id, args.active);
        let action = match active {
            true => "agent.activate",
            false => "agent.deactivate",
        };
        let (all, contacts) = self.act_as(principal, action, MAY, now, |tx, me| {
            not_oneself(me, id)?;
            let before = found(tx, id)?;
            let mut contacts = Vec::new();
            if before.active && !active {
                session::end_of_agent(tx, id, now)?;
                contacts = leave::give_up(tx, id, &[], now)?;
                contacts.extend(access::leave_desk(tx, id, now)?);
            }
            if before.active != active {
                agent::set_active(tx, id, active)?;
            }
            Ok(((roll(tx, me.id)?, contacts), audit::account(id)))
        })?;
        self.hint_contacts(contacts);
        self.run_queues_soon(now);
        Ok(all)
    }
}

fn found(tx: &Tx<'_>, id: AgentId) -> Result<Account, Error> {
    Ok(agent::by_id(tx, id)?.ok_or(Refused::new(Code::NotFound, "no such account"))?)
}

/// That nobody changed what an administrator keeps of it since it was looked at: it would be taken back
/// unseen.
fn check_seen(tx: &Tx<'_>, agent: &Agent, seen: MemberSeen) -> Result<(), Error> {
    // Where it would work is kept of one that may not sign in, too.
    let now = MemberSeen {
        name: agent.display_name.clone(),
        role: agent.role,
        groups: sorted(agent_group::of(tx, agent.id)?),
        skills: agent.skills.clone(),
    };
    let seen = MemberSeen {
        groups: sorted(seen.groups),
        ..seen
    };
    match now == seen {
        true => Ok(()),
        false => Err(Refused::new(Code::ChangedMeanwhile, "somebody changed it").into()),
    }
}

fn not_oneself(me: &Agent, id: AgentId) -> Result<(), Refused> {
    match me.id == id {
        true => Err(Refused::new(Code::IllegalState, "not one's own account")),
        false => Ok(()),
    }
}

fn fit(skills: Vec<Skill>) -> Result<Vec<Skill>, Refused> {
    match are_skills_fit(&skills) {
        true => Ok(skills),
        false => Err(Refused::new(Code::BadRequest, "no such skills")),
    }
}
