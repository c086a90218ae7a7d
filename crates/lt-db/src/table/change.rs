//! Changes as desktops receive them.

use lt_model::Millis;
use lt_protocol::sync::{Cut, Row, RowChange};

use crate::{
    error::{DbError, Result},
    seam::{PendingChange, ROWS_AT_ONCE, Reader, Tx, row_of, tuples},
    value::{Row as Found, Value, json, word},
};

/// Where a change stands, and how large it is.
pub(crate) struct Mark {
    pub(crate) audit_n: u64,
    pub(crate) stream: u64,
    pub(crate) seq: u64,
    pub(crate) n_bytes: u64,
}

/// A change with its place.
pub(crate) struct Placed<'p> {
    pub(crate) audit_n: u64,
    pub(crate) at: Millis,
    pub(crate) stream: u64,
    pub(crate) seq: u64,
    pub(crate) pending: &'p PendingChange,
}

/// Stores changes. They are never touched again, until they are pruned. Returns the bytes of the
/// content of each.
pub(crate) fn insert(tx: &Tx<'_>, placed: &[Placed<'_>]) -> Result<Vec<u64>> {
    let mut sizes = Vec::with_capacity(placed.len());
    for some in placed.chunks(ROWS_AT_ONCE) {
        let mut values = Vec::with_capacity(some.len() * 10);
        for one in some {
            let (ent, id) = row_of(&one.pending.change);
            let body = match &one.pending.change {
                RowChange::Put { entity } => json(entity)?,
                RowChange::Del { .. } => Value::Null,
            };
            let n_bytes = match &body {
                Value::Text(text) | Value::Sealed(text) => text.len() as u64,
                Value::Null | Value::Int(_) | Value::SealedBytes(_) | Value::Blob(_) => 0,
            };
            sizes.push(n_bytes);
            values.extend([
                tx.tenant().into(),
                one.stream.into(),
                one.seq.into(),
                one.audit_n.into(),
                word(&ent)?,
                id.into(),
                one.pending.rev.into(),
                n_bytes.into(),
                body,
                one.at.into(),
            ]);
        }
        let rows = tuples(some.len(), &["", "", "", "", "", "", "", "", "", ""]);
        tx.send(
            &format!(
                "INSERT INTO change (tenant, stream, seq, audit_n, ent, id, rev, size, body, at)
                 VALUES {rows}"
            ),
            &values,
        )?;
    }
    Ok(sizes)
}

/// The next changes of a stream, without their bodies.
pub(crate) fn marks(
    reader: &Reader<'_>,
    stream: u64,
    after: u64,
    limit: usize,
) -> Result<Vec<Mark>> {
    let limit = u64::try_from(limit).map_err(|_| DbError::Shape("limit"))?;
    reader
        .query(
            "SELECT audit_n, seq, size FROM change
             WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            &[stream.into(), after.into(), limit.into()],
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

/// The change at a mark.
pub(crate) fn row(reader: &Reader<'_>, mark: &Mark) -> Result<Row> {
    let found = reader
        .query_one(
            "SELECT ent, id, rev, body FROM change WHERE stream = $1 AND seq = $2",
            &[mark.stream.into(), mark.seq.into()],
        )?
        .ok_or(DbError::Missing("change"))?;
    read(&found, mark.stream, mark.seq)
}

/// All changes of a part of a stream, in order.
pub(crate) fn rows(reader: &Reader<'_>, cut: &Cut) -> Result<Vec<Row>> {
    reader
        .query(
            "SELECT ent, id, rev, body, seq FROM change
             WHERE stream = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq",
            &[cut.stream.into(), cut.from.into(), cut.to.into()],
        )?
        .iter()
        .map(|found| read(found, cut.stream, found.uint(4)?))
        .collect()
}

fn read(found: &Found, stream: u64, seq: u64) -> Result<Row> {
    let change = match found.opt_text(3)? {
        Some(body) => RowChange::Put {
            entity: serde_json::from_str(body)?,
        },
        None => RowChange::Del {
            entity: found.word(0)?,
            id: found.text(1)?.to_owned(),
        },
    };
    Ok(Row {
        stream,
        seq,
        rev: found.uint(2)?,
        change,
    })
}

/// Throws away what a desktop that is up to `floor` no longer needs: changes that a later change of
/// the row superseded, and those that say that a row left. Returns how many.
pub(crate) fn prune(tx: &Tx<'_>, stream: u64, floor: u64) -> Result<usize> {
    tx.execute(
        "DELETE FROM change WHERE stream = $1 AND seq <= $2 AND NOT EXISTS (
             SELECT 1 FROM live_row l WHERE l.stream = change.stream AND l.seq = change.seq)",
        &[stream.into(), floor.into()],
    )
}

/// The last change of a stream that was made before a moment; 0 where there is none.
pub(crate) fn last_before(reader: &Reader<'_>, stream: u64, at: Millis) -> Result<u64> {
    let row = reader.query_one(
        "SELECT seq FROM change WHERE stream = $1 AND at < $2 ORDER BY seq DESC LIMIT 1",
        &[stream.into(), at.into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}
