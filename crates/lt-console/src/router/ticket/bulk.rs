//! The same act on many tickets.
//!
//! **Invariant:** each ticket goes by itself, by the move that it would go by alone: one that may not
//! is named with the reason, the others are done. A preview asks the same moves and does nothing.

use std::collections::HashSet;

use lt_model::{
    agent::Permission,
    id::TicketId,
    merge::Edit,
    ticket::{
        Ticket, TicketState,
        act::TicketAct,
        patch::{PRIORITY, TicketChange},
    },
};
use lt_protocol::{
    code::{Code, WireError},
    ticket::{
        MAX_TICKETS_AT_ONCE, TicketBulkAct, TicketBulkArgs, TicketBulkRefusal, TicketBulkView,
        TicketUndo, TicketUndoArgs,
    },
};
use lt_store::Enqueued;

use crate::{
    desk::Desk,
    error::wire,
    view::{mask, ticket::number},
};

/// `ticket.bulk`
pub(crate) fn run(desk: &Desk, args: &TicketBulkArgs) -> Result<TicketBulkView, WireError> {
    let acts = args.ids.iter().map(|id| (*id, &args.act));
    each(desk, acts, args.preview)
}

/// `ticket.bulk_undo`: what was done meanwhile by others is left as it is.
pub(crate) fn undo(desk: &Desk, args: &TicketUndoArgs) -> Result<TicketBulkView, WireError> {
    let acts = args.undo.iter().map(|one| (one.id, &one.act));
    let mut view = each(desk, acts, false)?;
    view.undo.clear();
    Ok(view)
}

fn each<'a>(
    desk: &Desk,
    acts: impl ExactSizeIterator<Item = (TicketId, &'a TicketBulkAct)>,
    preview: bool,
) -> Result<TicketBulkView, WireError> {
    desk.permit(Permission::TicketWork)?;
    if acts.len() > MAX_TICKETS_AT_ONCE {
        return Err(WireError::new(Code::TooLarge, "too many at once"));
    }
    let mut view = TicketBulkView::default();
    let mut known = HashSet::new();
    for (id, act) in acts {
        if !known.insert(id) {
            continue;
        }
        let stored = desk.store.ticket(id).map_err(wire)?;
        let before = stored.map(|stored| stored.ticket);
        match one(desk, id, before.as_ref(), act, preview) {
            // What was done with it since it left nobody here knows.
            Ok(true) if before.is_none() => view.asked += 1,
            Ok(true) => {
                view.done += 1;
                if let Some(before) = before.as_ref().filter(|_| !preview) {
                    let undo = way_back(desk, before, &of(before, act))?;
                    view.undo.extend(undo.map(|act| TicketUndo { id, act }));
                }
            }
            Ok(false) => view.same += 1,
            Err(why) if is_reason(why.code) => {
                view.refused.push(refusal(id, before.as_ref(), why.code));
            }
            Err(why) => return Err(why),
        }
    }
    Ok(view)
}

/// Whether it was done, or would be; else it is so already.
fn one(
    desk: &Desk,
    id: TicketId,
    before: Option<&Ticket>,
    act: &TicketBulkAct,
    preview: bool,
) -> Result<bool, WireError> {
    let act = match (before, act) {
        (Some(before), act) => of(before, act),
        // It has left this desk by what is taken back.
        (None, TicketBulkAct::TakeBack { department_id }) => TicketAct::TakeBack {
            group_id: *department_id,
        },
        (None, _) => return Err(WireError::new(Code::NotFound, "no such ticket")),
    };
    if preview {
        return desk.store.try_ticket(id, &act, desk.now()).map_err(wire);
    }
    let enqueued = desk.enqueue_ticket(id, act)?;
    Ok(matches!(enqueued, Enqueued::New(_)))
}

fn of(before: &Ticket, act: &TicketBulkAct) -> TicketAct {
    match act {
        TicketBulkAct::Claim => TicketAct::Claim,
        TicketBulkAct::Release => TicketAct::Release,
        TicketBulkAct::Assign { agent_id } => TicketAct::Assign {
            agent_id: *agent_id,
        },
        TicketBulkAct::Transfer {
            department_id,
            returns,
            note,
        } => TicketAct::Transfer {
            group_id: *department_id,
            returns: *returns,
            note: note.clone(),
        },
        TicketBulkAct::TakeBack { department_id } => TicketAct::TakeBack {
            group_id: *department_id,
        },
        TicketBulkAct::Priority { priority } => TicketAct::Patch {
            changes: vec![TicketChange::Priority {
                edit: Edit {
                    rev: before.rev(PRIORITY),
                    base: before.priority,
                    mine: *priority,
                },
            }],
        },
        TicketBulkAct::Move { to } => TicketAct::Move {
            from: before.state,
            to: *to,
            note: String::new(),
            until: None,
        },
    }
}

/// What takes back what was just done to a ticket, where this agent may do that now.
pub(super) fn way_back(
    desk: &Desk,
    before: &Ticket,
    done: &TicketAct,
) -> Result<Option<TicketBulkAct>, WireError> {
    let Some(act) = back(before, done) else {
        return Ok(None);
    };
    let after = desk.store.ticket(before.id).map_err(wire)?;
    let may = after.is_some_and(|after| {
        matches!(
            one(desk, before.id, Some(&after.ticket), &act, true),
            Ok(true)
        )
    });
    Ok(may.then_some(act))
}

/// What takes an act back, whether this agent may do that or not.
fn back(before: &Ticket, done: &TicketAct) -> Option<TicketBulkAct> {
    match done {
        TicketAct::Claim | TicketAct::Release | TicketAct::Assign { .. } => {
            Some(match &before.assignee {
                Some(person) => TicketBulkAct::Assign {
                    agent_id: person.agent,
                },
                None => TicketBulkAct::Release,
            })
        }
        TicketAct::Patch { changes } => match changes[..] {
            [TicketChange::Priority { .. }] => Some(TicketBulkAct::Priority {
                priority: before.priority,
            }),
            _ => None,
        },
        TicketAct::Transfer { group_id, .. } => Some(TicketBulkAct::TakeBack {
            department_id: *group_id,
        }),
        TicketAct::Move { to, .. } => {
            // Until when it was on hold does not come back by a move.
            let may = before.state != TicketState::New
                && before.hold_until.is_none()
                && to.next().contains(&before.state);
            may.then_some(TicketBulkAct::Move { to: before.state })
        }
        TicketAct::Create { .. }
        | TicketAct::Return { .. }
        | TicketAct::TakeBack { .. }
        | TicketAct::Comment { .. }
        | TicketAct::Merge { .. }
        | TicketAct::Verify { .. } => None,
    }
}

fn refusal(id: TicketId, ticket: Option<&Ticket>, code: Code) -> TicketBulkRefusal {
    TicketBulkRefusal {
        id,
        number: ticket
            .map(|ticket| number(ticket.number))
            .unwrap_or_default(),
        title: ticket
            .map(|ticket| mask::line(&ticket.title))
            .unwrap_or_default(),
        code,
        holder: ticket
            .filter(|_| code == Code::HeldByOther)
            .and_then(|ticket| ticket.assignee.as_ref())
            .map(|person| person.name.clone())
            .unwrap_or_default(),
    }
}

/// Whether it is about this ticket alone; a full disk is about all of them.
fn is_reason(code: Code) -> bool {
    matches!(
        code,
        Code::HeldByOther
            | Code::IllegalState
            | Code::Forbidden
            | Code::ChangedMeanwhile
            | Code::TakenUp
            | Code::FieldsMissing
            | Code::Empty
            | Code::NotFound
    )
}
