//! Rows that are one body each, under an id and with how often it was changed.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::{Value, json},
};

/// The bodies that a statement gives for the tenant.
pub(crate) fn all<T: DeserializeOwned>(reader: &Reader<'_>, sql: &str) -> Result<Vec<T>> {
    reader
        .query(sql, &[reader.tenant().into()])?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The body that a statement gives for the tenant and an id.
pub(crate) fn one<T: DeserializeOwned>(
    reader: &Reader<'_>,
    sql: &str,
    id: Value,
) -> Result<Option<T>> {
    reader
        .query_one(sql, &[reader.tenant().into(), id])?
        .map(|row| row.json(0))
        .transpose()
}

/// Keeps a body by a statement that takes tenant, id, revision and body.
pub(crate) fn put(
    tx: &Tx<'_>,
    sql: &str,
    id: Value,
    rev: u64,
    body: &impl Serialize,
) -> Result<()> {
    tx.execute(sql, &[tx.tenant().into(), id, rev.into(), json(body)?])?;
    Ok(())
}

/// The revision after the one that a statement gives for the tenant and an id; 1 where it gives none.
pub(crate) fn next_rev(tx: &Tx<'_>, sql: &str, id: Value) -> Result<u64> {
    let known = tx.query_one(sql, &[tx.tenant().into(), id])?;
    Ok(known.map_or(Ok(0), |row| row.uint(0))? + 1)
}
