//! Who works in which group.

use lt_model::id::{AgentId, GroupId};

use crate::{
    error::Result,
    seam::{Reader, Tx},
};

/// The groups of an agent.
pub fn of(reader: &Reader<'_>, agent: AgentId) -> Result<Vec<GroupId>> {
    reader
        .query(
            "SELECT grp FROM agent_group WHERE tenant = $1 AND agent = $2 ORDER BY grp",
            &[reader.tenant().into(), agent.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Who works where, of all.
pub fn all(reader: &Reader<'_>) -> Result<Vec<(AgentId, GroupId)>> {
    reader
        .query(
            "SELECT agent, grp FROM agent_group WHERE tenant = $1 ORDER BY agent, grp",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| Ok((row.id(0)?, row.id(1)?)))
        .collect()
}

/// Takes an agent into a group. Announce the agent after it, with
/// [`crate::table::agent::announce`].
pub fn insert(tx: &Tx<'_>, agent: AgentId, group: GroupId) -> Result<()> {
    tx.execute(
        "INSERT INTO agent_group (tenant, agent, grp) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, agent, grp) DO NOTHING",
        &[tx.tenant().into(), agent.into(), group.into()],
    )?;
    tx.access_changed(agent);
    Ok(())
}

/// Takes an agent out of a group. Announce the agent after it, with
/// [`crate::table::agent::announce`].
pub fn remove(tx: &Tx<'_>, agent: AgentId, group: GroupId) -> Result<()> {
    tx.execute(
        "DELETE FROM agent_group WHERE tenant = $1 AND agent = $2 AND grp = $3",
        &[tx.tenant().into(), agent.into(), group.into()],
    )?;
    tx.access_changed(agent);
    Ok(())
}
