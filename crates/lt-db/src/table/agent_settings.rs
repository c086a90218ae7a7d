//! What agents set for themselves. Each is in the stream of its agent alone.

use lt_model::{change::StreamKind, id::AgentId};
use lt_protocol::{personal::AgentSettings, sync::Entity};

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    value::json,
};

/// Those of an agent; none before the first were set.
pub fn of(reader: &Reader<'_>, agent: AgentId) -> Result<Option<AgentSettings>> {
    reader
        .query_one(
            "SELECT body FROM agent_settings WHERE tenant = $1 AND agent = $2",
            &[reader.tenant().into(), agent.into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// Keeps them and tells the agent's desks.
pub fn put(tx: &Tx<'_>, settings: &AgentSettings) -> Result<()> {
    let rev = tx
        .query_one(
            "INSERT INTO agent_settings (tenant, agent, rev, body) VALUES ($1, $2, 1, $3)
             ON CONFLICT (tenant, agent)
                 DO UPDATE SET rev = agent_settings.rev + 1, body = excluded.body
             RETURNING rev",
            &[tx.tenant().into(), settings.id.into(), json(settings)?],
        )?
        .ok_or(DbError::Missing("agent_settings"))?
        .uint(0)?;
    tx.put(
        StreamKind::Agent(settings.id),
        rev,
        Entity::AgentSettings(Box::new(settings.clone())),
    );
    Ok(())
}
