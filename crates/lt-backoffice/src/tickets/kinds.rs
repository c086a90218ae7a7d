//! Types of tickets: those that a new organisation begins with, and how an administrator changes
//! them.

use lt_db::{
    Tx,
    table::{business_hours, skill_group, ticket_type},
};
use lt_model::{
    Millis,
    agent::{Agent, Permission, SkillGroup},
    id::{GroupId, HoursId},
    ticket::{TicketType, TicketTypeWhy, kind::MAX_TYPES, standard},
};
use lt_protocol::code::Code;

use crate::{
    authz::{self, Scope},
    error::{Error, Refused},
    ids,
};

/// Keeps a type; its version is the one that was looked at, 0 for a new one.
pub(crate) fn save(tx: &Tx<'_>, agent: &Agent, kind: &TicketType) -> Result<(), Error> {
    authz::check(agent, Permission::TicketManage, Scope::Organisation)?;
    let mut kind = kind.clone().cleaned();
    let groups: Vec<GroupId> = skill_group::all(tx)?.iter().map(|one| one.id).collect();
    let hours: Vec<HoursId> = business_hours::all(tx)?.iter().map(|one| one.id).collect();
    let others = ticket_type::all(tx)?;
    let before = others.iter().find(|other| other.id == kind.id);
    if before.map_or(0, |before| before.version) != kind.version {
        return Err(Refused::new(Code::ChangedMeanwhile, "there is another version").into());
    }
    let mut faults = kind.faults();
    faults.extend(kind.faults_among(&groups, &hours, &others));
    if let Some(fault) = faults.first() {
        let (code, text) = match fault.why {
            TicketTypeWhy::TooMany => (Code::TooLarge, "there is too much of something"),
            TicketTypeWhy::Unknown => (Code::NotFound, "no such department or calendar"),
            TicketTypeWhy::Taken => (Code::Taken, "there is a type of this name"),
            TicketTypeWhy::Empty
            | TicketTypeWhy::TooLong
            | TicketTypeWhy::Twice
            | TicketTypeWhy::Bounds => (Code::FieldsMissing, "something in it is not right"),
        };
        return Err(Refused::new(code, text).into());
    }
    if before.is_none() && others.len() >= MAX_TYPES {
        return Err(Refused::new(Code::TooLarge, "there are too many types").into());
    }
    kind.version = kind.version.saturating_add(1);
    Ok(ticket_type::put(tx, &kind)?)
}

/// Gives a new organisation its types, with those of their departments that it has.
pub(crate) fn seed(tx: &Tx<'_>, groups: &[SkillGroup], now: Millis) -> Result<(), Error> {
    // Types are listed by id: a millisecond apart they keep their order.
    let mut made_ids = Vec::new();
    for at in (now..).take(standard::types(nil).len()) {
        made_ids.push(ids::new(at)?);
    }
    let mut next = made_ids.into_iter();
    for one in standard::types(|| next.next().unwrap_or_else(nil)) {
        ticket_type::put(tx, &placed(one, groups))?;
    }
    Ok(())
}

/// A standard type with its departments by their names.
fn placed(one: standard::Standard, groups: &[SkillGroup]) -> TicketType {
    let id_of = |name: &str| {
        groups
            .iter()
            .find(|group| group.name == name)
            .map(|group| group.id)
    };
    TicketType {
        group_id: id_of(one.group),
        path: one.path.iter().filter_map(|name| id_of(name)).collect(),
        ..one.kind
    }
}

fn nil() -> lt_model::id::TicketTypeId {
    lt_model::id::TicketTypeId(uuid::Uuid::nil())
}
