//! Tickets with a note that names the agent at this desk, which they have not looked at yet.

use lt_model::{Millis, id::TicketId};
use rusqlite::{Transaction, params};

use crate::{Result, sql::Id};

pub(crate) fn add(tx: &Transaction<'_>, ticket: TicketId, at: Millis) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO ticket_mention (ticket, at) VALUES (?1, ?2)
         ON CONFLICT (ticket) DO UPDATE SET at = excluded.at",
    )?
    .execute(params![ticket.blob(), at])?;
    Ok(())
}

/// It was looked at. False: no note of it was new.
pub(crate) fn remove(tx: &Transaction<'_>, ticket: TicketId) -> Result<bool> {
    let n_changed = tx
        .prepare_cached("DELETE FROM ticket_mention WHERE ticket = ?1")?
        .execute([ticket.blob()])?;
    Ok(n_changed > 0)
}
