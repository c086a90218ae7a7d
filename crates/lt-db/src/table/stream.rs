//! Visibility scopes.

use lt_model::change::StreamKind;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::stream_ctr,
    value::Value,
};

/// The number of a stream, if anything was ever written to it.
pub(crate) fn id(reader: &Reader<'_>, kind: &StreamKind) -> Result<Option<u64>> {
    reader
        .query_one(
            "SELECT id FROM stream WHERE tenant = $1 AND kind = $2 AND ref = $3",
            &key(reader, kind),
        )?
        .map(|row| row.uint(0))
        .transpose()
}

pub(crate) fn id_or_new(tx: &Tx<'_>, kind: &StreamKind) -> Result<u64> {
    if let Some(id) = id(tx, kind)? {
        return Ok(id);
    }
    let id = tx
        .query_one(
            "INSERT INTO stream (tenant, kind, ref) VALUES ($1, $2, $3) RETURNING id",
            &key(tx, kind),
        )?
        .ok_or(DbError::Missing("stream"))?
        .uint(0)?;
    stream_ctr::insert(tx, id)?;
    // Somebody may see one stream more.
    tx.access_changed_for_all();
    Ok(id)
}

fn key(reader: &Reader<'_>, kind: &StreamKind) -> [Value; 3] {
    let (kind, of) = match kind {
        StreamKind::Config => ("config", String::new()),
        StreamKind::Faq(line) => ("faq", line.clone()),
        StreamKind::Group(group) => ("group", group.to_string()),
    };
    [reader.tenant().into(), kind.into(), of.into()]
}
