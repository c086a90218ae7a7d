//! Settings of this installation.

use lt_protocol::view::Settings;
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::{
    Result,
    sql::{from_json, json},
};

/// The settings are read and written as one.
const KEY: &str = "settings";

pub(crate) fn get(connection: &Connection) -> Result<Settings> {
    let stored: Option<String> = connection
        .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
        .query_row([KEY], |row| row.get(0))
        .optional()?;
    stored.map_or_else(
        || Ok(Settings::default()),
        |text| from_json(&text, "settings"),
    )
}

pub(crate) fn put(tx: &Transaction<'_>, settings: &Settings) -> Result<()> {
    tx.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [KEY, &json(settings)?],
    )?;
    Ok(())
}
