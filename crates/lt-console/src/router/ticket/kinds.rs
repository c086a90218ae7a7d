//! The types of tickets, as an administrator edits them.

use lt_model::agent::Permission;
use lt_protocol::{
    code::{Code, WireError},
    command::NoArgs,
    sync::Action,
    ticket::{TicketTypeRow, TicketTypeSaveArgs, TicketTypesView},
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
    Ok(TicketTypesView {
        types,
        departments: departments(desk)?,
        editable: desk.me()?.role.may(Permission::TicketManage),
    })
}

/// `ticket_type.save`
pub(crate) fn save(desk: &Desk, args: TicketTypeSaveArgs) -> Result<TicketTypesView, WireError> {
    desk.permit(Permission::TicketManage)?;
    let checked = args
        .kind
        .check()
        .map_err(|fault| WireError::new(Code::FieldsMissing, fault.to_string()))?;
    let known = desk.store.ticket_types().map_err(wire)?;
    let is_waiting = desk
        .store
        .ticket_types_waiting()
        .map_err(wire)?
        .iter()
        .any(|waiting| waiting.id == checked.id);
    let before = known.iter().find(|kind| kind.id == checked.id);
    if is_waiting || before.map_or(0, |kind| kind.version) != checked.version {
        return Err(WireError::new(
            Code::ChangedMeanwhile,
            "there is another version of the type",
        ));
    }
    if before != Some(&checked) {
        let ticket_type = Box::new(checked);
        desk.enqueue(Action::SaveTicketType { ticket_type })?;
    }
    list(desk, NoArgs {})
}
