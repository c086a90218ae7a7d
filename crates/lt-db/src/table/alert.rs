//! Alerts. Those of the organisation's numbers are told to everybody who leads, those of a group's to
//! its leads.

use lt_model::{
    Millis,
    alert::Alert,
    change::{EntityKind, StreamKind},
    id::AlertId,
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::row,
    value::{Row, Value, json},
};

/// One.
pub fn by_id(reader: &Reader<'_>, id: AlertId) -> Result<Option<Alert>> {
    row::one(
        reader,
        "SELECT body FROM alert WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// Those whose clocks have something to tell by now, the earliest first.
pub fn ringing(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<AlertId>> {
    reader
        .query(
            "SELECT id FROM alert WHERE tenant = $1 AND rings_at <= $2 ORDER BY rings_at LIMIT $3",
            &[reader.tenant().into(), now.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Those that are open.
pub fn open(reader: &Reader<'_>) -> Result<Vec<Alert>> {
    row::all(
        reader,
        "SELECT body FROM alert WHERE tenant = $1 AND is_open = 1 ORDER BY fired_at",
    )
}

/// Those that are over and began before a time, the oldest first.
pub fn over(reader: &Reader<'_>, before: Millis, limit: u64) -> Result<Vec<Alert>> {
    reader
        .query(
            "SELECT body FROM alert WHERE tenant = $1 AND is_open = 0 AND fired_at < $2
             ORDER BY fired_at LIMIT $3",
            &[reader.tenant().into(), before.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// Stores it and announces it.
pub fn put(tx: &Tx<'_>, alert: &Alert) -> Result<()> {
    let rev = tx
        .query_one(
            "INSERT INTO alert (tenant, id, is_open, fired_at, rings_at, rev, body)
             VALUES ($1, $2, $3, $4, $5, 1, $6)
             ON CONFLICT (tenant, id) DO UPDATE SET is_open = excluded.is_open,
                 fired_at = excluded.fired_at, rings_at = excluded.rings_at,
                 rev = alert.rev + 1, body = excluded.body
             RETURNING rev",
            &[
                tx.tenant().into(),
                alert.id.into(),
                alert.is_open().into(),
                alert.fired_at.into(),
                Value::from(alert.rings_at()),
                json(alert)?,
            ],
        )?
        .ok_or(DbError::Missing("alert"))?
        .uint(0)?;
    let entity = Entity::Alert(Box::new(alert.clone()));
    tx.put(stream_of(alert), rev, entity);
    Ok(())
}

/// Removes one, with what was sent of it.
pub fn remove(tx: &Tx<'_>, alert: &Alert) -> Result<()> {
    let key = [tx.tenant().into(), alert.id.into()];
    let found = tx.query_one("SELECT rev FROM alert WHERE tenant = $1 AND id = $2", &key)?;
    let rev = found.map_or(Ok(0), |row: Row| row.uint(0))?;
    tx.execute(
        "DELETE FROM alert_outbox WHERE tenant = $1 AND alert = $2",
        &key,
    )?;
    tx.execute("DELETE FROM alert WHERE tenant = $1 AND id = $2", &key)?;
    let (kind, id) = (EntityKind::Alert, alert.id.to_string());
    tx.del(stream_of(alert), rev + 1, kind, id);
    Ok(())
}

fn stream_of(alert: &Alert) -> StreamKind {
    alert.group_id.map_or(StreamKind::Watch, StreamKind::Leads)
}
