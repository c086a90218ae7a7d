//! Calendars of business hours.

use lt_model::{change::StreamKind, hours::BusinessHours, id::HoursId};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::row,
    value::json,
};

/// All of them, in the order in which they were made.
pub fn all(reader: &Reader<'_>) -> Result<Vec<BusinessHours>> {
    row::all(
        reader,
        "SELECT body FROM business_hours WHERE tenant = $1 ORDER BY id",
    )
}

/// One of them.
pub fn by_id(reader: &Reader<'_>, id: HoursId) -> Result<Option<BusinessHours>> {
    row::one(
        reader,
        "SELECT body FROM business_hours WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// Makes one or changes it, and announces it.
pub fn put(tx: &Tx<'_>, hours: &BusinessHours) -> Result<()> {
    let rev = tx
        .query_one(
            "INSERT INTO business_hours (tenant, id, rev, body) VALUES ($1, $2, 1, $3)
             ON CONFLICT (tenant, id)
                 DO UPDATE SET rev = business_hours.rev + 1, body = excluded.body
             RETURNING rev",
            &[tx.tenant().into(), hours.id.into(), json(hours)?],
        )?
        .ok_or(DbError::Missing("business_hours"))?
        .uint(0)?;
    tx.put(
        StreamKind::Config,
        rev,
        Entity::BusinessHours(Box::new(hours.clone())),
    );
    Ok(())
}
