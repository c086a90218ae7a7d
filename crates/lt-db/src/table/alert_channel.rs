//! How ways out of the server are set up.

use lt_model::{Millis, alert::notify::NotifyChannel};
use lt_protocol::alert::ChannelSettings;
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::json,
};

/// One way.
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredChannel {
    /// Its settings.
    pub settings: ChannelSettings,
    /// Whether it is used.
    pub enabled: bool,
    /// Its secret, sealed by whoever stores it; empty for none.
    pub sealed: String,
    /// Who changed it last.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// Those that are set up.
pub fn all(reader: &Reader<'_>) -> Result<Vec<StoredChannel>> {
    reader
        .query(
            "SELECT body FROM alert_channel WHERE tenant = $1 ORDER BY channel",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// One.
pub fn get(reader: &Reader<'_>, channel: NotifyChannel) -> Result<Option<StoredChannel>> {
    reader
        .query_one(
            "SELECT body FROM alert_channel WHERE tenant = $1 AND channel = $2",
            &[reader.tenant().into(), channel.name().into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// Keeps one.
pub fn put(tx: &Tx<'_>, one: &StoredChannel) -> Result<()> {
    tx.execute(
        "INSERT INTO alert_channel (tenant, channel, body) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, channel) DO UPDATE SET body = excluded.body",
        &[
            tx.tenant().into(),
            one.settings.channel().name().into(),
            json(one)?,
        ],
    )?;
    Ok(())
}
