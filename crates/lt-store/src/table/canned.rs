//! Canned replies: the server's, and the agent's own, which never leave this desk.

use lt_model::{canned::Canned, id::CannedId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

/// The server's and one's own, in no order.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Canned>> {
    let mut statement = connection
        .prepare_cached("SELECT body FROM canned UNION ALL SELECT body FROM own_canned")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "canned reply")).collect()
}

/// Takes one of the server.
pub(crate) fn put(tx: &Transaction<'_>, canned: &Canned, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO canned (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= canned.rev",
    )?
    .execute(params![canned.id.blob(), int(rev), json(canned)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, id: CannedId) -> Result<()> {
    tx.prepare_cached("DELETE FROM canned WHERE id = ?1")?
        .execute([id.blob()])?;
    Ok(())
}

/// Keeps one of the agent's own.
pub(crate) fn put_own(tx: &Transaction<'_>, canned: &Canned) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO own_canned (id, body) VALUES (?1, ?2)")?
        .execute(params![canned.id.blob(), json(canned)?])?;
    Ok(())
}

/// One of the agent's own was used once more. False: it is none.
pub(crate) fn use_own(tx: &Transaction<'_>, id: CannedId) -> Result<bool> {
    let n_changed = tx
        .prepare_cached(
            "UPDATE own_canned SET body = json_set(body, '$.used', (body ->> '$.used') + 1)
             WHERE id = ?1",
        )?
        .execute([id.blob()])?;
    Ok(n_changed > 0)
}

/// Removes one of the agent's own.
pub(crate) fn delete_own(tx: &Transaction<'_>, id: CannedId) -> Result<bool> {
    let n_changed = tx
        .prepare_cached("DELETE FROM own_canned WHERE id = ?1")?
        .execute([id.blob()])?;
    Ok(n_changed > 0)
}

/// One of the agent's own.
pub(crate) fn own(connection: &Connection, id: CannedId) -> Result<Option<Canned>> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM own_canned WHERE id = ?1")?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "canned reply"))
        .transpose()
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM canned", [])?;
    Ok(())
}

pub(crate) fn clear_own(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM own_canned", [])?;
    Ok(())
}
