//! The gap-free counters of the streams.

use std::collections::BTreeMap;

use crate::{
    error::{DbError, Result},
    rows::Rows,
    seam::{Reader, Tx},
};

pub(crate) fn insert(tx: &Tx<'_>, stream: u64) -> Result<()> {
    tx.execute(
        "INSERT INTO stream_ctr (stream, tenant, n) VALUES ($1, $2, 0)",
        &[stream.into(), tx.tenant().into()],
    )?;
    Ok(())
}

/// What is known of a stream as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counter {
    /// The last number given out.
    pub(crate) head: u64,
    /// Changes up to it may be gone.
    pub(crate) floor: u64,
    /// Sum of the checksums of its live rows, modulo 2^64.
    pub(crate) chk: u64,
}

/// Where a stream stands.
pub(crate) fn get(reader: &Reader<'_>, stream: u64) -> Result<Counter> {
    let row = reader
        .query_one(
            "SELECT n, floor, chk FROM stream_ctr WHERE stream = $1",
            &[stream.into()],
        )?
        .ok_or(DbError::Missing("stream_ctr"))?;
    Ok(Counter {
        head: row.uint(0)?,
        floor: row.uint(1)?,
        chk: row.int(2)?.cast_unsigned(),
    })
}

/// Heads of all streams, by their numbers.
pub(crate) fn heads(reader: &Reader<'_>) -> Result<Vec<(u64, u64)>> {
    reader
        .query(
            "SELECT stream, n FROM stream_ctr WHERE tenant = $1 ORDER BY stream",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| Ok((row.uint(0)?, row.uint(1)?)))
        .collect()
}

/// Moves streams to other heads with other checksums.
pub(crate) fn advance(tx: &Tx<'_>, counters: &BTreeMap<u64, Counter>) -> Result<()> {
    let mut rows = Rows::of(&["BIGINT", "BIGINT", "BIGINT"], counters.len());
    for (stream, counter) in counters {
        let chk = counter.chk.cast_signed();
        rows.push([(*stream).into(), counter.head.into(), chk.into()]);
    }
    // Both back ends call the columns of a list so.
    tx.send_rows(
        "UPDATE stream_ctr SET n = v.column2, chk = v.column3 FROM ({rows}) AS v
         WHERE stream_ctr.stream = v.column1",
        rows,
    )
}

/// Changes up to `floor` may be gone from now on.
pub(crate) fn set_floor(tx: &Tx<'_>, stream: u64, floor: u64) -> Result<()> {
    tx.execute(
        "UPDATE stream_ctr SET floor = $2 WHERE stream = $1 AND floor < $2",
        &[stream.into(), floor.into()],
    )?;
    Ok(())
}
