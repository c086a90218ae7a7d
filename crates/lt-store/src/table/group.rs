//! Skill groups.

use lt_model::{agent::SkillGroup, id::GroupId};
use rusqlite::{Connection, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

pub(crate) fn all(connection: &Connection) -> Result<Vec<SkillGroup>> {
    let mut statement = connection.prepare_cached("SELECT body FROM skill_group ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "skill group")).collect()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, group: &SkillGroup, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO skill_group (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= skill_group.rev",
    )?
    .execute(params![group.id.blob(), int(rev), json(group)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, group: GroupId) -> Result<()> {
    tx.prepare_cached("DELETE FROM skill_group WHERE id = ?1")?
        .execute([group.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM skill_group", [])?;
    Ok(())
}
