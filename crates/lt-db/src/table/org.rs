//! The organisation.

use lt_model::Millis;

use crate::{
    error::Result,
    seam::{Reader, Tx},
};

/// Its name, once the set-up is done.
pub fn name(reader: &Reader<'_>) -> Result<Option<String>> {
    reader
        .query_one(
            "SELECT name FROM org WHERE tenant = $1",
            &[reader.tenant().into()],
        )?
        .map(|row| row.text(0).map(str::to_owned))
        .transpose()
}

/// Makes it.
pub fn insert(tx: &Tx<'_>, name: &str, now: Millis) -> Result<()> {
    tx.execute(
        "INSERT INTO org (tenant, name, created_at) VALUES ($1, $2, $3)",
        &[tx.tenant().into(), name.into(), now.into()],
    )?;
    Ok(())
}
