//! Versions of the engine's settings.

use lt_model::{change::StreamKind, engine::EngineSettings, id::AgentId};
use lt_protocol::sync::Entity;

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::{Value, json},
};

/// The version that counts; none while the engine is as shipped.
pub fn current(reader: &Reader<'_>) -> Result<Option<EngineSettings>> {
    reader
        .query_one(
            "SELECT body FROM engine_settings WHERE tenant = $1 ORDER BY version DESC LIMIT 1",
            &[reader.tenant().into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// One version.
pub fn get(reader: &Reader<'_>, version: u32) -> Result<Option<EngineSettings>> {
    reader
        .query_one(
            "SELECT body FROM engine_settings WHERE tenant = $1 AND version = $2",
            &[reader.tenant().into(), version.into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// Adds a version and announces it. `author`: none where the server made it.
pub fn insert(tx: &Tx<'_>, settings: &EngineSettings, author: Option<AgentId>) -> Result<()> {
    tx.execute(
        "INSERT INTO engine_settings (tenant, version, at, author, body)
         VALUES ($1, $2, $3, $4, $5)",
        &[
            tx.tenant().into(),
            settings.version.into(),
            settings.at.into(),
            author.map_or(Value::Null, Value::from),
            json(settings)?,
        ],
    )?;
    let entity = Entity::EngineSettings(Box::new(settings.clone()));
    tx.put(StreamKind::Config, u64::from(settings.version), entity);
    Ok(())
}
