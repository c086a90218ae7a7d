//! The steps of the schema, in PostgreSQL's words. Their numbers and names are those of the
//! embedded back end's steps; a step that is about how PostgreSQL keeps its pages is here alone.

use postgres::Client;

use crate::error::{DbError, Result};

/// Number, and statements. A merged one is never edited.
const STEPS: &[(i64, &str)] = &[
    (
        1,
        include_str!("../../../../migrations/server/postgres/0001_base.sql"),
    ),
    (
        3,
        include_str!("../../../../migrations/server/postgres/0003_learning.sql"),
    ),
    (
        4,
        include_str!("../../../../migrations/server/postgres/0004_engine_settings.sql"),
    ),
    (
        5,
        include_str!("../../../../migrations/server/postgres/0005_live_rows.sql"),
    ),
    (
        6,
        include_str!("../../../../migrations/server/postgres/0006_routing.sql"),
    ),
    (
        7,
        include_str!("../../../../migrations/server/postgres/0007_tickets.sql"),
    ),
    (
        8,
        include_str!("../../../../migrations/server/postgres/0008_conversation.sql"),
    ),
    (
        9,
        include_str!("../../../../migrations/server/postgres/0009_attachments.sql"),
    ),
    (
        10,
        include_str!("../../../../migrations/server/postgres/0010_people.sql"),
    ),
    (
        11,
        include_str!("../../../../migrations/server/postgres/0011_room.sql"),
    ),
    (
        12,
        include_str!("../../../../migrations/server/postgres/0012_presence.sql"),
    ),
    (
        13,
        include_str!("../../../../migrations/server/postgres/0013_metrics.sql"),
    ),
    (
        14,
        include_str!("../../../../migrations/server/postgres/0014_alerts.sql"),
    ),
    (
        15,
        include_str!("../../../../migrations/server/postgres/0015_surveys.sql"),
    ),
    (
        18,
        include_str!("../../../../migrations/server/postgres/0018_surges.sql"),
    ),
    (
        19,
        include_str!("../../../../migrations/server/postgres/0019_quality.sql"),
    ),
    (
        20,
        include_str!("../../../../migrations/server/postgres/0020_reports.sql"),
    ),
    (
        21,
        include_str!("../../../../migrations/server/postgres/0021_attachments_of_a_day.sql"),
    ),
    (
        22,
        include_str!("../../../../migrations/server/postgres/0022_numbers_by_group.sql"),
    ),
    (
        23,
        include_str!("../../../../migrations/server/postgres/0023_device_shares.sql"),
    ),
];

/// Names the lock that is held while steps are made: several processes may start at once.
const MIGRATING: i64 = 0x6c69_6e67_7461_6d00;

/// Makes all steps that are missing, in one transaction.
pub(super) fn migrate(client: &mut Client) -> Result<()> {
    migrate_to(client, i64::MAX)
}

/// Makes those that are missing, up to the one of a number.
fn migrate_to(client: &mut Client, last: i64) -> Result<()> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(&format!(
        "SELECT pg_advisory_xact_lock({MIGRATING});
         CREATE TABLE IF NOT EXISTS schema_step (
             -- Which steps of the schema this database has.
             n       BIGINT PRIMARY KEY,
             made_at TIMESTAMPTZ NOT NULL DEFAULT now()
         )"
    ))?;
    let rows = transaction.query("SELECT n FROM schema_step", &[])?;
    let made: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    if made
        .iter()
        .any(|n| !STEPS.iter().any(|(known, _)| known == n))
    {
        return Err(DbError::Newer);
    }
    for (n, statements) in STEPS {
        if *n <= last && !made.contains(n) {
            transaction.batch_execute(statements)?;
            transaction.execute("INSERT INTO schema_step (n) VALUES ($1)", &[n])?;
        }
    }
    Ok(transaction.commit()?)
}

#[cfg(all(test, feature = "raw"))]
mod tests;
