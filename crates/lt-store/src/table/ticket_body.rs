//! Tickets as the server sent them, and with the waiting operations applied.

use lt_model::{id::TicketId, ticket::Ticket};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, id, int, json},
};

/// As the server last sent it.
pub(crate) fn server(connection: &Connection, ticket: TicketId) -> Result<Option<Ticket>> {
    one(
        connection,
        "SELECT server FROM ticket_body WHERE id = ?1",
        ticket,
    )
}

/// As it is shown: waiting operations applied.
pub(crate) fn shown(connection: &Connection, ticket: TicketId) -> Result<Option<Ticket>> {
    one(
        connection,
        "SELECT coalesce(local, server) FROM ticket_body WHERE id = ?1",
        ticket,
    )
}

fn one(connection: &Connection, sql: &str, ticket: TicketId) -> Result<Option<Ticket>> {
    let body: Option<Option<String>> = connection
        .prepare_cached(sql)?
        .query_row([ticket.blob()], |row| row.get(0))
        .optional()?;
    body.flatten()
        .map(|text| from_json(&text, "ticket"))
        .transpose()
}

pub(crate) fn ids(connection: &Connection) -> Result<Vec<TicketId>> {
    let mut statement = connection.prepare("SELECT id FROM ticket_body ORDER BY id")?;
    let rows = statement.query_map([], |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, ticket: &Ticket, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO ticket_body (id, rev, server) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, server = excluded.server
         WHERE excluded.rev >= rev",
    )?
    .execute(params![ticket.id.blob(), int(rev), json(ticket)?])?;
    Ok(())
}

/// The server's row is no more here; what was made here stays until it is drawn again.
pub(crate) fn forget_server(tx: &Transaction<'_>, ticket: TicketId) -> Result<()> {
    tx.prepare_cached("UPDATE ticket_body SET server = NULL, rev = 0 WHERE id = ?1")?
        .execute([ticket.blob()])?;
    Ok(())
}

pub(crate) fn set_local(
    tx: &Transaction<'_>,
    ticket: TicketId,
    local: Option<&Ticket>,
) -> Result<()> {
    let local = local.map(json).transpose()?;
    tx.prepare_cached(
        "INSERT INTO ticket_body (id, rev, local) VALUES (?1, 0, ?2)
         ON CONFLICT (id) DO UPDATE SET local = excluded.local",
    )?
    .execute(params![ticket.blob(), local])?;
    Ok(())
}

/// Removes it, and its line with it.
pub(crate) fn delete(tx: &Transaction<'_>, ticket: TicketId) -> Result<()> {
    tx.prepare_cached("DELETE FROM ticket_body WHERE id = ?1")?
        .execute([ticket.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM ticket_body", [])?;
    Ok(())
}
