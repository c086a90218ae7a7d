//! Tickets. Each stands in the stream of the department that has it, and in those of the departments
//! that expect it back.

use lt_model::{
    Millis,
    change::{EntityKind, StreamKind},
    id::{AgentId, ConversationId, TicketId},
    ticket::Ticket,
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    value::{Value, json, word},
};

/// One ticket.
pub fn by_id(reader: &Reader<'_>, id: TicketId) -> Result<Option<Ticket>> {
    Ok(with_rev(reader, id)?.map(|(ticket, _)| ticket))
}

/// The ones whose clock has something to tell by now, the oldest first.
pub fn ringing(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<TicketId>> {
    reader
        .query(
            "SELECT id FROM ticket WHERE tenant = $1 AND rings_at IS NOT NULL AND rings_at <= $2
             ORDER BY rings_at LIMIT $3",
            &[reader.tenant().into(), now.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// The unfinished ones that an agent has, in the order of their numbers.
pub fn held_by(reader: &Reader<'_>, agent: AgentId) -> Result<Vec<Ticket>> {
    reader
        .query(
            "SELECT body FROM ticket WHERE tenant = $1 AND assignee = $2
                 AND state IN ('new', 'open', 'pending_customer', 'on_hold')
             ORDER BY number",
            &[reader.tenant().into(), agent.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The ones about a conversation, in the order of their numbers.
pub fn of_conversation(reader: &Reader<'_>, id: ConversationId) -> Result<Vec<Ticket>> {
    reader
        .query(
            "SELECT t.body FROM ticket_conversation c
             JOIN ticket t ON t.tenant = c.tenant AND t.id = c.ticket
             WHERE c.tenant = $1 AND c.conversation = $2 ORDER BY t.number",
            &[reader.tenant().into(), id.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// How many there are.
pub fn count(reader: &Reader<'_>) -> Result<u64> {
    let row = reader.query_one(
        "SELECT count(*) FROM ticket WHERE tenant = $1",
        &[reader.tenant().into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// Keeps a new one and announces it.
pub fn insert(tx: &Tx<'_>, ticket: &Ticket) -> Result<()> {
    let mut values = values(tx, ticket)?;
    values.push(ticket.number.into());
    values.push(ticket.type_id.into());
    tx.execute(
        "INSERT INTO ticket (tenant, id, grp, state, assignee, contact, rings_at, body,
             number, type, rev)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        &values,
    )?;
    link(tx, ticket)?;
    put(tx, ticket, 1);
    Ok(())
}

/// Keeps what is new about one and announces it: it leaves the streams of departments that see it
/// no more, and comes whole into those that see it now.
pub fn update(tx: &Tx<'_>, ticket: &Ticket) -> Result<()> {
    let (before, rev_before) = with_rev(tx, ticket.id)?.ok_or(DbError::Missing("ticket"))?;
    let rev = rev_before + 1;
    let mut values = values(tx, ticket)?;
    values.push(rev.into());
    tx.execute(
        "UPDATE ticket SET grp = $3, state = $4, assignee = $5, contact = $6, rings_at = $7,
             body = $8, rev = $9
         WHERE tenant = $1 AND id = $2",
        &values,
    )?;
    if before.conversations != ticket.conversations {
        link(tx, ticket)?;
    }
    let seen_by = ticket.seen_by();
    for group in before.seen_by() {
        if !seen_by.contains(&group) {
            tx.del(
                StreamKind::Group(group),
                rev,
                EntityKind::Ticket,
                ticket.id.to_string(),
            );
        }
    }
    put(tx, ticket, rev);
    Ok(())
}

fn put(tx: &Tx<'_>, ticket: &Ticket, rev: u64) {
    for group in ticket.seen_by() {
        let entity = Entity::Ticket(Box::new(ticket.clone()));
        tx.put(StreamKind::Group(group), rev, entity);
    }
}

fn link(tx: &Tx<'_>, ticket: &Ticket) -> Result<()> {
    for conversation in &ticket.conversations {
        tx.execute(
            "INSERT INTO ticket_conversation (tenant, conversation, ticket) VALUES ($1, $2, $3)
             ON CONFLICT (tenant, conversation, ticket) DO NOTHING",
            &[tx.tenant().into(), conversation.id.into(), ticket.id.into()],
        )?;
    }
    Ok(())
}

/// The columns that change, after tenant and id.
fn values(reader: &Reader<'_>, ticket: &Ticket) -> Result<Vec<Value>> {
    let contact = ticket.customer.as_ref().map(|customer| customer.contact_id);
    Ok(vec![
        reader.tenant().into(),
        ticket.id.into(),
        ticket.group_id.into(),
        word(&ticket.state)?,
        ticket.assignee.as_ref().map(|person| person.agent).into(),
        contact.into(),
        ticket.rings_at().into(),
        json(ticket)?,
    ])
}

fn with_rev(reader: &Reader<'_>, id: TicketId) -> Result<Option<(Ticket, u64)>> {
    reader
        .query_one(
            "SELECT body, rev FROM ticket WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| Ok((row.json(0)?, row.uint(1)?)))
        .transpose()
}
