//! What the agent at this desk set for themselves, as the server has it.

use lt_model::id::AgentId;
use lt_protocol::personal::AgentSettings;
use rusqlite::{Connection, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

pub(crate) fn all(connection: &Connection) -> Result<Vec<AgentSettings>> {
    let mut statement = connection.prepare_cached("SELECT body FROM agent_settings ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "settings of the agent"))
        .collect()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, row: &AgentSettings, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO agent_settings (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= agent_settings.rev",
    )?
    .execute(params![row.id.blob(), int(rev), json(row)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, id: AgentId) -> Result<()> {
    tx.prepare_cached("DELETE FROM agent_settings WHERE id = ?1")?
        .execute([id.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM agent_settings", [])?;
    Ok(())
}
