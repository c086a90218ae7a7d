//! Colleagues and oneself.

use lt_model::{agent::Agent, id::AgentId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

/// All of them as they are shown, by id.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Agent>> {
    let mut statement =
        connection.prepare_cached("SELECT coalesce(local, server) FROM agent ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "agent")).collect()
}

pub(crate) fn server(connection: &Connection, agent: AgentId) -> Result<Option<Agent>> {
    one(connection, "SELECT server FROM agent WHERE id = ?1", agent)
}

pub(crate) fn shown(connection: &Connection, agent: AgentId) -> Result<Option<Agent>> {
    one(
        connection,
        "SELECT coalesce(local, server) FROM agent WHERE id = ?1",
        agent,
    )
}

fn one(connection: &Connection, sql: &str, agent: AgentId) -> Result<Option<Agent>> {
    let body: Option<String> = connection
        .prepare_cached(sql)?
        .query_row([agent.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "agent")).transpose()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, agent: &Agent, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO agent (id, rev, server) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, server = excluded.server
         WHERE excluded.rev >= agent.rev",
    )?
    .execute(params![agent.id.blob(), int(rev), json(agent)?])?;
    Ok(())
}

pub(crate) fn set_local(tx: &Transaction<'_>, agent: AgentId, local: Option<&Agent>) -> Result<()> {
    let local = local.map(json).transpose()?;
    tx.prepare_cached("UPDATE agent SET local = ?2 WHERE id = ?1")?
        .execute(params![agent.blob(), local])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, agent: AgentId) -> Result<()> {
    tx.prepare_cached("DELETE FROM agent WHERE id = ?1")?
        .execute([agent.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM agent", [])?;
    Ok(())
}
