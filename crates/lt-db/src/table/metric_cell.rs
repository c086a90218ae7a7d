//! The sums of the numbers.

use lt_model::{
    Millis,
    id::GroupId,
    metric::{Dimension, Grain},
};

use crate::{
    error::Result,
    seam::{ROWS_AT_ONCE, Reader, Tx, tuples},
    value::{Row, Value, word},
};

/// Which cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// Whose.
    pub group: GroupId,
    /// How wide.
    pub grain: Grain,
    /// By what; none: all of the group.
    pub dim: Option<Dimension>,
    /// Its begin.
    pub at: Millis,
    /// Value of the dimension.
    pub value: String,
}

/// A cell as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCell {
    /// Which.
    pub key: CellKey,
    /// Version of this state.
    pub version: u64,
    /// See [`lt_model::metric::Cell::to_bytes`].
    pub bytes: Vec<u8>,
}

const COLUMNS: &str = "SELECT grp, grain, dim, at, value, version, cell FROM metric_cell";

/// Those of these cells that are there. The keys are of one group.
pub fn of_group(reader: &Reader<'_>, group: GroupId, keys: &[&CellKey]) -> Result<Vec<StoredCell>> {
    let mut found = Vec::with_capacity(keys.len());
    for some in keys.chunks(ROWS_AT_ONCE) {
        let mut values: Vec<Value> = Vec::with_capacity(some.len() * 4 + 2);
        for key in some {
            values.extend([
                word(&key.grain)?,
                dim_word(key.dim)?,
                key.at.into(),
                key.value.as_str().into(),
            ]);
        }
        let n = values.len();
        values.push(reader.tenant().into());
        values.push(group.into());
        let listed = tuples(some.len(), &["TEXT", "TEXT", "BIGINT", "TEXT"]);
        let rows = reader.query(
            &format!(
                "{COLUMNS} WHERE tenant = ${} AND grp = ${}
                 AND (grain, dim, at, value) IN (VALUES {listed})",
                n + 1,
                n + 2
            ),
            &values,
        )?;
        for row in &rows {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

/// States of a group's cells that are newer than a version, the oldest first. Minutes, which a server
/// of an earlier version still writes while it runs beside this one, are for nobody.
pub fn newer(
    reader: &Reader<'_>,
    group: GroupId,
    after: u64,
    limit: u64,
) -> Result<Vec<StoredCell>> {
    reader
        .query(
            &format!(
                "{COLUMNS} WHERE tenant = $1 AND grp = $2 AND version > $3 AND grain <> 'minute'
                 ORDER BY version LIMIT $4"
            ),
            &[
                reader.tenant().into(),
                group.into(),
                after.into(),
                limit.into(),
            ],
        )?
        .iter()
        .map(read)
        .collect()
}

/// Cells of one width and dimension that begin in a period, of all groups.
pub fn between(
    reader: &Reader<'_>,
    (grain, dim): (Grain, Option<Dimension>),
    groups: &[GroupId],
    from: Millis,
    to: Millis,
) -> Result<Vec<StoredCell>> {
    let mut found = Vec::new();
    for group in groups {
        let rows = reader.query(
            &format!(
                "{COLUMNS} WHERE tenant = $1 AND grp = $2 AND grain = $3 AND dim = $4
                 AND at >= $5 AND at < $6 ORDER BY at, value"
            ),
            &[
                reader.tenant().into(),
                (*group).into(),
                word(&grain)?,
                dim_word(dim)?,
                from.into(),
                to.into(),
            ],
        )?;
        for row in &rows {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

/// Those of one value of a dimension; of all of each group, where that is none.
pub fn of_value(
    reader: &Reader<'_>,
    (grain, of): (Grain, Option<(Dimension, &str)>),
    groups: &[GroupId],
    from: Millis,
    to: Millis,
) -> Result<Vec<StoredCell>> {
    let mut found = Vec::new();
    for group in groups {
        let rows = reader.query(
            &format!(
                "{COLUMNS} WHERE tenant = $1 AND grp = $2 AND grain = $3 AND dim = $4
                 AND at >= $5 AND at < $6 AND value = $7 ORDER BY at"
            ),
            &[
                reader.tenant().into(),
                (*group).into(),
                word(&grain)?,
                dim_word(of.map(|(dim, _)| dim))?,
                from.into(),
                to.into(),
                of.map_or("", |(_, value)| value).into(),
            ],
        )?;
        for row in &rows {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

/// Puts cells in the place of what was there.
pub fn put(tx: &Tx<'_>, cells: &[StoredCell]) -> Result<()> {
    for some in cells.chunks(ROWS_AT_ONCE) {
        let mut values: Vec<Value> = Vec::with_capacity(some.len() * 8);
        for cell in some {
            values.extend([
                tx.tenant().into(),
                cell.key.group.into(),
                word(&cell.key.grain)?,
                dim_word(cell.key.dim)?,
                cell.key.at.into(),
                cell.key.value.as_str().into(),
                cell.version.into(),
                cell.bytes.clone().into(),
            ]);
        }
        let rows = tuples(some.len(), &["", "", "", "", "", "", "", ""]);
        tx.send(
            &format!(
                "INSERT INTO metric_cell (tenant, grp, grain, dim, at, value, version, cell)
                 VALUES {rows}
                 ON CONFLICT (tenant, grp, grain, dim, at, value)
                 DO UPDATE SET version = excluded.version, cell = excluded.cell"
            ),
            &values,
        )?;
    }
    Ok(())
}

/// Drops those of a width that begin before a moment. Returns how many.
pub fn drop_before(tx: &Tx<'_>, grain: Grain, before: Millis) -> Result<usize> {
    tx.execute(
        &format!(
            "DELETE FROM metric_cell WHERE tenant = $1 AND grain = '{}' AND at < $2",
            match grain {
                Grain::Hour => "hour",
                Grain::Day => "day",
                Grain::Month => "month",
            }
        ),
        &[tx.tenant().into(), before.into()],
    )
}

fn dim_word(dim: Option<Dimension>) -> Result<Value> {
    dim.map_or_else(|| Ok(Value::Text(String::new())), |dim| word(&dim))
}

fn read(row: &Row) -> Result<StoredCell> {
    let dim = match row.text(2)? {
        "" => None,
        _ => Some(row.word(2)?),
    };
    Ok(StoredCell {
        key: CellKey {
            group: row.id(0)?,
            grain: row.word(1)?,
            dim,
            at: row.int(3)?,
            value: row.text(4)?.to_owned(),
        },
        version: row.uint(5)?,
        bytes: row.blob(6)?,
    })
}
