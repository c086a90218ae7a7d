//! Changes as desktops receive them.

use lt_protocol::sync::{Row, RowChange};

use crate::{
    error::{DbError, Result},
    seam::{PendingChange, Reader, Tx, row_of},
    value::{Value, json, word},
};

/// Where a change stands, and how large it is.
pub(crate) struct Mark {
    pub(crate) audit_n: u64,
    pub(crate) stream: u64,
    pub(crate) seq: u64,
    pub(crate) n_bytes: u64,
}

pub(crate) fn insert(
    tx: &Tx<'_>,
    stream: u64,
    seq: u64,
    audit_n: u64,
    pending: &PendingChange,
) -> Result<()> {
    let (ent, id) = row_of(&pending.change);
    let body = match &pending.change {
        RowChange::Put { entity } => json(entity)?,
        RowChange::Del { .. } => Value::Null,
    };
    let n_bytes = match &body {
        Value::Text(text) => text.len() as u64,
        Value::Null | Value::Int(_) | Value::Blob(_) => 0,
    };
    tx.execute(
        "INSERT INTO change (tenant, stream, seq, audit_n, ent, id, rev, size, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            tx.tenant().into(),
            stream.into(),
            seq.into(),
            audit_n.into(),
            word(&ent)?,
            id.into(),
            pending.rev.into(),
            n_bytes.into(),
            body,
        ],
    )?;
    Ok(())
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
        stream: mark.stream,
        seq: mark.seq,
        rev: found.uint(2)?,
        change,
    })
}
