//! The rows that stand in a stream now, with their newest changes.

use std::collections::BTreeMap;

use lt_protocol::sync::{RowChange, row_checksum};

use crate::{
    error::Result,
    link::Asked,
    rows::Rows,
    seam::{Reader, Tx},
    table::change::{Mark, Placed},
    value::{Value, word},
};

const KEY: &[&str] = &["BIGINT", "TEXT", "TEXT"];

/// By how much changes change the checksums of their streams: what is known before the answer.
pub(crate) struct Following {
    before: Asked,
    sums: BTreeMap<u64, u64>,
}

/// Follows changes, at most one of each row of each stream.
pub(crate) fn follow(tx: &Tx<'_>, placed: &[&Placed<'_>]) -> Result<Following> {
    let mut keys = Rows::of(KEY, placed.len());
    let mut puts = Rows::of(
        &["BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT"],
        placed.len(),
    );
    let mut dels = Rows::of(KEY, 0);
    let mut sums = BTreeMap::new();
    for one in placed {
        keys.push(key(one)?);
        let [stream, ent, id] = key(one)?;
        match one.pending.change {
            RowChange::Put { .. } => {
                let rev = one.pending.rev;
                puts.push([stream, ent, id, one.seq.into(), rev.into()]);
                add(&mut sums, one.stream, row_checksum(one.ent, &one.id, rev));
            }
            RowChange::Del { .. } => dels.push([stream, ent, id]),
        }
    }
    let before = tx.ask_rows(
        "SELECT ent, id, rev, stream FROM live_row WHERE (stream, ent, id) IN ({rows})",
        keys,
    )?;
    tx.send_rows(
        "INSERT INTO live_row (stream, ent, id, seq, rev) {rows}
         ON CONFLICT (stream, ent, id) DO UPDATE SET seq = excluded.seq, rev = excluded.rev",
        puts,
    )?;
    tx.send_rows(
        "DELETE FROM live_row WHERE (stream, ent, id) IN ({rows})",
        dels,
    )?;
    Ok(Following { before, sums })
}

/// By how much the changes change the checksums of their streams: differences modulo 2^64.
pub(crate) fn followed(tx: &Tx<'_>, following: Following) -> Result<BTreeMap<u64, u64>> {
    let mut sums = following.sums;
    for row in &tx.answer(following.before)? {
        let checksum = row_checksum(row.word(0)?, row.text(1)?, row.uint(2)?);
        add(&mut sums, row.uint(3)?, checksum.wrapping_neg());
    }
    Ok(sums)
}

fn add(sums: &mut BTreeMap<u64, u64>, stream: u64, by: u64) {
    let sum = sums.entry(stream).or_default();
    *sum = sum.wrapping_add(by);
}

/// The rows of a stream after `after` and up to `at`, in the order of their changes.
pub(crate) fn marks(
    reader: &Reader<'_>,
    stream: u64,
    after: u64,
    at: u64,
    limit: u64,
) -> Result<Vec<Mark>> {
    reader
        .query(
            "SELECT c.audit_n, c.seq, c.size FROM live_row l
             JOIN change c ON c.stream = l.stream AND c.seq = l.seq
             WHERE l.stream = $1 AND l.seq > $2 AND l.seq <= $3 ORDER BY l.seq LIMIT $4",
            &[stream.into(), after.into(), at.into(), limit.into()],
        )?
        .iter()
        .map(|row| {
            Ok(Mark {
                audit_n: row.uint(0)?,
                stream,
                seq: row.uint(1)?,
                n_bytes: row.uint(2)?,
            })
        })
        .collect()
}

/// How many rows of a stream there are after `after` and up to `at`.
pub(crate) fn count(reader: &Reader<'_>, stream: u64, after: u64, at: u64) -> Result<u64> {
    let row = reader.query_one(
        "SELECT count(*) FROM live_row WHERE stream = $1 AND seq > $2 AND seq <= $3",
        &[stream.into(), after.into(), at.into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// The checksum of a stream, counted from its rows.
pub(crate) fn checksum(reader: &Reader<'_>, stream: u64) -> Result<u64> {
    let rows = reader.query(
        "SELECT ent, id, rev FROM live_row WHERE stream = $1",
        &[stream.into()],
    )?;
    rows.iter().try_fold(0_u64, |sum, row| {
        Ok(sum.wrapping_add(row_checksum(row.word(0)?, row.text(1)?, row.uint(2)?)))
    })
}

fn key(placed: &Placed<'_>) -> Result<[Value; 3]> {
    Ok([
        placed.stream.into(),
        word(&placed.ent)?,
        placed.id.clone().into(),
    ])
}
