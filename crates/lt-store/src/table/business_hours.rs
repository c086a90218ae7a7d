//! Calendars of business hours.

use lt_model::{hours::BusinessHours, id::HoursId};
use rusqlite::{Connection, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

pub(crate) fn all(connection: &Connection) -> Result<Vec<BusinessHours>> {
    let mut statement = connection.prepare_cached("SELECT body FROM business_hours ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "business hours"))
        .collect()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, hours: &BusinessHours, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO business_hours (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= business_hours.rev",
    )?
    .execute(params![hours.id.blob(), int(rev), json(hours)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, hours: HoursId) -> Result<()> {
    tx.prepare_cached("DELETE FROM business_hours WHERE id = ?1")?
        .execute([hours.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM business_hours", [])?;
    Ok(())
}
