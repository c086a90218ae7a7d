//! Types of tickets as the server sent them.

use lt_model::{id::TicketTypeId, ticket::TicketType};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

/// All, in the order in which they were made.
pub(crate) fn all(connection: &Connection) -> Result<Vec<TicketType>> {
    let mut statement = connection.prepare_cached("SELECT body FROM ticket_type ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "ticket type")).collect()
}

pub(crate) fn get(connection: &Connection, id: TicketTypeId) -> Result<Option<TicketType>> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM ticket_type WHERE id = ?1")?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "ticket type")).transpose()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, kind: &TicketType, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO ticket_type (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= rev",
    )?
    .execute(params![kind.id.blob(), int(rev), json(kind)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, id: TicketTypeId) -> Result<()> {
    tx.prepare_cached("DELETE FROM ticket_type WHERE id = ?1")?
        .execute([id.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM ticket_type", [])?;
    Ok(())
}
