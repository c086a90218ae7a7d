//! Visibility scopes.

use lt_model::change::StreamKind;

use crate::{
    error::{DbError, Result},
    rows::Rows,
    seam::{Reader, Tx},
    table::stream_ctr::{self, Counter},
    value::{Row, Value},
};

/// A stream that something was written to.
pub(crate) struct Found {
    pub(crate) id: u64,
    pub(crate) kind: StreamKind,
    pub(crate) counter: Counter,
}

/// Where those of the streams stand that exist, and with `all_lines` those of all business lines too;
/// in ascending order of their numbers.
pub(crate) fn standing(
    reader: &Reader<'_>,
    kinds: &[StreamKind],
    all_lines: bool,
) -> Result<Vec<Found>> {
    const SELECT: &str = "SELECT s.id, s.kind, s.ref, c.n, c.floor, c.chk FROM stream s
         JOIN stream_ctr c ON c.stream = s.id WHERE";
    let mut rows = Rows::of(&["BIGINT", "TEXT", "TEXT"], kinds.len());
    for kind in kinds {
        rows.push(key(reader, kind));
    }
    let mut asked = vec![reader.ask_rows(
        &format!("{SELECT} (s.tenant, s.kind, s.ref) IN ({{rows}})"),
        rows,
    )?];
    if all_lines {
        let lines = format!("{SELECT} s.tenant = $1 AND s.kind = 'faq'");
        asked.push(reader.ask(&lines, vec![reader.tenant().into()])?);
    }
    let mut found = Vec::new();
    for one in asked {
        for row in &reader.answer(one)? {
            found.push(read(row)?);
        }
    }
    found.sort_by_key(|one: &Found| one.id);
    found.dedup_by_key(|one| one.id);
    Ok(found)
}

fn read(row: &Row) -> Result<Found> {
    let of = row.text(2)?;
    let kind = match row.text(1)? {
        "config" => StreamKind::Config,
        "faq" => StreamKind::Faq(of.to_owned()),
        "group" => StreamKind::Group(of.parse().map_err(|_| DbError::Shape("stream.ref"))?),
        "agent" => StreamKind::Agent(of.parse().map_err(|_| DbError::Shape("stream.ref"))?),
        "leads" => StreamKind::Leads(of.parse().map_err(|_| DbError::Shape("stream.ref"))?),
        "watch" => StreamKind::Watch,
        "desk" => desk(of).ok_or(DbError::Shape("stream.ref"))?,
        _ => return Err(DbError::Shape("stream.kind")),
    };
    Ok(Found {
        id: row.uint(0)?,
        kind,
        counter: Counter {
            head: row.uint(3)?,
            floor: row.uint(4)?,
            chk: row.int(5)?.cast_unsigned(),
        },
    })
}

fn desk(of: &str) -> Option<StreamKind> {
    let (group, agent) = of.split_once('/')?;
    Some(StreamKind::Desk {
        group: group.parse().ok()?,
        agent: agent.parse().ok()?,
    })
}

/// Makes one, and gives its number.
pub(crate) fn insert(tx: &Tx<'_>, kind: &StreamKind) -> Result<u64> {
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
        StreamKind::Watch => ("watch", String::new()),
        StreamKind::Faq(line) => ("faq", line.clone()),
        StreamKind::Group(group) => ("group", group.to_string()),
        StreamKind::Leads(group) => ("leads", group.to_string()),
        StreamKind::Desk { group, agent } => ("desk", format!("{group}/{agent}")),
        StreamKind::Agent(agent) => ("agent", agent.to_string()),
    };
    [reader.tenant().into(), kind.into(), of.into()]
}
