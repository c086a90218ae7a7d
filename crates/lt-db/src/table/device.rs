//! Installations of the console.

use lt_model::{
    Millis,
    id::{AgentId, DeviceId},
};

use crate::{
    error::Result,
    seam::{Reader, Tx},
};

/// One installation.
#[derive(Clone, Debug)]
pub struct Device {
    /// Made by the installation, once.
    pub id: DeviceId,
    /// Who signed in on it last.
    pub agent: AgentId,
    /// Ed25519.
    pub public_key: [u8; 32],
    /// Name of the machine.
    pub name: String,
    /// `linux`, `macos`, `windows` or `cli`.
    pub os: String,
    /// Number of the last operation that was answered.
    pub last_n: u64,
}

/// One of them.
pub fn by_id(reader: &Reader<'_>, id: DeviceId) -> Result<Option<Device>> {
    reader
        .query_one(
            "SELECT id, agent, public_key, name, os, last_n FROM device
             WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| {
            Ok(Device {
                id: row.id(0)?,
                agent: row.id(1)?,
                public_key: row.bytes(2)?,
                name: row.text(3)?.to_owned(),
                os: row.text(4)?.to_owned(),
                last_n: row.uint(5)?,
            })
        })
        .transpose()
}

/// Registers one.
pub fn insert(tx: &Tx<'_>, device: &Device, now: Millis) -> Result<()> {
    tx.execute(
        "INSERT INTO device (tenant, id, agent, public_key, name, os, last_n, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            tx.tenant().into(),
            device.id.into(),
            device.agent.into(),
            device.public_key.into(),
            device.name.as_str().into(),
            device.os.as_str().into(),
            device.last_n.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Somebody signed in on it.
pub fn set_agent(tx: &Tx<'_>, id: DeviceId, agent: AgentId) -> Result<()> {
    tx.execute(
        "UPDATE device SET agent = $3 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), agent.into()],
    )?;
    Ok(())
}

/// Operation `n` was answered.
pub fn set_last_n(tx: &Tx<'_>, id: DeviceId, n: u64) -> Result<()> {
    tx.send(
        "UPDATE device SET last_n = $3 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), n.into()],
    )?;
    Ok(())
}
