//! Changing a setting of routing.

use lt_db::{
    Tx,
    table::{agent, business_hours, inbox, skill_group},
};
use lt_model::{
    agent::{Agent, Permission},
    id::ContactId,
    routing::Setting,
};
use lt_protocol::code::Code;

use crate::{
    authz::{self, Scope},
    error::{Error, Refused},
};

/// Whether the account may change it: a lead that of their own groups and of the agents in them.
pub(super) fn may(tx: &Tx<'_>, me: &Agent, setting: &Setting) -> Result<(), Error> {
    authz::check(me, setting.permission(), Scope::Organisation)?;
    if me.role.may(Permission::UserManage) {
        return Ok(());
    }
    let is_theirs = match setting {
        Setting::GroupLimits { group_id, .. } => me.groups.contains(group_id),
        Setting::Agent { agent_id, .. } => agent::by_id(tx, *agent_id)?.is_some_and(|account| {
            let groups = &account.agent.groups;
            groups.iter().any(|group| me.groups.contains(group))
        }),
        Setting::Group { .. }
        | Setting::Hours { .. }
        | Setting::InboxHours { .. }
        | Setting::InboxSurvey { .. } => false,
    };
    match is_theirs {
        true => Ok(()),
        false => Err(Refused::new(Code::NotFound, "of another group").into()),
    }
}

pub(super) fn perform(tx: &Tx<'_>, setting: &Setting) -> Result<Vec<ContactId>, Error> {
    if !setting.is_fit() {
        return Err(Refused::new(Code::BadRequest, "the setting makes no sense").into());
    }
    let missing = |what| Refused::new(Code::NotFound, what);
    match setting {
        Setting::Group { group_id, assign } => {
            skill_group::by_id(tx, *group_id)?.ok_or(missing("no such group"))?;
            skill_group::set_assign(tx, *group_id, *assign)?;
        }
        Setting::GroupLimits {
            group_id,
            capacities,
            return_after_ms,
        } => {
            skill_group::by_id(tx, *group_id)?.ok_or(missing("no such group"))?;
            skill_group::set_limits(tx, *group_id, capacities, *return_after_ms)?;
        }
        Setting::Agent {
            agent_id,
            capacity,
            capacities,
            skills,
        } => {
            agent::by_id(tx, *agent_id)?.ok_or(missing("no such account"))?;
            agent::set_routing(tx, *agent_id, *capacity, capacities, skills)?;
        }
        Setting::InboxSurvey { inbox_id, survey } => {
            if !inbox::set_survey(tx, *inbox_id, survey)? {
                return Err(missing("no such inbox").into());
            }
        }
        Setting::Hours { hours } => business_hours::put(tx, hours)?,
        Setting::InboxHours { inbox_id, hours_id } => {
            if let Some(id) = hours_id {
                business_hours::by_id(tx, *id)?.ok_or(missing("no such calendar"))?;
            }
            if inbox::set_hours(tx, *inbox_id, *hours_id)? == 0 {
                return Err(missing("no such inbox").into());
            }
        }
    }
    Ok(Vec::new())
}
