//! Changes as desktops receive them.

use std::collections::HashSet;

use lt_model::{Millis, change::EntityKind};
use lt_protocol::sync::{Cut, Entity, Row, RowChange};

use crate::{
    error::{DbError, Result},
    rows::Rows,
    seam::{PendingChange, ROWS_AT_ONCE, Reader, Tx},
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
    /// Which row it is about.
    pub(crate) ent: EntityKind,
    pub(crate) id: String,
}

/// What PostgreSQL calls the types of the columns.
const TYPES: &[&str] = &[
    "BIGINT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT", "TEXT", "BIGINT",
];

/// Stores changes. They are never touched again, until they are pruned. Returns the bytes of the
/// content of each.
pub(crate) fn insert(tx: &Tx<'_>, placed: &[Placed<'_>]) -> Result<Vec<u64>> {
    let mut sizes = Vec::with_capacity(placed.len());
    let mut rows = Rows::of(TYPES, placed.len());
    for one in placed {
        let body = match &one.pending.change {
            RowChange::Put { entity } => json(entity)?,
            RowChange::Del { .. } => Value::Null,
        };
        let n_bytes = match &body {
            Value::Text(text) | Value::Sealed(text) => text.len() as u64,
            Value::Null | Value::Int(_) | Value::SealedBytes(_) | Value::Blob(_) => 0,
        };
        sizes.push(n_bytes);
        rows.push([
            tx.tenant().into(),
            one.stream.into(),
            one.seq.into(),
            one.audit_n.into(),
            word(&one.ent)?,
            one.id.clone().into(),
            one.pending.rev.into(),
            n_bytes.into(),
            body,
            one.at.into(),
        ]);
    }
    tx.send_rows(
        "INSERT INTO change (tenant, stream, seq, audit_n, ent, id, rev, size, body, at) {rows}",
        rows,
    )?;
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

/// The rows that acts put, each once, however many streams it is in.
pub(crate) fn of_acts(reader: &Reader<'_>, acts: &[u64]) -> Result<Vec<(u64, Entity)>> {
    let mut all = Vec::new();
    for some in acts.chunks(ROWS_AT_ONCE) {
        let places: Vec<String> = (0..some.len()).map(|n| format!("${}", n + 2)).collect();
        let mut values: Vec<Value> = vec![reader.tenant().into()];
        values.extend(some.iter().map(|n| Value::from(*n)));
        let sql = format!(
            "SELECT audit_n, ent, id, body FROM change
             WHERE tenant = $1 AND audit_n IN ({}) AND body IS NOT NULL ORDER BY audit_n, stream, seq",
            places.join(", ")
        );
        let mut seen = HashSet::new();
        for row in &reader.query(&sql, &values)? {
            let key = (
                row.uint(0)?,
                row.text(1)?.to_owned(),
                row.text(2)?.to_owned(),
            );
            let act = key.0;
            if seen.insert(key) {
                all.push((act, row.json(3)?));
            }
        }
    }
    Ok(all)
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

/// What acts touched that desktops see.
#[derive(Debug)]
pub struct Touched {
    /// The last act that was looked at.
    pub up_to: u64,
    /// When it was.
    pub at: Millis,
    /// Conversations, tickets and surveys that changed, by kind and id, once each.
    pub rows: Vec<(EntityKind, String)>,
}

/// Which rows of these kinds acts after one touched; the acts that changed the next `n_rows` rows are
/// looked at, whole. None where there are none.
pub(crate) fn rows_touched(
    reader: &Reader<'_>,
    after_act: u64,
    n_rows: u64,
) -> Result<Option<Touched>> {
    let last = reader.query_one(
        "SELECT max(n), max(at) FROM (SELECT audit_n AS n, at FROM change
             WHERE tenant = $1 AND audit_n > $2 ORDER BY audit_n LIMIT $3) x",
        &[reader.tenant().into(), after_act.into(), n_rows.into()],
    )?;
    let Some(row) = last else { return Ok(None) };
    let (Some(up_to), at) = (row.opt_int(0)?, row.opt_int(1)?) else {
        return Ok(None);
    };
    let found = reader.query(
        "SELECT DISTINCT ent, id FROM change
         WHERE tenant = $1 AND audit_n > $2 AND audit_n <= $3
             AND ent IN ('conversation', 'ticket', 'survey')",
        &[reader.tenant().into(), after_act.into(), up_to.into()],
    )?;
    let rows: Result<Vec<(EntityKind, String)>> = found
        .iter()
        .map(|row| Ok((row.word(0)?, row.text(1)?.to_owned())))
        .collect();
    Ok(Some(Touched {
        up_to: u64::try_from(up_to).map_err(|_| DbError::Shape("act"))?,
        at: at.unwrap_or(0),
        rows: rows?,
    }))
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
    tx.take_long()?;
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
