//! Numbers of tickets that have left this desk, read and written as one: what is still asked about
//! such a ticket is told by its number.

use lt_model::id::TicketId;
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::{
    Result,
    sql::{from_json, json},
};

const KEY: &str = "tickets_left";

/// Tickets that are remembered; the one that left first goes first.
const MOST_LEFT: usize = 200;

/// The number of one that has left, if that is not too long ago.
pub(crate) fn number(connection: &Connection, ticket: TicketId) -> Result<Option<u64>> {
    let all = all(connection)?;
    Ok(all
        .into_iter()
        .find_map(|(id, number)| (id == ticket).then_some(number)))
}

/// It leaves this desk.
pub(crate) fn remember(tx: &Transaction<'_>, ticket: TicketId, number: u64) -> Result<()> {
    let mut all = all(tx)?;
    all.retain(|(id, _)| *id != ticket);
    all.push((ticket, number));
    let old = all.len().saturating_sub(MOST_LEFT);
    all.drain(..old);
    tx.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [KEY, &json(&all)?],
    )?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM setting WHERE key = ?1", [KEY])?;
    Ok(())
}

fn all(connection: &Connection) -> Result<Vec<(TicketId, u64)>> {
    let stored: Option<String> = connection
        .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
        .query_row([KEY], |row| row.get(0))
        .optional()?;
    stored.map_or_else(
        || Ok(Vec::new()),
        |text| from_json(&text, "tickets that left"),
    )
}
