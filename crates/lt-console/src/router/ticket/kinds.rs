//! The types of tickets, as an administrator edits them.

use lt_model::{
    agent::Permission,
    id::{GroupId, HoursId},
    ticket::{TicketType, TicketTypeFault},
};
use lt_protocol::{
    code::{Code, WireError},
    command::NoArgs,
    sync::Action,
    ticket::{TicketCalendar, TicketTypeCheck, TicketTypeRow, TicketTypeSaveArgs, TicketTypesView},
};

use super::departments;
use crate::{desk::Desk, error::wire};

/// `ticket_type.list`: what waits to be sent is in it.
pub(crate) fn list(desk: &Desk, _: NoArgs) -> Result<TicketTypesView, WireError> {
    desk.permit(Permission::TicketView)?;
    let unfinished = desk.store.unfinished_by_type().map_err(wire)?;
    let count = |id| {
        unfinished
            .iter()
            .find(|(of, _)| *of == id)
            .map_or(0, |(_, count)| *count)
    };
    let known = desk.store.ticket_types().map_err(wire)?;
    let mut types: Vec<TicketTypeRow> = known
        .into_iter()
        .map(|kind| TicketTypeRow {
            unfinished: count(kind.id),
            kind,
            pending: false,
        })
        .collect();
    for waiting in desk.store.ticket_types_waiting().map_err(wire)? {
        let row = TicketTypeRow {
            unfinished: count(waiting.id),
            kind: waiting,
            pending: true,
        };
        match types.iter_mut().find(|one| one.kind.id == row.kind.id) {
            Some(known) => *known = row,
            None => types.push(row),
        }
    }
    let calendars = desk.store.business_hours().map_err(wire)?;
    Ok(TicketTypesView {
        types,
        departments: departments(desk)?,
        calendars: calendars
            .into_iter()
            .map(|hours| TicketCalendar {
                id: hours.id,
                name: hours.name,
            })
            .collect(),
        editable: desk.me()?.role.may(Permission::TicketManage),
    })
}

/// `ticket_type.check`: all that is wrong with a type, each at its place.
pub(crate) fn check(desk: &Desk, args: TicketTypeSaveArgs) -> Result<TicketTypeCheck, WireError> {
    desk.permit(Permission::TicketManage)?;
    let kind = args.kind.cleaned();
    Ok(TicketTypeCheck {
        faults: faults(desk, &kind)?,
    })
}

/// `ticket_type.save`
pub(crate) fn save(desk: &Desk, args: TicketTypeSaveArgs) -> Result<TicketTypesView, WireError> {
    desk.permit(Permission::TicketManage)?;
    let kind = args.kind.cleaned();
    if let Some(fault) = faults(desk, &kind)?.first() {
        return Err(WireError::new(Code::FieldsMissing, fault.to_string()));
    }
    let known = desk.store.ticket_types().map_err(wire)?;
    let is_waiting = desk
        .store
        .ticket_types_waiting()
        .map_err(wire)?
        .iter()
        .any(|waiting| waiting.id == kind.id);
    let before = known.iter().find(|other| other.id == kind.id);
    if is_waiting || before.map_or(0, |before| before.version) != kind.version {
        return Err(WireError::new(
            Code::ChangedMeanwhile,
            "there is another version of the type",
        ));
    }
    if before != Some(&kind) {
        let ticket_type = Box::new(kind);
        desk.enqueue(Action::SaveTicketType { ticket_type })?;
    }
    list(desk, NoArgs {})
}

/// By the rules that the server has too, with what this desk knows of the organisation.
fn faults(desk: &Desk, kind: &TicketType) -> Result<Vec<TicketTypeFault>, WireError> {
    let groups = desk.store.groups().map_err(wire)?;
    let groups: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
    let hours = desk.store.business_hours().map_err(wire)?;
    let hours: Vec<HoursId> = hours.iter().map(|hours| hours.id).collect();
    let types = desk.store.ticket_types().map_err(wire)?;
    let mut faults = kind.faults();
    faults.extend(kind.faults_among(&groups, &hours, &types));
    Ok(faults)
}
