//! Canned replies and macros: everybody's in the stream of the settings, a group's in its own.

use lt_model::{
    canned::{Canned, CannedScope},
    change::{EntityKind, StreamKind},
    id::{CannedId, GroupId},
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    value::json,
};

struct Stored {
    canned: Canned,
    used: u64,
    rev: u64,
}

/// One canned reply; how often it was used is counted up to now.
pub fn get(reader: &Reader<'_>, id: CannedId) -> Result<Option<Canned>> {
    Ok(stored(reader, id)?.map(|stored| Canned {
        used: stored.used,
        ..stored.canned
    }))
}

/// How many there are.
pub fn count(reader: &Reader<'_>) -> Result<u64> {
    let row = reader.query_one(
        "SELECT count(*) FROM canned WHERE tenant = $1",
        &[reader.tenant().into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// Stores it and announces it where it is found now; where it is found no more it goes.
pub fn put(tx: &Tx<'_>, canned: &Canned) -> Result<()> {
    let before = stored(tx, canned.id)?;
    let rev = before.as_ref().map_or(1, |before| before.rev + 1);
    tx.execute(
        "INSERT INTO canned (tenant, id, grp, used, rev, body) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant, id) DO UPDATE
         SET grp = excluded.grp, used = excluded.used, rev = excluded.rev, body = excluded.body",
        &[
            tx.tenant().into(),
            canned.id.into(),
            group_of(canned).into(),
            canned.used.into(),
            rev.into(),
            json(canned)?,
        ],
    )?;
    if let Some(before) = before
        && stream_of(&before.canned) != stream_of(canned)
    {
        withdraw(tx, &before);
    }
    tx.put(
        stream_of(canned),
        rev,
        Entity::Canned(Box::new(canned.clone())),
    );
    Ok(())
}

/// Removes it. False: there is none.
pub fn remove(tx: &Tx<'_>, id: CannedId) -> Result<bool> {
    let Some(before) = stored(tx, id)? else {
        return Ok(false);
    };
    tx.execute(
        "DELETE FROM canned WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into()],
    )?;
    withdraw(tx, &before);
    Ok(true)
}

/// It was used once more. Announced when that is news: see [`Canned::is_use_news`].
pub fn note_use(tx: &Tx<'_>, id: CannedId) -> Result<()> {
    let Some(Stored { canned, used, .. }) = stored(tx, id)? else {
        return Ok(());
    };
    let used = used + 1;
    if Canned::is_use_news(used, canned.used) {
        return put(tx, &Canned { used, ..canned });
    }
    tx.execute(
        "UPDATE canned SET used = $3 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), used.into()],
    )?;
    Ok(())
}

fn withdraw(tx: &Tx<'_>, stored: &Stored) {
    tx.del(
        stream_of(&stored.canned),
        stored.rev,
        EntityKind::Canned,
        stored.canned.id.to_string(),
    );
}

fn stored(reader: &Reader<'_>, id: CannedId) -> Result<Option<Stored>> {
    reader
        .query_one(
            "SELECT body, used, rev FROM canned WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| {
            Ok::<_, DbError>(Stored {
                canned: row.json(0)?,
                used: row.uint(1)?,
                rev: row.uint(2)?,
            })
        })
        .transpose()
}

fn group_of(canned: &Canned) -> Option<GroupId> {
    match canned.draft.scope {
        CannedScope::Group { group } => Some(group),
        CannedScope::All | CannedScope::Own => None,
    }
}

fn stream_of(canned: &Canned) -> StreamKind {
    group_of(canned).map_or(StreamKind::Config, StreamKind::Group)
}
