//! Facts about the data as a whole.

use lt_seal::encode::hex_encode;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    value::Value,
};

/// The generation of the data: it differs in every database ever made, so that a desktop notices
/// when its cursors belong to another one.
pub fn generation(reader: &Reader<'_>) -> Result<String> {
    reader
        .query_one(
            "SELECT value FROM meta WHERE tenant = $1 AND name = 'generation'",
            &[reader.tenant().into()],
        )?
        .ok_or(DbError::Missing("meta"))?
        .text(0)
        .map(str::to_owned)
}

pub(crate) fn prepare(tx: &Tx<'_>) -> Result<()> {
    let generation = hex_encode(&lt_seal::random_bytes::<16>()?);
    tx.execute(
        "INSERT INTO meta (tenant, name, value) VALUES ($1, 'generation', $2)
         ON CONFLICT (tenant, name) DO NOTHING",
        &[tx.tenant().into(), generation.into()],
    )?;
    Ok(())
}

/// Another generation: the data is not what desktops have seen of it.
pub(crate) fn renew(tx: &Tx<'_>) -> Result<()> {
    let generation = hex_encode(&lt_seal::random_bytes::<16>()?);
    tx.execute(
        "UPDATE meta SET value = $2 WHERE tenant = $1 AND name = 'generation'",
        &[tx.tenant().into(), generation.into()],
    )?;
    Ok(())
}

/// Whether a step was done that the schema alone cannot do; notes that it is done.
pub(crate) fn is_first_time(tx: &Tx<'_>, step: &str) -> Result<bool> {
    let n_rows = tx.execute(
        "INSERT INTO meta (tenant, name, value) VALUES ($1, $2, 'done')
         ON CONFLICT (tenant, name) DO NOTHING",
        &[tx.tenant().into(), step.into()],
    )?;
    Ok(n_rows > 0)
}

/// Reads a sealed word, or leaves it where there is none: who has another key cannot.
pub(crate) fn check_key(tx: &Tx<'_>) -> Result<()> {
    const WORD: &str = "lingtai";
    tx.execute(
        "INSERT INTO meta (tenant, name, value) VALUES ($1, 'key', $2)
         ON CONFLICT (tenant, name) DO NOTHING",
        &[tx.tenant().into(), Value::Sealed(WORD.to_owned())],
    )?;
    let row = tx.query_one(
        "SELECT value FROM meta WHERE tenant = $1 AND name = 'key'",
        &[tx.tenant().into()],
    )?;
    match row {
        Some(row) if row.text(0)? == WORD => Ok(()),
        _ => Err(DbError::WrongKey),
    }
}
