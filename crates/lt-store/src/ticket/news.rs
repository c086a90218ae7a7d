//! What of a ticket the agent is to be told.

use lt_model::{
    agent::Agent,
    id::AgentId,
    ticket::{Ticket, TicketActor, TicketEvent, TicketEventKind as Kind},
};
use lt_protocol::ticket::TicketNews;

/// What happened since, if any of it concerns the agent: the last of it. Nobody is told of what they
/// did themselves.
pub(crate) fn told(before: Option<&Ticket>, after: &Ticket, me: &Agent) -> Option<TicketNews> {
    let has_it = after
        .assignee
        .as_ref()
        .is_some_and(|person| person.agent == me.id);
    let waits = after
        .waiting
        .iter()
        .any(|waiting| waiting.person.agent == me.id);
    let is_theirs = waits || after.created_by.agent == me.id;
    let n_known = before.map_or(0, |before| before.events.len());
    let is_here = after.is_with(&me.groups);
    let was_here = before.is_some_and(|before| before.is_with(&me.groups));
    let of_event = |event: &TicketEvent| {
        if is_by(event, me.id) {
            return None;
        }
        match &event.what {
            Kind::Assigned { .. } if has_it => Some(TicketNews::Assigned),
            Kind::Returned { .. } | Kind::TakenBack { .. } if has_it => Some(TicketNews::Returned),
            Kind::Created { .. }
            | Kind::Transferred { .. }
            | Kind::Returned { .. }
            | Kind::TakenBack { .. }
                if is_here && !was_here && !has_it =>
            {
                Some(TicketNews::Arrived)
            }
            Kind::Resolved { .. } if is_theirs => Some(TicketNews::Resolved),
            Kind::Cancelled { .. } if is_theirs || has_it => Some(TicketNews::Cancelled),
            Kind::MergedInto { .. } if is_theirs || has_it => Some(TicketNews::Merged),
            Kind::Reopened { .. } | Kind::VerifiedFail { .. } if has_it => {
                Some(TicketNews::Reopened)
            }
            Kind::Commented { .. } if has_it || waits => Some(TicketNews::Commented),
            Kind::Resumed { .. } if has_it && event.by == TicketActor::System => {
                Some(TicketNews::CustomerAnswered)
            }
            Kind::Warned { .. } if has_it || (is_here && after.assignee.is_none()) => {
                Some(TicketNews::Warned)
            }
            Kind::Breached { .. } if has_it || (is_here && after.assignee.is_none()) => {
                Some(TicketNews::Breached)
            }
            _ => None,
        }
    };
    let new = || after.events.iter().skip(n_known);
    // Whoever was called by name is told so, whatever came after.
    match names(new(), me.id) {
        true => Some(TicketNews::Mentioned),
        false => new().rev().find_map(of_event),
    }
}

fn names<'a>(mut events: impl Iterator<Item = &'a TicketEvent>, me: AgentId) -> bool {
    events.any(|event| !is_by(event, me) && event.what.mentions().contains(&me))
}

fn is_by(event: &TicketEvent, me: AgentId) -> bool {
    matches!(&event.by, TicketActor::Agent(person) if person.agent == me)
}
