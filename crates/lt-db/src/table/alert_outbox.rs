//! What is to be sent of alerts and of reports, and what was: one row for each person, step and way.

use lt_model::{
    Millis,
    alert::notify::{Notification, NotifyChannel},
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

/// Those of an alert that wait for one person by one way.
pub fn waiting(
    reader: &Reader<'_>,
    alert_id: AlertId,
    (agent, channel): (AgentId, NotifyChannel),
) -> Result<Vec<Notification>> {
    reader
        .query(
            "SELECT body FROM alert_outbox WHERE tenant = $1 AND alert = $2 AND agent = $3
                 AND channel = $4 AND state = 'pending' ORDER BY step",
            &[
                reader.tenant().into(),
                alert_id.into(),
                agent.into(),
                channel.name().into(),
            ],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// Those of alerts that are to be sent one way by now, the earliest first.
pub fn due_alerts(
    reader: &Reader<'_>,
    channel: NotifyChannel,
    now: Millis,
    limit: u64,
) -> Result<Vec<Notification>> {
    due(reader, ("NOT EXISTS", channel), now, limit)
}

/// Those of reports that are to be sent by now, the earliest first.
pub fn due_reports(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<Notification>> {
    due(reader, ("EXISTS", NotifyChannel::Email), now, limit)
}

fn due(
    reader: &Reader<'_>,
    (exists, channel): (&str, NotifyChannel),
    now: Millis,
    limit: u64,
) -> Result<Vec<Notification>> {
    let by = channel.name().into();
    reader
        .query(
            &due_statement(exists),
            &[reader.tenant().into(), now.into(), limit.into(), by],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// Of rows of which a report exists or not. The state is said in the statement itself, so that the index
/// of what is pending is known to do.
fn due_statement(exists: &str) -> String {
    format!(
        "SELECT o.body FROM alert_outbox o
         WHERE o.tenant = $1 AND o.state = 'pending' AND o.next_at <= $2 AND o.channel = $4
             AND {exists}
             (SELECT 1 FROM report r WHERE r.tenant = o.tenant AND r.id = o.alert)
         ORDER BY o.next_at LIMIT $3"
    )
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

#[cfg(test)]
mod tests {
    use lt_seal::Key32;

    use super::*;
    use crate::{Db, DbError};

    /// What was sent stays for months: it is not looked through each second.
    #[test]
    fn what_is_due_is_found_by_its_index() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("lingtai.db"), &Key32::new([7; 32])).unwrap();
        for exists in ["EXISTS", "NOT EXISTS"] {
            let explained = format!("EXPLAIN QUERY PLAN {}", due_statement(exists));
            let plan = db.read(|reader| {
                let mut plan = Vec::new();
                for row in reader.query(
                    &explained,
                    &[1_u64.into(), 2_u64.into(), 3_u64.into(), "sms".into()],
                )? {
                    plan.push(row.text(3)?.to_owned());
                }
                Ok::<_, DbError>(plan)
            });
            let plan = plan.unwrap().join("\n");
            assert!(
                plan.contains("alert_outbox_due")
                    && !plan.contains("SCAN o")
                    && !plan.contains("SCAN r")
                    && !plan.contains("TEMP B-TREE"),
                "{plan}"
            );
        }
    }
}
