//! Sources of messages.

use lt_model::{id::InboxId, inbox::Inbox};
use rusqlite::{Connection, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

pub(crate) fn all(connection: &Connection) -> Result<Vec<Inbox>> {
    let mut statement = connection.prepare_cached("SELECT body FROM inbox ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "inbox")).collect()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, row: &Inbox, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO inbox (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= inbox.rev",
    )?
    .execute(params![row.id.blob(), int(rev), json(row)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, id: InboxId) -> Result<()> {
    tx.prepare_cached("DELETE FROM inbox WHERE id = ?1")?
        .execute([id.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM inbox", [])?;
    Ok(())
}
