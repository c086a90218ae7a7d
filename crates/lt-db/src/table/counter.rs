//! Numbers that people say.

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
};

/// Counts changes of what agents may see and of their logins.
pub const ACCESS: &str = "access";

/// The last number of this name; 0 before the first.
pub fn last(reader: &Reader<'_>, name: &str) -> Result<u64> {
    let row = reader.query_one(
        "SELECT n FROM counter WHERE tenant = $1 AND name = $2",
        &[reader.tenant().into(), name.into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// The name stands for this number from now on.
pub fn set(tx: &Tx<'_>, name: &str, n: u64) -> Result<()> {
    tx.execute(
        "INSERT INTO counter (tenant, name, n) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, name) DO UPDATE SET n = excluded.n",
        &[tx.tenant().into(), name.into(), n.into()],
    )?;
    Ok(())
}

/// The next number of this name, from 1.
pub fn next(tx: &Tx<'_>, name: &str) -> Result<u64> {
    tx.query_one(
        "INSERT INTO counter (tenant, name, n) VALUES ($1, $2, 1)
         ON CONFLICT (tenant, name) DO UPDATE SET n = counter.n + 1
         RETURNING n",
        &[tx.tenant().into(), name.into()],
    )?
    .ok_or(DbError::Missing("counter"))?
    .uint(0)
}
