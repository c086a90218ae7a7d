//! Numbers that people say.

use crate::{
    error::{DbError, Result},
    seam::Tx,
};

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
