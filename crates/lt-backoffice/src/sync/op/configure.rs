//! Changing a setting of routing.

use lt_db::{
    Tx,
    table::{agent, business_hours, inbox, skill_group},
};
use lt_model::{id::ContactId, routing::Setting};
use lt_protocol::code::Code;

use crate::error::{Error, Refused};

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
        Setting::Agent {
            agent_id,
            capacity,
            capacities,
            skills,
        } => {
            agent::by_id(tx, *agent_id)?.ok_or(missing("no such account"))?;
            agent::set_routing(tx, *agent_id, *capacity, capacities, skills)?;
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
