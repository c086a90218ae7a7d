//! The gap-free counters of the streams.

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
};

pub(crate) fn insert(tx: &Tx<'_>, stream: u64) -> Result<()> {
    tx.execute(
        "INSERT INTO stream_ctr (stream, tenant, n) VALUES ($1, $2, 0)",
        &[stream.into(), tx.tenant().into()],
    )?;
    Ok(())
}

/// Takes the next `n_changes` numbers and returns the one before them.
pub(crate) fn take(tx: &Tx<'_>, stream: u64, n_changes: usize) -> Result<u64> {
    let n_changes = u64::try_from(n_changes).map_err(|_| DbError::Shape("number of changes"))?;
    let last = tx
        .query_one(
            "UPDATE stream_ctr SET n = n + $2 WHERE stream = $1 RETURNING n",
            &[stream.into(), n_changes.into()],
        )?
        .ok_or(DbError::Missing("stream_ctr"))?
        .uint(0)?;
    Ok(last - n_changes)
}

/// The last number given out.
pub(crate) fn head(reader: &Reader<'_>, stream: u64) -> Result<u64> {
    reader
        .query_one(
            "SELECT n FROM stream_ctr WHERE stream = $1",
            &[stream.into()],
        )?
        .ok_or(DbError::Missing("stream_ctr"))?
        .uint(0)
}
