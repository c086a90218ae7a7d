//! The rows that stand in a stream now, with their newest changes.

use std::collections::BTreeMap;

use lt_protocol::sync::{RowChange, row_checksum};

use crate::{
    error::Result,
    seam::{ROWS_AT_ONCE, Reader, Tx, row_of, tuples},
    table::change::{Mark, Placed},
    value::{Value, word},
};

/// Follows changes, at most one of each row of each stream. Returns by how much they change the
/// checksums of their streams: differences modulo 2^64.
pub(crate) fn follow(tx: &Tx<'_>, placed: &[&Placed<'_>]) -> Result<BTreeMap<u64, u64>> {
    let mut sums: BTreeMap<u64, u64> = BTreeMap::new();
    let mut add = |stream: u64, by: u64| {
        let sum = sums.entry(stream).or_default();
        *sum = sum.wrapping_add(by);
    };
    for some in placed.chunks(ROWS_AT_ONCE) {
        let keys: Vec<Value> = some
            .iter()
            .map(|one| key(one))
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect();
        let listed = tuples(some.len(), &["BIGINT", "", ""]);
        let before = tx.query(
            &format!(
                "SELECT ent, id, rev, stream FROM live_row
                 WHERE (stream, ent, id) IN (VALUES {listed})"
            ),
            &keys,
        )?;
        for row in &before {
            let checksum = row_checksum(row.word(0)?, row.text(1)?, row.uint(2)?);
            add(row.uint(3)?, checksum.wrapping_neg());
        }
        let is_put = |one: &Placed<'_>| matches!(one.pending.change, RowChange::Put { .. });
        let (puts, dels): (Vec<&Placed<'_>>, Vec<&Placed<'_>>) =
            some.iter().copied().partition(|one| is_put(one));
        for one in &puts {
            let (ent, id) = row_of(&one.pending.change);
            add(one.stream, row_checksum(ent, &id, one.pending.rev));
        }
        put(tx, &puts)?;
        delete(tx, &dels)?;
    }
    Ok(sums)
}

fn put(tx: &Tx<'_>, puts: &[&Placed<'_>]) -> Result<()> {
    if puts.is_empty() {
        return Ok(());
    }
    let mut values = Vec::with_capacity(puts.len() * 5);
    for one in puts {
        values.extend(key(one)?);
        values.push(one.seq.into());
        values.push(one.pending.rev.into());
    }
    let rows = tuples(puts.len(), &["", "", "", "", ""]);
    tx.send(
        &format!(
            "INSERT INTO live_row (stream, ent, id, seq, rev) VALUES {rows}
             ON CONFLICT (stream, ent, id) DO UPDATE SET seq = excluded.seq, rev = excluded.rev"
        ),
        &values,
    )?;
    Ok(())
}

fn delete(tx: &Tx<'_>, dels: &[&Placed<'_>]) -> Result<()> {
    if dels.is_empty() {
        return Ok(());
    }
    let mut keys = Vec::with_capacity(dels.len() * 3);
    for one in dels {
        keys.extend(key(one)?);
    }
    let rows = tuples(dels.len(), &["BIGINT", "", ""]);
    tx.send(
        &format!("DELETE FROM live_row WHERE (stream, ent, id) IN (VALUES {rows})"),
        &keys,
    )?;
    Ok(())
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
    let (ent, id) = row_of(&placed.pending.change);
    Ok([placed.stream.into(), word(&ent)?, id.into()])
}
