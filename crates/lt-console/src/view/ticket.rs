//! Tickets on the screen: cards, and one ticket with its form, its history and its promises.

pub(crate) mod value;

use std::collections::HashMap;

use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::Status,
    hours::BusinessHours,
    id::{ConversationId, GroupId, TicketTypeId},
    numbers,
    sla::{Deadline, DeadlineState},
    ticket::{Ticket, TicketActor, TicketEvent, TicketRequired, TicketState, TicketType, patch},
};
use lt_protocol::ticket::{
    TicketConversationView, TicketCounts, TicketCustomerView, TicketDepartmentCount, TicketDueView,
    TicketEventView, TicketFieldView, TicketPathStep, TicketRef, TicketRefusal, TicketRights,
    TicketRow, TicketSlaView, TicketStepAt, TicketStepView, TicketView,
};
use lt_store::{StoredTicket, TicketLine, TicketTotals};

use crate::view::{self, Viewer, mask};

/// Through whose eyes tickets are shown.
pub(crate) struct Eyes {
    pub(crate) me: Agent,
    pub(crate) viewer: Viewer,
    pub(crate) types: HashMap<TicketTypeId, TicketType>,
    pub(crate) now: Millis,
}

/// `T-00817`; empty until the server has it.
pub(crate) fn number(number: u64) -> String {
    match number {
        0 => String::new(),
        number => format!("T-{number:05}"),
    }
}

impl Eyes {
    fn type_name(&self, id: TicketTypeId) -> String {
        self.types
            .get(&id)
            .map(|kind| kind.name.clone())
            .unwrap_or_default()
    }

    /// States that this agent may move a ticket to.
    fn moves(&self, group: GroupId, state: TicketState, is_held: bool) -> Vec<TicketState> {
        let is_here = self.me.groups.contains(&group) && self.me.role.may(Permission::TicketWork);
        let may_act =
            !is_held || !state.is_unfinished() || self.me.role.may(Permission::TicketSupervise);
        match is_here && may_act {
            true => state.next().to_vec(),
            false => Vec::new(),
        }
    }
}

/// A card.
pub(crate) fn row(line: &TicketLine, eyes: &Eyes) -> TicketRow {
    let mine = line.assignee == Some(eyes.me.id);
    let is_held = line.assignee.is_some() && !mine;
    let is_awaited = |group: &GroupId| eyes.me.groups.contains(group);
    TicketRow {
        id: line.id,
        number: number(line.number),
        title: mask::line(&line.title),
        type_id: line.type_id,
        type_name: eyes.type_name(line.type_id),
        state: line.state,
        priority: line.priority,
        department_id: line.group_id,
        department: eyes.viewer.group_name(line.group_id),
        path: line
            .card
            .path
            .iter()
            .map(|(group, at)| TicketPathStep {
                department: eyes.viewer.group_name(*group),
                at: *at,
            })
            .collect(),
        assignee: line.card.assignee.clone(),
        mine,
        mentioned: line.mentioned,
        awaited: line.card.waiting.iter().any(is_awaited),
        customer: mask::name(&line.customer),
        tier: line.card.tier,
        due: line.card.due.as_ref().map(|due| TicketDueView {
            metric: due.metric,
            due_at: due.due_at,
            started_at: due.started_at,
            warn_at: due.warn_at,
            paused: due.paused,
            breached: due.is_late(eyes.now),
            warned: due.is_warned(eyes.now),
        }),
        hold_until: line.card.hold_until,
        moves: eyes.moves(line.group_id, line.state, is_held),
        created_at: line.created_at,
        updated_at: line.updated_at,
        pending: line.pending,
        refused: line.refused,
    }
}

/// Unfinished tickets by scope.
pub(crate) fn counts(totals: &TicketTotals, viewer: &Viewer) -> TicketCounts {
    TicketCounts {
        mine: totals.mine,
        waiting: totals.waiting,
        mentioned: totals.mentioned,
        all: totals.all,
        breached: totals.breached,
        departments: totals
            .departments
            .iter()
            .map(|(id, count)| TicketDepartmentCount {
                id: *id,
                name: viewer.group_name(*id),
                count: *count,
            })
            .collect(),
    }
}

/// What a ticket is shown with.
pub(crate) struct Around<'a> {
    pub(crate) line: &'a TicketLine,
    pub(crate) hours: &'a BusinessHours,
    /// The conversations of it that this desk may see.
    pub(crate) conversations: &'a HashMap<ConversationId, Status>,
}

/// A ticket, open on the screen.
pub(crate) fn view(stored: &StoredTicket, around: &Around<'_>, eyes: &Eyes) -> TicketView {
    let ticket = &stored.ticket;
    let kind = eyes.types.get(&ticket.type_id);
    let refusal = |(op_id, code): &(_, _)| TicketRefusal {
        op_id: *op_id,
        code: *code,
    };
    TicketView {
        row: row(around.line, eyes),
        title_rev: ticket.rev(patch::TITLE),
        priority_rev: ticket.rev(patch::PRIORITY),
        customer: ticket.customer.as_ref().map(|customer| TicketCustomerView {
            contact_id: customer.contact_id,
            name: mask::name(&customer.name),
            tier: customer.tier,
        }),
        conversations: ticket
            .conversations
            .iter()
            .map(|one| TicketConversationView {
                id: one.id,
                number: view::number(one.number),
                status: around.conversations.get(&one.id).copied(),
            })
            .collect(),
        steps: steps(ticket, around.hours, eyes),
        fields: kind.map_or_else(Vec::new, |kind| fields(ticket, kind)),
        events: ticket
            .events
            .iter()
            .map(|event| shown_event(event, eyes))
            .collect(),
        slas: ticket
            .deadlines
            .iter()
            .map(|deadline| sla(deadline, around.hours, eyes.now))
            .collect(),
        can: rights(ticket, eyes),
        created_by: ticket.created_by.name.clone(),
        merged_into: ticket.merged_into.as_ref().map(|link| TicketRef {
            id: link.id,
            number: number(link.number),
        }),
        refusals: stored.refused.iter().map(refusal).collect(),
        undo: None,
    }
}

fn steps(ticket: &Ticket, hours: &BusinessHours, eyes: &Eyes) -> Vec<TicketStepView> {
    let end = match ticket.state {
        TicketState::Closed | TicketState::Cancelled => ticket.updated_at,
        _ => eyes.now,
    };
    let waits = |group| ticket.waiting.iter().any(|one| one.group == group);
    let mut steps: Vec<TicketStepView> = ticket
        .path
        .iter()
        .map(|step| TicketStepView {
            department_id: step.group,
            department: eyes.viewer.group_name(step.group),
            person: step
                .person
                .as_ref()
                .map(|person| person.name.clone())
                .unwrap_or_default(),
            at: match step.left_at {
                Some(_) => TicketStepAt::Past,
                None => TicketStepAt::Now,
            },
            waits: step.left_at.is_some() && waits(step.group),
            entered_at: Some(step.entered_at),
            left_at: step.left_at,
            business_ms: hours.business_ms_between(step.entered_at, step.left_at.unwrap_or(end)),
        })
        .collect();
    if ticket.state.is_unfinished() {
        steps.extend(ticket.ahead().into_iter().map(|group| {
            TicketStepView {
                department_id: group,
                department: eyes.viewer.group_name(group),
                person: ticket
                    .waiting
                    .iter()
                    .find(|one| one.group == group)
                    .map(|one| one.person.name.clone())
                    .unwrap_or_default(),
                at: TicketStepAt::Ahead,
                waits: waits(group),
                entered_at: None,
                left_at: None,
                business_ms: 0,
            }
        }));
    }
    steps
}

fn fields(ticket: &Ticket, kind: &TicketType) -> Vec<TicketFieldView> {
    let missing = kind.missing(&ticket.values, TicketRequired::Resolve);
    kind.fields
        .iter()
        .map(|field| {
            let raw = ticket.values.get(&field.key);
            let shown = raw.map(|raw| value::shown(&field.kind, raw));
            TicketFieldView {
                masked: shown.as_ref() != raw,
                value: shown,
                rev: ticket.rev(&field.key),
                missing: missing.iter().any(|one| one.key == field.key),
                field: field.clone(),
            }
        })
        .collect()
}

fn shown_event(event: &TicketEvent, eyes: &Eyes) -> TicketEventView {
    let mut what = event.what.clone();
    if let Some(text) = what.text_mut() {
        *text = mask::text(text).0;
    }
    let (by, mine) = match &event.by {
        TicketActor::System => (String::new(), false),
        TicketActor::Agent(person) => (person.name.clone(), person.agent == eyes.me.id),
    };
    TicketEventView {
        at: event.at,
        by,
        mine,
        department: eyes.viewer.group_name(event.group),
        mentions: what
            .mentions()
            .iter()
            .map(|agent| eyes.viewer.agent_name(*agent))
            .filter(|name| !name.is_empty())
            .collect(),
        mentions_me: what.mentions().contains(&eyes.me.id),
        what,
    }
}

fn sla(deadline: &Deadline, hours: &BusinessHours, now: Millis) -> TicketSlaView {
    TicketSlaView {
        metric: deadline.metric,
        // The server's clock tells the rest; what is late is late before that.
        state: match numbers::is_breached(deadline, now) {
            Some(true) => DeadlineState::Breached,
            Some(false) | None => deadline.state,
        },
        target_ms: deadline.target_ms,
        warn_ms: deadline.warn_ms,
        used_ms: deadline.used_ms(hours, now),
        started_at: deadline.started_at,
        due_at: deadline.due_at.filter(|_| !deadline.is_paused()),
        completed_at: deadline.completed_at,
        paused: deadline.is_paused(),
        hours: hours.name.clone(),
        segments: deadline.segments(hours, now),
    }
}

fn rights(ticket: &Ticket, eyes: &Eyes) -> TicketRights {
    let me = &eyes.me;
    let may = me.role.may(Permission::TicketWork);
    let is_here = may && ticket.is_with(&me.groups);
    let is_awaited = may && ticket.is_awaited_by(&me.groups);
    let is_mine = ticket
        .assignee
        .as_ref()
        .is_some_and(|person| person.agent == me.id);
    let is_free = ticket.assignee.is_none() || is_mine || me.role.may(Permission::TicketSupervise);
    let acts = is_here && is_free && ticket.state.is_unfinished();
    TicketRights {
        claim: acts && !is_mine,
        release: acts && ticket.assignee.is_some(),
        assign: acts,
        transfer: acts,
        return_to: ticket
            .waiting
            .last()
            .filter(|_| acts)
            .map(|waiting| eyes.viewer.group_name(waiting.group)),
        take_back: may
            && ticket.may_take_back(me.id, &me.groups, me.role.may(Permission::TicketSupervise)),
        comment: is_here || is_awaited,
        edit: is_here && !ticket.state.is_final(),
        verify: (is_here || is_awaited) && ticket.state == TicketState::Resolved,
        merge: acts,
    }
}
