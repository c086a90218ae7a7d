//! What is to be sent of alerts, and what was: one row for each person, step and way.

use lt_model::{
    Millis,
    alert::notify::{DeliveryState, Notification, NotifyChannel},
    id::{AgentId, AlertId},
};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::{Row, Value, json, word},
};

/// Which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The alert.
    pub alert_id: AlertId,
    /// The time of telling.
    pub step: u8,
    /// Whom; none for a system.
    pub agent: Option<AgentId>,
    /// How.
    pub channel: NotifyChannel,
}

impl Key {
    /// Of a row.
    #[must_use]
    pub fn of(one: &Notification) -> Self {
        Self {
            alert_id: one.alert_id,
            step: one.step,
            agent: one.agent,
            channel: one.channel,
        }
    }

    fn values(self, reader: &Reader<'_>) -> [Value; 5] {
        let agent = self.agent.map_or(Value::Blob(Vec::new()), Value::from);
        [
            reader.tenant().into(),
            self.alert_id.into(),
            u64::from(self.step).into(),
            agent,
            self.channel.name().into(),
        ]
    }
}

/// Puts one in, unless it is there. False: it is.
pub fn insert(tx: &Tx<'_>, one: &Notification) -> Result<bool> {
    let mut values = Key::of(one).values(tx).to_vec();
    values.extend([
        word(&one.state)?,
        one.next_at.into(),
        one.at.into(),
        json(one)?,
    ]);
    let n_new = tx.execute(
        "INSERT INTO alert_outbox (tenant, alert, step, agent, channel, state, next_at, at, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant, alert, step, agent, channel) DO NOTHING",
        &values,
    )?;
    Ok(n_new > 0)
}

/// Keeps what became of one.
pub fn update(tx: &Tx<'_>, one: &Notification) -> Result<()> {
    let mut values = Key::of(one).values(tx).to_vec();
    values.extend([word(&one.state)?, one.next_at.into(), json(one)?]);
    tx.execute(
        "UPDATE alert_outbox SET state = $6, next_at = $7, body = $8
         WHERE tenant = $1 AND alert = $2 AND step = $3 AND agent = $4 AND channel = $5",
        &values,
    )?;
    Ok(())
}

/// One.
pub fn get(reader: &Reader<'_>, key: Key) -> Result<Option<Notification>> {
    reader
        .query_one(
            "SELECT body FROM alert_outbox
             WHERE tenant = $1 AND alert = $2 AND step = $3 AND agent = $4 AND channel = $5",
            &key.values(reader),
        )?
        .map(|row: Row| row.json(0))
        .transpose()
}

/// Those that are to be sent by now, the earliest first.
pub fn due(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<Notification>> {
    let pending = word(&DeliveryState::Pending)?;
    reader
        .query(
            "SELECT body FROM alert_outbox WHERE tenant = $1 AND state = $4 AND next_at <= $2
             ORDER BY next_at LIMIT $3",
            &[reader.tenant().into(), now.into(), limit.into(), pending],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The newest ones.
pub fn newest(reader: &Reader<'_>, limit: u64) -> Result<Vec<Notification>> {
    reader
        .query(
            "SELECT body FROM alert_outbox WHERE tenant = $1
             ORDER BY at DESC, alert DESC, step DESC LIMIT $2",
            &[reader.tenant().into(), limit.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}
