//! Types of tickets.

use lt_model::{change::StreamKind, id::TicketTypeId, ticket::TicketType};
use lt_protocol::sync::Entity;

use crate::{
    error::Result,
    seam::{Reader, Tx},
    table::row,
};

/// All types, in the order in which they were made.
pub fn all(reader: &Reader<'_>) -> Result<Vec<TicketType>> {
    row::all(
        reader,
        "SELECT body FROM ticket_type WHERE tenant = $1 ORDER BY id",
    )
}

/// One type.
pub fn by_id(reader: &Reader<'_>, id: TicketTypeId) -> Result<Option<TicketType>> {
    row::one(
        reader,
        "SELECT body FROM ticket_type WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// Keeps a version of a type and announces it.
pub fn put(tx: &Tx<'_>, kind: &TicketType) -> Result<()> {
    row::put(
        tx,
        "INSERT INTO ticket_type (tenant, id, rev, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        kind.id.into(),
        u64::from(kind.version),
        kind,
    )?;
    let entity = Entity::TicketType(Box::new(kind.clone()));
    tx.put(StreamKind::Config, u64::from(kind.version), entity);
    Ok(())
}
