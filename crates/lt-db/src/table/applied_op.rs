//! What became of each operation of a device.

use lt_model::{
    Millis,
    id::{AgentId, DeviceId, OpId},
};
use lt_protocol::sync::OpOutcome;

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::{Row, json},
};

/// A stored answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedOp {
    /// Id of the operation.
    pub op_id: OpId,
    /// Who made it.
    pub agent: AgentId,
    /// The answer.
    pub outcome: OpOutcome,
}

/// The answer to a number of a device.
pub fn by_number(reader: &Reader<'_>, device: DeviceId, n: u64) -> Result<Option<AppliedOp>> {
    reader
        .query_one(
            "SELECT op_id, agent, result FROM applied_op
             WHERE tenant = $1 AND device = $2 AND n = $3",
            &[reader.tenant().into(), device.into(), n.into()],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

/// The answer to an operation, by whichever number it came first.
pub fn by_op(reader: &Reader<'_>, op: OpId, agent: AgentId) -> Result<Option<AppliedOp>> {
    reader
        .query_one(
            "SELECT op_id, agent, result FROM applied_op
             WHERE tenant = $1 AND op_id = $2 AND agent = $3 ORDER BY at LIMIT 1",
            &[reader.tenant().into(), op.into(), agent.into()],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

/// Keeps an answer.
pub fn insert(
    tx: &Tx<'_>,
    device: DeviceId,
    n: u64,
    applied: &AppliedOp,
    now: Millis,
) -> Result<()> {
    tx.send(
        "INSERT INTO applied_op (tenant, device, n, op_id, agent, at, result)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            tx.tenant().into(),
            device.into(),
            n.into(),
            applied.op_id.into(),
            applied.agent.into(),
            now.into(),
            json(&applied.outcome)?,
        ],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<AppliedOp> {
    Ok(AppliedOp {
        op_id: row.id(0)?,
        agent: row.id(1)?,
        outcome: row.json(2)?,
    })
}
