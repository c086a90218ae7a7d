//! What operations do to a ticket.

use lt_model::{
    Millis,
    agent::{Agent, Permission, SkillGroup},
    hours::BusinessHours,
    id::{OpId, TicketId},
    ticket::{
        Ticket, TicketPerson, TicketType,
        act::{About, Known, TicketAct, TicketDraft},
        moves::Act,
    },
};
use lt_protocol::sync::Action;
use rusqlite::{Connection, Transaction};

use super::hours_of;
use crate::{
    Result, StoreError,
    table::{
        agent, contact, conversation_body, group,
        outbox::{self, OpState},
        ticket, ticket_body, ticket_left, ticket_type,
    },
};

/// Who acts at this desk, and when.
struct Actor<'a> {
    me: &'a Agent,
    person: TicketPerson,
    at: Millis,
    op: Option<OpId>,
}

impl<'a> Actor<'a> {
    fn new(me: &'a Agent, at: Millis, op: Option<OpId>) -> Self {
        Self {
            person: TicketPerson {
                agent: me.id,
                name: me.display_name.clone(),
            },
            me,
            at,
            op,
        }
    }

    fn with<'b>(&'b self, hours: &'b BusinessHours) -> Act<'b> {
        Act {
            by: &self.person,
            groups: &self.me.groups,
            may_supervise: self.me.role.may(Permission::TicketSupervise),
            hours,
            now: self.at,
            op: self.op,
        }
    }
}

/// Tries an act on a copy of what is shown: what the domain forbids is not even queued. None: it was
/// done before, or changes nothing.
pub(crate) fn legal(
    tx: &Connection,
    me: &Agent,
    id: TicketId,
    act: TicketAct,
    now: Millis,
) -> Result<Option<Action>> {
    let action = |act| Some(Action::Ticket { ticket_id: id, act });
    let actor = Actor::new(me, now, None);
    if let TicketAct::Create { draft } = &act {
        if is_here(tx, id)? {
            return Ok(None);
        }
        create(tx, &actor, id, draft)?;
        return Ok(action(act));
    }
    let shown = match (ticket_body::shown(tx, id)?, &act) {
        (Some(shown), _) => shown,
        // Passed on for good it has left this desk: the server knows who did that.
        (None, TicketAct::TakeBack { .. }) => return Ok(action(act)),
        (None, _) => return Err(StoreError::NotFound("ticket")),
    };
    match applied(tx, &actor, &shown, &act)? {
        Some(_) => Ok(action(act)),
        None => Ok(None),
    }
}

/// Derives again what is shown of a ticket, and forgets operations whose effect has come.
pub(crate) fn redraw(tx: &Transaction<'_>, id: TicketId, me: &Agent) -> Result<()> {
    let me = &agent::shown(tx, me.id)?.unwrap_or_else(|| me.clone());
    let server = ticket_body::server(tx, id)?;
    let mut local = server.clone();
    let (mut pending, mut refused) = (false, false);
    for (entry, is_done) in outbox::of_ticket(tx, id)? {
        let is_refused = matches!(entry.state, OpState::Refused(_));
        let Action::Ticket { act, .. } = &entry.op.action else {
            continue;
        };
        let is_taken = local
            .as_ref()
            .is_some_and(|ticket| ticket.has_taken(entry.op.id));
        if is_done && is_taken {
            outbox::delete_done(tx, entry.op.id)?;
            continue;
        }
        pending |= !is_refused && !is_done;
        refused |= is_refused;
        let actor = Actor::new(me, entry.op.at, Some(entry.op.id));
        let after = match (act, &local) {
            // One that was refused is shown as it was written, for the agent to look after.
            (TicketAct::Create { draft }, None) => create(tx, &actor, id, draft).ok(),
            (_, Some(_)) if is_refused || is_taken => continue,
            (_, Some(ticket)) => applied(tx, &actor, ticket, act).ok().flatten(),
            (_, None) => None,
        };
        match after {
            Some(after) => local = Some(after),
            // Nothing of it will come.
            None if is_done => outbox::delete_done(tx, entry.op.id)?,
            None => {}
        }
    }
    let Some(shown) = local else {
        let left = ticket::get(tx, id)?.filter(|line| line.number > 0);
        if let Some(line) = left {
            ticket_left::remember(tx, id, line.number)?;
        }
        return ticket_body::delete(tx, id);
    };
    let is_own = server.as_ref() != Some(&shown);
    ticket_body::set_local(tx, id, is_own.then_some(&shown))?;
    ticket::put(tx, &shown, pending, refused)
}

/// Draws the tickets again that operations of this desk are about: what they need may have come.
pub(crate) fn redraw_waiting(tx: &Transaction<'_>, me: &Agent) -> Result<Vec<TicketId>> {
    let ids = outbox::tickets(tx)?;
    for id in &ids {
        redraw(tx, *id, me)?;
    }
    Ok(ids)
}

/// Whether it is with the server, or on the way there.
fn is_here(tx: &Connection, id: TicketId) -> Result<bool> {
    let is_on_the_way = outbox::of_ticket(tx, id)?
        .iter()
        .any(|(entry, _)| entry.state == OpState::Queued);
    Ok(is_on_the_way || ticket_body::server(tx, id)?.is_some())
}

fn create(
    connection: &Connection,
    actor: &Actor<'_>,
    id: TicketId,
    draft: &TicketDraft,
) -> Result<Ticket> {
    let kind = kind_of(connection, draft.type_id)?;
    let conversation = match draft.conversation_id {
        Some(id) => conversation_body::shown(connection, id)?,
        None => None,
    };
    let contact = match &conversation {
        Some(conversation) => contact::get(connection, conversation.person())?,
        None => None,
    };
    let about = About {
        conversation: conversation.as_ref(),
        contact: contact.as_ref(),
    };
    let new = draft.made(id, about, &actor.me.groups);
    let hours = hours_of(connection, &kind.sla)?;
    Ok(Ticket::create(new, 0, &kind, &actor.with(&hours))?)
}

/// The ticket with an act applied; none where that changes nothing.
fn applied(
    connection: &Connection,
    actor: &Actor<'_>,
    before: &Ticket,
    act: &TicketAct,
) -> Result<Option<Ticket>> {
    let kind = kind_of(connection, before.type_id)?;
    let groups: Vec<SkillGroup> = group::all(connection)?;
    let hours = hours_of(connection, &before.sla)?;
    let by = actor.with(&hours);
    let mut after = before.clone();
    let is_news = match act {
        TicketAct::Merge { into } => {
            let other = ticket_body::shown(connection, *into)?;
            let mut other = other.ok_or(StoreError::NotFound("ticket"))?;
            after.merge_into(&mut other, &by)?
        }
        _ => {
            let person = match act {
                TicketAct::Assign { agent_id } => {
                    let colleague = agent::shown(connection, *agent_id)?
                        .filter(|colleague| colleague.groups.contains(&before.group_id));
                    let colleague = colleague.ok_or(StoreError::NotFound("agent"))?;
                    Some(TicketPerson {
                        agent: colleague.id,
                        name: colleague.display_name,
                    })
                }
                _ => None,
            };
            let known = Known {
                kind: &kind,
                groups: &groups,
                person: person.as_ref(),
            };
            after.apply_shown(act, known, &by)?
        }
    };
    Ok(is_news.then_some(after))
}

fn kind_of(connection: &Connection, id: lt_model::id::TicketTypeId) -> Result<TicketType> {
    ticket_type::get(connection, id)?.ok_or(StoreError::NotFound("ticket type"))
}
