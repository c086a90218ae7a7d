//! Failed logins in a row. Devices that the account never used share one row, so that a stranger
//! can neither wear down the account from ever new devices nor lock its owner's own machine.

use lt_model::{Millis, id::DeviceId};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::Value,
};

/// Failures in a row, and the last one's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub n: u64,
    /// When the last one was.
    pub last_at: Millis,
}

/// Whose failures are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Devices that the account never used.
    Stranger,
    /// A device of the account.
    Device(DeviceId),
    /// Whoever names a device of the account, and wants its share of the key: that proves less than a
    /// login there does, so it wears down no login.
    Share(DeviceId),
}

/// What is known.
pub fn of(reader: &Reader<'_>, username: &str, asks: Asks) -> Result<Failures> {
    let row = reader.query_one(
        "SELECT n, last_at FROM login_failure
         WHERE tenant = $1 AND username = $2 AND device = $3",
        &[reader.tenant().into(), username.into(), asks.key()],
    )?;
    row.map_or(Ok(Failures::default()), |row| {
        Ok(Failures {
            n: row.uint(0)?,
            last_at: row.int(1)?,
        })
    })
}

/// One more.
pub fn add(tx: &Tx<'_>, username: &str, asks: Asks, now: Millis) -> Result<()> {
    tx.execute(
        "INSERT INTO login_failure (tenant, username, device, n, last_at)
         VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (tenant, username, device)
         DO UPDATE SET n = login_failure.n + 1, last_at = excluded.last_at",
        &[tx.tenant().into(), username.into(), asks.key(), now.into()],
    )?;
    Ok(())
}

/// It went well.
pub fn clear(tx: &Tx<'_>, username: &str, asks: Asks) -> Result<()> {
    tx.execute(
        "DELETE FROM login_failure WHERE tenant = $1 AND username = $2 AND device = $3",
        &[tx.tenant().into(), username.into(), asks.key()],
    )?;
    Ok(())
}

/// The account has another password: what was tried before tells nothing any more.
pub fn clear_all(tx: &Tx<'_>, username: &str) -> Result<()> {
    tx.execute(
        "DELETE FROM login_failure WHERE tenant = $1 AND username = $2",
        &[tx.tenant().into(), username.into()],
    )?;
    Ok(())
}

impl Asks {
    /// What stands in the column `device`: the id, and a byte more for the share of one.
    fn key(self) -> Value {
        let mut bytes = Vec::new();
        if let Self::Device(id) | Self::Share(id) = self {
            bytes.extend(id.0.as_bytes());
        }
        if matches!(self, Self::Share(_)) {
            bytes.push(1);
        }
        Value::Blob(bytes)
    }
}
