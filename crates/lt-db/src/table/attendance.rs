//! When a desk of each agent was last connected to any process, and what presence an agent had who
//! went offline because nothing was heard. What stands here is no act: nobody did anything.

use lt_model::{Millis, agent::Presence, id::AgentId};

use crate::{
    error::Result,
    seam::{ROWS_AT_ONCE, Reader, Tx, tuples},
    value::{Value, word},
};

/// What is known of an agent's desks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// When one of them was last connected.
    pub seen_at: Millis,
    /// The presence before nothing was heard, if that made the agent offline.
    pub was: Option<Presence>,
}

/// What is known of an agent's desks; none before the first one came.
pub fn of(reader: &Reader<'_>, agent: AgentId) -> Result<Option<Attendance>> {
    reader
        .query_one(
            "SELECT seen_at, was FROM attendance WHERE tenant = $1 AND agent = $2",
            &[reader.tenant().into(), agent.into()],
        )?
        .map(|row| {
            let was = match row.opt_text(1)? {
                Some(_) => Some(row.word(1)?),
                None => None,
            };
            Ok(Attendance {
                seen_at: row.int(0)?,
                was,
            })
        })
        .transpose()
}

/// Agents who are not offline and whose desks were last connected before a time.
pub fn unheard(reader: &Reader<'_>, before: Millis, limit: u64) -> Result<Vec<AgentId>> {
    reader
        .query(
            "SELECT a.id FROM attendance t
             JOIN agent a ON a.tenant = t.tenant AND a.id = t.agent
             WHERE t.tenant = $1 AND t.seen_at < $2 AND a.presence <> 'offline' AND a.active = 1
             ORDER BY t.seen_at LIMIT $3",
            &[reader.tenant().into(), before.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Agents who went offline because nothing was heard, and were heard of since a time.
pub fn heard_again(reader: &Reader<'_>, since: Millis, limit: u64) -> Result<Vec<AgentId>> {
    reader
        .query(
            "SELECT agent FROM attendance
             WHERE tenant = $1 AND was IS NOT NULL AND seen_at >= $2 ORDER BY agent LIMIT $3",
            &[reader.tenant().into(), since.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Keeps the presence that an agent had before nothing was heard; none: it is of no use any more.
pub fn set_was(tx: &Tx<'_>, agent: AgentId, was: Option<Presence>) -> Result<()> {
    let was = match was {
        Some(presence) => word(&presence)?,
        None => Value::Null,
    };
    tx.execute(
        "UPDATE attendance SET was = $3 WHERE tenant = $1 AND agent = $2",
        &[tx.tenant().into(), agent.into(), was],
    )?;
    Ok(())
}

/// A desk of each is connected now. One statement for many: there are as many agents as desks.
pub(crate) fn see(tx: &Tx<'_>, agents: &[AgentId], now: Millis) -> Result<()> {
    for chunk in agents.chunks(ROWS_AT_ONCE) {
        let row = |agent: &AgentId| [tx.tenant().into(), (*agent).into(), now.into()];
        let values: Vec<Value> = chunk.iter().flat_map(row).collect();
        let sql = format!(
            "INSERT INTO attendance (tenant, agent, seen_at) VALUES {}
             ON CONFLICT (tenant, agent) DO UPDATE SET seen_at = excluded.seen_at
             WHERE attendance.seen_at < excluded.seen_at",
            tuples(chunk.len(), &["", "", ""])
        );
        tx.execute(&sql, &values)?;
    }
    Ok(())
}
