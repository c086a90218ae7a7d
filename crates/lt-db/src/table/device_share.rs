//! Shares of desks (服务器份额): by one of them and the desk's key file together an agent opens the
//! desk's store who lost the other ways in.

use lt_model::{
    Millis,
    id::{AgentId, DeviceId},
};
use lt_seal::Key32;

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::Value,
};

/// The share of a device for an agent; none before it was first asked for, and none for others who
/// signed in on the device.
pub fn of(reader: &Reader<'_>, device: DeviceId, agent: AgentId) -> Result<Option<Key32>> {
    reader
        .query_one(
            "SELECT share FROM device_share WHERE tenant = $1 AND device = $2 AND agent = $3",
            &[reader.tenant().into(), device.into(), agent.into()],
        )?
        .map(|row| row.bytes(0).map(Key32::new))
        .transpose()
}

/// Keeps a new one, unless there is one already.
pub fn insert(
    tx: &Tx<'_>,
    device: DeviceId,
    agent: AgentId,
    share: &Key32,
    now: Millis,
) -> Result<()> {
    tx.execute(
        "INSERT INTO device_share (tenant, device, agent, share, created_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, device, agent) DO NOTHING",
        &[
            tx.tenant().into(),
            device.into(),
            agent.into(),
            Value::SealedBytes(share.expose().to_vec()),
            now.into(),
        ],
    )?;
    Ok(())
}
