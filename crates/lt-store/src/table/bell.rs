//! What the agent was told, read and written as one.

use lt_protocol::bell::BellLine;
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    sql::{from_json, json},
};

const KEY: &str = "bell";

/// The lines, the oldest first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Bell {
    pub(crate) lines: Vec<BellLine>,
    /// Lines after this number have not been seen.
    pub(crate) seen: u32,
}

pub(crate) fn get(connection: &Connection) -> Result<Bell> {
    let stored: Option<String> = connection
        .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
        .query_row([KEY], |row| row.get(0))
        .optional()?;
    stored.map_or_else(|| Ok(Bell::default()), |text| from_json(&text, "bell"))
}

pub(crate) fn put(tx: &Transaction<'_>, bell: &Bell) -> Result<()> {
    tx.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [KEY, &json(bell)?],
    )?;
    Ok(())
}
