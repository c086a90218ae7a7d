//! Alerts and their rules, as the server sent them.

use lt_model::{
    alert::{Alert, rule::AlertRule},
    id::{AlertId, AlertRuleId},
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

pub(crate) fn get(connection: &Connection, id: AlertId) -> Result<Option<Alert>> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM alert WHERE id = ?1")?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "alert")).transpose()
}

/// Those that are open, then the others; in each part the newest first, at most `limit`.
pub(crate) fn newest(connection: &Connection, limit: u32) -> Result<Vec<Alert>> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM alert ORDER BY is_open DESC, fired_at DESC, id DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| row.get::<_, String>(0))?;
    rows.map(|text| from_json(&text?, "alert")).collect()
}

/// Takes one of the server.
pub(crate) fn put(tx: &Transaction<'_>, alert: &Alert, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO alert (id, rev, is_open, fired_at, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, is_open = excluded.is_open,
           fired_at = excluded.fired_at, body = excluded.body
         WHERE excluded.rev >= alert.rev",
    )?
    .execute(params![
        alert.id.blob(),
        int(rev),
        alert.is_open(),
        alert.fired_at,
        json(alert)?,
    ])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, id: AlertId) -> Result<()> {
    tx.prepare_cached("DELETE FROM alert WHERE id = ?1")?
        .execute([id.blob()])?;
    Ok(())
}

/// All rules, in no order.
pub(crate) fn rules(connection: &Connection) -> Result<Vec<AlertRule>> {
    let mut statement = connection.prepare_cached("SELECT body FROM alert_rule")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|text| from_json(&text?, "alert rule")).collect()
}

/// Takes a rule of the server.
pub(crate) fn put_rule(tx: &Transaction<'_>, rule: &AlertRule, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO alert_rule (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= alert_rule.rev",
    )?
    .execute(params![rule.id.blob(), int(rev), json(rule)?])?;
    Ok(())
}

pub(crate) fn delete_rule(tx: &Transaction<'_>, id: AlertRuleId) -> Result<()> {
    tx.prepare_cached("DELETE FROM alert_rule WHERE id = ?1")?
        .execute([id.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute_batch("DELETE FROM alert; DELETE FROM alert_rule;")?;
    Ok(())
}
