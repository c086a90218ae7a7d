//! Alert rules, and what is kept of each between two looks. Rules are told to everybody who leads.

use lt_model::{
    alert::{judge::Watch, rule::AlertRule},
    change::{EntityKind, StreamKind},
    id::AlertRuleId,
};
use lt_protocol::sync::Entity;

use crate::{
    error::Result,
    seam::{Reader, Tx},
    table::row,
    value::json,
};

/// All rules.
pub fn all(reader: &Reader<'_>) -> Result<Vec<AlertRule>> {
    row::all(
        reader,
        "SELECT body FROM alert_rule WHERE tenant = $1 ORDER BY id",
    )
}

/// One.
pub fn by_id(reader: &Reader<'_>, id: AlertRuleId) -> Result<Option<AlertRule>> {
    row::one(
        reader,
        "SELECT body FROM alert_rule WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// How many there are.
pub fn count(reader: &Reader<'_>) -> Result<u64> {
    let row = reader.query_one(
        "SELECT count(*) FROM alert_rule WHERE tenant = $1",
        &[reader.tenant().into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// Stores it and announces it.
pub fn put(tx: &Tx<'_>, rule: &AlertRule) -> Result<()> {
    row::put(
        tx,
        "INSERT INTO alert_rule (tenant, id, rev, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        rule.id.into(),
        rule.edition,
        rule,
    )?;
    let entity = Entity::AlertRule(Box::new(rule.clone()));
    tx.put(StreamKind::Watch, rule.edition, entity);
    Ok(())
}

/// Removes it.
pub fn remove(tx: &Tx<'_>, rule: &AlertRule) -> Result<()> {
    for sql in [
        "DELETE FROM alert_rule WHERE tenant = $1 AND id = $2",
        "DELETE FROM alert_watch WHERE tenant = $1 AND rule = $2",
    ] {
        tx.execute(sql, &[tx.tenant().into(), rule.id.into()])?;
    }
    let (kind, id) = (EntityKind::AlertRule, rule.id.to_string());
    tx.del(StreamKind::Watch, rule.edition + 1, kind, id);
    Ok(())
}

/// What is kept of a rule.
pub fn watch(reader: &Reader<'_>, id: AlertRuleId) -> Result<Watch> {
    let row = reader.query_one(
        "SELECT body FROM alert_watch WHERE tenant = $1 AND rule = $2",
        &[reader.tenant().into(), id.into()],
    )?;
    row.map_or(Ok(Watch::default()), |row| row.json(0))
}

/// What is kept of every rule.
pub fn watches(reader: &Reader<'_>) -> Result<Vec<(AlertRuleId, Watch)>> {
    reader
        .query(
            "SELECT rule, body FROM alert_watch WHERE tenant = $1",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| Ok((row.id(0)?, row.json(1)?)))
        .collect()
}

/// Keeps it.
pub fn set_watch(tx: &Tx<'_>, id: AlertRuleId, watch: &Watch) -> Result<()> {
    tx.execute(
        "INSERT INTO alert_watch (tenant, rule, body) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, rule) DO UPDATE SET body = excluded.body",
        &[tx.tenant().into(), id.into(), json(watch)?],
    )?;
    Ok(())
}
