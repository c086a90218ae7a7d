//! Tickets: lists, one ticket, and what an agent does with it.

mod bulk;
mod export;
mod form;
mod kinds;

pub(super) use bulk::{run as bulk, undo as bulk_undo};
pub(super) use export::export;
pub(super) use form::{create, patch, prepare};
pub(super) use kinds::{check as check_type, list as types, save as save_type};

use std::collections::HashMap;

use lt_model::{agent::Permission, id::TicketId, ticket::act::TicketAct};
use lt_protocol::{
    code::{Code, WireError},
    command::NoArgs,
    sync::Action,
    teamwork::ColleaguesView,
    ticket::{
        MAX_TICKET_ROWS, TicketArgs, TicketAssignArgs, TicketBoard, TicketBoardArgs, TicketChoices,
        TicketColleague, TicketColumn, TicketCommentArgs, TicketDepartment, TicketListArgs,
        TicketMergeArgs, TicketMoveArgs, TicketPage, TicketReturnArgs, TicketRow,
        TicketTakeBackArgs, TicketTakenBack, TicketTransferArgs, TicketVerifyArgs, TicketView,
    },
};
use lt_store::{StoredTicket, Tells, TicketLine, TicketPart};

use super::note;
use crate::{
    desk::Desk,
    error::wire,
    view::{
        mask,
        ticket::{self, Around, Eyes},
    },
};

/// A word is looked for in what is shown of a ticket; a masked value is found by its whole alone.
const TELLS: Tells<'_> =
    &|words, word| mask::holds(words.title, word) || mask::name_holds(words.customer, word);

/// `ticket.board`
pub(super) fn board(desk: &Desk, args: &TicketBoardArgs) -> Result<TicketBoard, WireError> {
    desk.permit(Permission::TicketView)?;
    let eyes = eyes(desk)?;
    let part = TicketPart {
        sort: args.sort,
        reversed: false,
        offset: 0,
        limit: args.limit.clamp(1, MAX_TICKET_ROWS),
    };
    let (columns, totals) = desk
        .store
        .ticket_board(&args.filter, part, TELLS, eyes.now)
        .map_err(wire)?;
    Ok(TicketBoard {
        columns: columns
            .iter()
            .map(|column| TicketColumn {
                state: column.state,
                total: column.total,
                rows: rows(&column.lines, &eyes),
            })
            .collect(),
        counts: ticket::counts(&totals, &eyes.viewer),
    })
}

/// `ticket.list`
pub(super) fn list(desk: &Desk, args: &TicketListArgs) -> Result<TicketPage, WireError> {
    desk.permit(Permission::TicketView)?;
    let eyes = eyes(desk)?;
    let part = TicketPart {
        sort: args.sort,
        reversed: args.reversed,
        offset: args.offset,
        limit: args.limit.clamp(1, MAX_TICKET_ROWS),
    };
    let (lines, total, totals) = desk
        .store
        .tickets(&args.filter, part, TELLS, eyes.now)
        .map_err(wire)?;
    Ok(TicketPage {
        offset: args.offset,
        rows: rows(&lines, &eyes),
        total,
        counts: ticket::counts(&totals, &eyes.viewer),
    })
}

/// `ticket.get`
pub(super) fn get(desk: &Desk, args: &TicketArgs) -> Result<TicketView, WireError> {
    desk.permit(Permission::TicketView)?;
    show(desk, args.ticket_id)
}

/// `ticket.choices`
pub(super) fn choices(desk: &Desk, _: NoArgs) -> Result<TicketChoices, WireError> {
    desk.permit(Permission::TicketView)?;
    let mut types = desk.store.ticket_types().map_err(wire)?;
    types.retain(|kind| kind.active);
    Ok(TicketChoices {
        departments: departments(desk)?,
        types,
    })
}

/// `ticket.move`
pub(super) fn move_to(desk: &Desk, args: TicketMoveArgs) -> Result<TicketView, WireError> {
    let note = restored(desk, args.ticket_id, &args.note)?;
    let act = TicketAct::Move {
        from: args.from,
        to: args.to,
        note,
        until: args.until,
    };
    act_on(desk, args.ticket_id, act)
}

/// `ticket.claim`
pub(super) fn claim(desk: &Desk, args: &TicketArgs) -> Result<TicketView, WireError> {
    act_on(desk, args.ticket_id, TicketAct::Claim)
}

/// `ticket.release`
pub(super) fn release(desk: &Desk, args: &TicketArgs) -> Result<TicketView, WireError> {
    act_on(desk, args.ticket_id, TicketAct::Release)
}

/// `ticket.assign`
pub(super) fn assign(desk: &Desk, args: &TicketAssignArgs) -> Result<TicketView, WireError> {
    let agent_id = args.agent_id;
    act_on(desk, args.ticket_id, TicketAct::Assign { agent_id })
}

/// `ticket.transfer`
pub(super) fn transfer(desk: &Desk, args: &TicketTransferArgs) -> Result<TicketView, WireError> {
    let act = TicketAct::Transfer {
        group_id: args.department_id,
        returns: args.returns,
        note: restored(desk, args.ticket_id, &args.note)?,
    };
    let before = stored(desk, args.ticket_id)?;
    desk_act(desk, args.ticket_id, act)?;
    shown_or(desk, args.ticket_id, before)
}

/// `ticket.return`
pub(super) fn give_back(desk: &Desk, args: &TicketReturnArgs) -> Result<TicketView, WireError> {
    let note = restored(desk, args.ticket_id, &args.note)?;
    let before = stored(desk, args.ticket_id)?;
    desk_act(desk, args.ticket_id, TicketAct::Return { note })?;
    shown_or(desk, args.ticket_id, before)
}

/// `ticket.take_back`: it may have left this desk, where nobody knows what was done with it since.
pub(super) fn take_back(
    desk: &Desk,
    args: &TicketTakeBackArgs,
) -> Result<TicketTakenBack, WireError> {
    let group_id = args.department_id;
    let is_asked = desk.store.ticket(args.ticket_id).map_err(wire)?.is_none();
    desk_act(desk, args.ticket_id, TicketAct::TakeBack { group_id })?;
    Ok(TicketTakenBack { is_asked })
}

/// `ticket.comment`
pub(super) fn comment(desk: &Desk, args: TicketCommentArgs) -> Result<TicketView, WireError> {
    let text = restored(desk, args.ticket_id, &args.text)?;
    let mentions = args.mentions;
    act_on(desk, args.ticket_id, TicketAct::Comment { text, mentions })
}

/// `ticket.colleagues`: those who see the ticket, who is there first.
pub(super) fn colleagues(desk: &Desk, args: &TicketArgs) -> Result<ColleaguesView, WireError> {
    desk.permit(Permission::TicketView)?;
    let groups = stored(desk, args.ticket_id)?.ticket.seen_by();
    note::colleagues_of(desk, &groups)
}

/// `ticket.seen`
pub(super) fn seen(desk: &Desk, args: &TicketArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::TicketView)?;
    desk.store.ticket_seen(args.ticket_id).map_err(wire)?;
    Ok(NoArgs {})
}

/// `ticket.merge`
pub(super) fn merge(desk: &Desk, args: &TicketMergeArgs) -> Result<TicketView, WireError> {
    desk_act(desk, args.ticket_id, TicketAct::Merge { into: args.into })?;
    show(desk, args.into)
}

/// `ticket.verify`
pub(super) fn verify(desk: &Desk, args: &TicketVerifyArgs) -> Result<TicketView, WireError> {
    let note = restored(desk, args.ticket_id, &args.note)?;
    let act = TicketAct::Verify { ok: args.ok, note };
    act_on(desk, args.ticket_id, act)
}

fn act_on(desk: &Desk, id: TicketId, act: TicketAct) -> Result<TicketView, WireError> {
    desk.permit(Permission::TicketWork)?;
    let before = stored(desk, id)?.ticket;
    desk_act(desk, id, act.clone())?;
    let mut view = show(desk, id)?;
    view.undo = bulk::way_back(desk, &before, &act)?;
    Ok(view)
}

fn desk_act(desk: &Desk, ticket_id: TicketId, act: TicketAct) -> Result<(), WireError> {
    desk.permit(Permission::TicketWork)?;
    desk.enqueue(Action::Ticket { ticket_id, act })
}

/// A note with the values back that stand masked in it, as the ticket has them.
fn restored(desk: &Desk, id: TicketId, text: &str) -> Result<String, WireError> {
    if !text.contains('*') {
        return Ok(text.to_owned());
    }
    let known = stored(desk, id)?.ticket;
    let mut sources: Vec<&str> = vec![&known.title];
    sources.extend(
        known
            .events
            .iter()
            .rev()
            .filter_map(|event| event.what.text()),
    );
    Ok(mask::restore(text, &sources))
}

fn stored(desk: &Desk, id: TicketId) -> Result<StoredTicket, WireError> {
    let found = desk.store.ticket(id).map_err(wire)?;
    found.ok_or_else(|| WireError::new(Code::NotFound, "no such ticket"))
}

/// One ticket as the window shows it.
pub(super) fn show(desk: &Desk, id: TicketId) -> Result<TicketView, WireError> {
    let stored = stored(desk, id)?;
    let line = line(desk, id)?;
    view_of(desk, &stored, &line)
}

/// The same; as it was where it has left this desk by what was done.
fn shown_or(desk: &Desk, id: TicketId, before: StoredTicket) -> Result<TicketView, WireError> {
    match desk.store.ticket_line(id).map_err(wire)? {
        Some(line) => view_of(
            desk,
            &desk.store.ticket(id).map_err(wire)?.unwrap_or(before),
            &line,
        ),
        None => Err(WireError::new(
            Code::NotFound,
            "the ticket has left this desk",
        )),
    }
}

fn view_of(desk: &Desk, stored: &StoredTicket, line: &TicketLine) -> Result<TicketView, WireError> {
    let hours = desk.store.ticket_hours(&stored.ticket.sla).map_err(wire)?;
    let mut conversations = HashMap::new();
    for one in &stored.ticket.conversations {
        if let Some(here) = desk.store.line(one.id).map_err(wire)? {
            conversations.insert(one.id, here.status);
        }
    }
    let around = Around {
        line,
        hours: &hours,
        conversations: &conversations,
    };
    Ok(ticket::view(stored, &around, &eyes(desk)?))
}

fn line(desk: &Desk, id: TicketId) -> Result<TicketLine, WireError> {
    let line = desk.store.ticket_line(id).map_err(wire)?;
    line.ok_or_else(|| WireError::new(Code::NotFound, "no such ticket"))
}

fn rows(lines: &[TicketLine], eyes: &Eyes) -> Vec<TicketRow> {
    lines.iter().map(|line| ticket::row(line, eyes)).collect()
}

fn eyes(desk: &Desk) -> Result<Eyes, WireError> {
    let types = desk.store.ticket_types().map_err(wire)?;
    Ok(Eyes {
        me: desk.me()?,
        viewer: desk.viewer()?,
        types: types.into_iter().map(|kind| (kind.id, kind)).collect(),
        now: desk.now(),
    })
}

fn departments(desk: &Desk) -> Result<Vec<TicketDepartment>, WireError> {
    let me = desk.me()?;
    let agents = desk.store.agents().map_err(wire)?;
    let groups = desk.store.groups().map_err(wire)?;
    Ok(groups
        .into_iter()
        .map(|group| TicketDepartment {
            mine: me.groups.contains(&group.id),
            people: agents
                .iter()
                .filter(|agent| agent.groups.contains(&group.id))
                .map(|agent| TicketColleague {
                    id: agent.id,
                    name: agent.display_name.clone(),
                })
                .collect(),
            id: group.id,
            name: group.name,
        })
        .collect())
}
