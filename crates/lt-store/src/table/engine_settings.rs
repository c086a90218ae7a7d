//! Versions of the engine's settings.

use lt_model::engine::EngineSettings;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result, StoreError,
    sql::{from_json, json},
};

/// All versions, the newest first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<EngineSettings>> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM engine_settings ORDER BY version DESC")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "engine settings"))
        .collect()
}

/// The version that counts.
pub(crate) fn current(connection: &Connection) -> Result<Option<EngineSettings>> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM engine_settings ORDER BY version DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "engine settings"))
        .transpose()
}

/// Takes a version of the server; one never changes.
pub(crate) fn put(tx: &Transaction<'_>, settings: &EngineSettings) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO engine_settings (version, body) VALUES (?1, ?2)")?
        .execute(params![settings.version, json(settings)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, id: &str) -> Result<()> {
    let version: u32 = id.parse().map_err(|_| StoreError::Unreadable("row id"))?;
    tx.prepare_cached("DELETE FROM engine_settings WHERE version = ?1")?
        .execute([version])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM engine_settings", [])?;
    Ok(())
}
