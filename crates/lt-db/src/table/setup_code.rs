//! The one-time code of the set-up.

use lt_model::Millis;

use crate::{
    error::Result,
    seam::{Reader, Tx},
};

/// The hash of the code that is good now.
pub fn hash(reader: &Reader<'_>) -> Result<Option<[u8; 32]>> {
    reader
        .query_one(
            "SELECT hash FROM setup_code WHERE tenant = $1",
            &[reader.tenant().into()],
        )?
        .map(|row| row.bytes(0))
        .transpose()
}

/// From now on this one is good, and no other.
pub fn replace(tx: &Tx<'_>, hash: [u8; 32], now: Millis) -> Result<()> {
    remove(tx)?;
    tx.execute(
        "INSERT INTO setup_code (tenant, hash, made_at) VALUES ($1, $2, $3)",
        &[tx.tenant().into(), hash.into(), now.into()],
    )?;
    Ok(())
}

/// It is used up.
pub fn remove(tx: &Tx<'_>) -> Result<()> {
    tx.execute(
        "DELETE FROM setup_code WHERE tenant = $1",
        &[tx.tenant().into()],
    )?;
    Ok(())
}
