//! Reports of the numbers that were made, one for each person and period.

use lt_model::{
    Millis,
    id::{AgentId, ReportId},
    metric::{NumbersReport, report::ReportSpan},
};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    table::row,
    value::{Value, json, word},
};

/// Puts one in, unless there is one of that person and period. False: there is.
pub fn insert(tx: &Tx<'_>, report: &NumbersReport) -> Result<bool> {
    let (span, until) = match report.is_asked {
        true => (Value::from("asked"), report.at),
        false => (word(&report.span)?, report.period.to),
    };
    let n_new = tx.execute(
        "INSERT INTO report (tenant, id, agent, span, until, body) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant, agent, span, until) DO NOTHING",
        &[
            tx.tenant().into(),
            report.id.into(),
            report.agent.into(),
            span,
            until.into(),
            json(report)?,
        ],
    )?;
    Ok(n_new > 0)
}

/// One.
pub fn by_id(reader: &Reader<'_>, id: ReportId) -> Result<Option<NumbersReport>> {
    row::one(
        reader,
        "SELECT body FROM report WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// End of the last period that a person has a report of; none before the first.
pub fn done_until(reader: &Reader<'_>, agent: AgentId, span: ReportSpan) -> Result<Option<Millis>> {
    last(reader, agent, word(&span)?)
}

/// When a person last asked for one out of turn.
pub fn asked_at(reader: &Reader<'_>, agent: AgentId) -> Result<Option<Millis>> {
    last(reader, agent, Value::from("asked"))
}

fn last(reader: &Reader<'_>, agent: AgentId, span: Value) -> Result<Option<Millis>> {
    reader
        .query_one(
            "SELECT until FROM report WHERE tenant = $1 AND agent = $2 AND span = $3
             ORDER BY until DESC LIMIT 1",
            &[reader.tenant().into(), agent.into(), span],
        )?
        .map(|row| row.int(0))
        .transpose()
}

/// Those whose period ended before a time, or that were asked for before it, the oldest first. There are
/// so few that all of the unique index is read for it.
pub fn made_before(reader: &Reader<'_>, before: Millis, limit: u64) -> Result<Vec<ReportId>> {
    reader
        .query(
            "SELECT id FROM report WHERE tenant = $1 AND until < $2 ORDER BY until LIMIT $3",
            &[reader.tenant().into(), before.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Removes one, with what was sent of it.
pub fn remove(tx: &Tx<'_>, id: ReportId) -> Result<()> {
    let key = [tx.tenant().into(), id.into()];
    tx.execute(
        "DELETE FROM alert_outbox WHERE tenant = $1 AND alert = $2",
        &key,
    )?;
    tx.execute("DELETE FROM report WHERE tenant = $1 AND id = $2", &key)?;
    Ok(())
}
