//! The numbers of the service: cells, the groups that they are of, and how far they go.

use lt_model::{
    Millis,
    id::GroupId,
    metric::{Cell, Count, Dimension, Grain},
};
use lt_protocol::metrics::CellsSeen;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use uuid::Uuid;

use crate::{
    Result, StoreError,
    metrics::{CellPick, MetricsStand, Standing},
    sql::{Id, count, int, word},
};

pub(crate) fn stand(connection: &Connection) -> Result<Option<MetricsStand>> {
    let stand = connection
        .prepare_cached("SELECT as_of, generation, utc_offset_minutes FROM metric_stand")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((as_of, generation, utc_offset_minutes)) = stand else {
        return Ok(None);
    };
    Ok(Some(MetricsStand {
        as_of,
        generation,
        utc_offset_minutes,
        groups: groups(connection)?,
    }))
}

fn groups(connection: &Connection) -> Result<Vec<CellsSeen>> {
    let mut statement = connection.prepare_cached("SELECT grp, version FROM metric_group")?;
    let rows = statement.query_map([], |row| {
        Ok(CellsSeen {
            group: group(row.get(0)?),
            version: count(row.get(1)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn set_stand(tx: &Transaction<'_>, stand: &MetricsStand) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO metric_stand (id, as_of, generation, utc_offset_minutes)
         VALUES (1, ?1, ?2, ?3)",
    )?
    .execute(params![
        stand.as_of,
        stand.generation,
        stand.utc_offset_minutes
    ])?;
    tx.execute("DELETE FROM metric_group", [])?;
    for seen in &stand.groups {
        tx.prepare_cached("INSERT INTO metric_group (grp, version) VALUES (?1, ?2)")?
            .execute(params![seen.group.blob(), int(seen.version)])?;
    }
    Ok(())
}

/// Puts a cell in the place of what was there; one that holds nothing goes.
pub(crate) fn put(
    tx: &Transaction<'_>,
    (grain, at): (Grain, Millis),
    of: GroupId,
    (dim, value): (Option<Dimension>, &str),
    bytes: &[u8],
) -> Result<()> {
    let (grain, dim) = (word(&grain)?, dim_word(dim)?);
    if bytes.is_empty() {
        tx.prepare_cached(
            "DELETE FROM metric_cell
             WHERE grain = ?1 AND dim = ?2 AND at = ?3 AND grp = ?4 AND value = ?5",
        )?
        .execute(params![grain, dim, at, of.blob(), value])?;
        return Ok(());
    }
    let mut cell = Cell::default();
    cell.add_bytes(bytes)
        .ok_or(StoreError::Unreadable("metric cell"))?;
    tx.prepare_cached(
        "INSERT INTO metric_cell (grain, dim, at, grp, value, opened, queue, tickets, cell)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (grain, dim, at, grp, value) DO UPDATE SET opened = excluded.opened,
           queue = excluded.queue, tickets = excluded.tickets, cell = excluded.cell",
    )?
    .execute(params![
        grain,
        dim,
        at,
        of.blob(),
        value,
        cell.get(Count::Opened),
        cell.get(Count::QueueIn) - cell.get(Count::QueueOut),
        cell.get(Count::TicketsIn) - cell.get(Count::TicketsOut),
        bytes
    ])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM metric_cell", [])?;
    tx.execute("DELETE FROM metric_total", [])?;
    tx.execute("DELETE FROM metric_group", [])?;
    tx.execute("DELETE FROM metric_stand", [])?;
    Ok(())
}

/// Drops the cells of a group. The sums of all groups are those of before until [`total_anew`].
pub(crate) fn drop_group(tx: &Transaction<'_>, of: GroupId) -> Result<()> {
    tx.execute("DELETE FROM metric_cell WHERE grp = ?1", [of.blob()])?;
    Ok(())
}

/// Sums the cells of all groups up anew, after groups were dropped.
pub(crate) fn total_anew(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM metric_total", [])?;
    total_all(tx)
}

/// Sums the cells of all groups of one bucket up anew, after one of them was put.
pub(crate) fn total(tx: &Transaction<'_>, (grain, at): (Grain, Millis)) -> Result<()> {
    let grain = word(&grain)?;
    let mut statement = tx
        .prepare_cached("SELECT cell FROM metric_cell WHERE grain = ?1 AND dim = '' AND at = ?2")?;
    let mut rows = statement.query(params![grain, at])?;
    let mut sum = Cell::default();
    while let Some(row) = rows.next()? {
        sum.add_bytes(blob(row, 0)?)
            .ok_or(StoreError::Unreadable("metric cell"))?;
    }
    put_total(tx, (&grain, at), &sum)
}

fn put_total(tx: &Transaction<'_>, (grain, at): (&str, Millis), sum: &Cell) -> Result<()> {
    if sum.is_empty() {
        tx.prepare_cached("DELETE FROM metric_total WHERE grain = ?1 AND at = ?2")?
            .execute(params![grain, at])?;
        return Ok(());
    }
    tx.prepare_cached("INSERT OR REPLACE INTO metric_total (grain, at, cell) VALUES (?1, ?2, ?3)")?
        .execute(params![grain, at, sum.to_bytes()])?;
    Ok(())
}

fn total_all(tx: &Transaction<'_>) -> Result<()> {
    for grain in Grain::ALL {
        let grain = word(&grain)?;
        let mut statement = tx.prepare_cached(
            "SELECT at, cell FROM metric_cell WHERE grain = ?1 AND dim = '' ORDER BY at",
        )?;
        let mut rows = statement.query([&grain])?;
        let (mut of, mut sum) = (None, Cell::default());
        while let Some(row) = rows.next()? {
            let at: Millis = row.get(0)?;
            if let Some(before) = of.filter(|before| *before != at) {
                put_total(tx, (&grain, before), &sum)?;
                sum.clear();
            }
            of = Some(at);
            sum.add_bytes(blob(row, 1)?)
                .ok_or(StoreError::Unreadable("metric cell"))?;
        }
        if let Some(last) = of {
            put_total(tx, (&grain, last), &sum)?;
        }
    }
    Ok(())
}

/// Fills the sums of a store that was written by a build without them. Where a cell cannot be read,
/// all go, and come from the server again.
pub(crate) fn fill_totals(connection: &mut Connection) -> Result<()> {
    let lacks: bool = connection.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM metric_total)
           AND EXISTS (SELECT 1 FROM metric_cell WHERE dim = '')",
        [],
        |row| row.get(0),
    )?;
    if lacks {
        let tx = connection.transaction()?;
        match total_all(&tx) {
            Err(StoreError::Unreadable(what)) => {
                tracing::warn!(what, "the numbers cannot be read and are fetched anew");
                clear(&tx)?;
            }
            done => done?,
        }
        tx.commit()?;
    }
    Ok(())
}

/// Shows cells of all groups together, each with its begin and bytes, in ascending order of those.
pub(crate) fn totals(
    connection: &Connection,
    (grain, from, to): (Grain, Millis, Millis),
    mut show: impl FnMut(Millis, &[u8]) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT at, cell FROM metric_total WHERE grain = ?1 AND at >= ?2 AND at < ?3 ORDER BY at",
    )?;
    let mut rows = statement.query(params![word(&grain)?, from, to])?;
    while let Some(row) = rows.next()? {
        show(row.get(0)?, blob(row, 1)?)?;
    }
    Ok(())
}

/// Drops buckets of this width that begin before a moment.
pub(crate) fn drop_before(tx: &Transaction<'_>, grain: Grain, before: Millis) -> Result<()> {
    for dim in dims()? {
        tx.prepare_cached("DELETE FROM metric_cell WHERE grain = ?1 AND dim = ?2 AND at < ?3")?
            .execute(params![word(&grain)?, dim, before])?;
    }
    tx.prepare_cached("DELETE FROM metric_total WHERE grain = ?1 AND at < ?2")?
        .execute(params![word(&grain)?, before])?;
    Ok(())
}

/// Shows cells of a period, each with its begin, group, value and bytes, in ascending order of their
/// begins.
pub(crate) fn each(
    connection: &Connection,
    pick: &CellPick<'_>,
    mut show: impl FnMut(Millis, GroupId, &str, &[u8]) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT at, grp, value, cell FROM metric_cell
         WHERE grain = ?1 AND dim = ?2 AND at >= ?3 AND at < ?4
           AND (?5 IS NULL OR grp = ?5) AND (?6 IS NULL OR value = ?6) ORDER BY at",
    )?;
    let mut rows = statement.query(params![
        word(&pick.grain)?,
        dim_word(pick.dim)?,
        pick.from,
        pick.to,
        pick.group.map(|group| group.blob()),
        pick.value
    ])?;
    while let Some(row) = rows.next()? {
        let of = group(row.get(1)?);
        show(row.get(0)?, of, text(row, 2)?, blob(row, 3)?)?;
    }
    Ok(())
}

/// Conversations opened, by begin of the bucket and by value.
pub(crate) fn opened(
    connection: &Connection,
    pick: &CellPick<'_>,
    mut show: impl FnMut(Millis, &str, i64),
) -> Result<()> {
    // Sums over the groups are kept of these: a tenth of the rows where there are ten groups.
    let is_summed = pick.grain == Grain::Hour || pick.dim == Some(Dimension::Intent);
    let sql = match pick.group {
        None if is_summed => {
            "SELECT at, value, opened FROM metric_opened_sum
             WHERE grain = ?1 AND dim = ?2 AND at >= ?3 AND at < ?4
               AND ?5 IS NULL AND (?6 IS NULL OR value = ?6)"
        }
        _ => {
            "SELECT at, value, opened FROM metric_cell INDEXED BY metric_opened
             WHERE grain = ?1 AND dim = ?2 AND at >= ?3 AND at < ?4
               AND (?5 IS NULL OR grp = ?5) AND (?6 IS NULL OR value = ?6)"
        }
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![
        word(&pick.grain)?,
        dim_word(pick.dim)?,
        pick.from,
        pick.to,
        pick.group.map(|group| group.blob()),
        pick.value
    ])?;
    while let Some(row) = rows.next()? {
        show(row.get(0)?, text(row, 1)?, row.get(2)?);
    }
    Ok(())
}

/// What came into queue and backlog and has not left, by group and value.
pub(crate) fn standing(connection: &Connection, pick: &CellPick<'_>) -> Result<Vec<Standing>> {
    let mut statement = connection.prepare_cached(
        "SELECT grp, value, sum(queue), sum(tickets) FROM metric_cell
         WHERE grain = ?1 AND dim = ?2 AND at >= ?3 AND at < ?4 AND (queue <> 0 OR tickets <> 0)
           AND (?5 IS NULL OR grp = ?5) AND (?6 IS NULL OR value = ?6)
         GROUP BY grp, value",
    )?;
    let rows = statement.query_map(
        params![
            word(&pick.grain)?,
            dim_word(pick.dim)?,
            pick.from,
            pick.to,
            pick.group.map(|group| group.blob()),
            pick.value
        ],
        |row| {
            Ok(Standing {
                group: group(row.get(0)?),
                value: row.get(1)?,
                queue: row.get(2)?,
                tickets: row.get(3)?,
            })
        },
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// All that `dim` may be.
fn dims() -> Result<Vec<String>> {
    let some = Dimension::ALL.into_iter().map(Some);
    std::iter::once(None).chain(some).map(dim_word).collect()
}

fn dim_word(dim: Option<Dimension>) -> Result<String> {
    dim.map_or_else(|| Ok(String::new()), |dim| word(&dim))
}

fn group(bytes: [u8; 16]) -> GroupId {
    GroupId(Uuid::from_bytes(bytes))
}

fn text<'r>(row: &'r rusqlite::Row<'_>, column_idx: usize) -> Result<&'r str> {
    let value = row.get_ref(column_idx)?.as_str();
    value.map_err(|_| StoreError::Unreadable("metric cell"))
}

fn blob<'r>(row: &'r rusqlite::Row<'_>, column_idx: usize) -> Result<&'r [u8]> {
    let value = row.get_ref(column_idx)?.as_blob();
    value.map_err(|_| StoreError::Unreadable("metric cell"))
}
