//! How far the numbers go. Whoever takes a step moves it on from where they read it, so that no step is
//! taken twice and two processes do not take the same one.

use lt_model::Millis;

use crate::{
    error::Result,
    seam::{Reader, Tx},
};

/// How far they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricState {
    /// Up to which act.
    pub acts: u64,
    /// How many states of cells there have been: the version of the last one.
    pub version: u64,
    /// The moment of which they are.
    pub as_of: Millis,
    /// The clock by which cells begin: minutes ahead of UTC.
    pub utc_offset_minutes: i32,
}

/// How far they go; none before the first step.
pub fn get(reader: &Reader<'_>) -> Result<Option<MetricState>> {
    reader
        .query_one(
            "SELECT acts, version, as_of, utc_offset_minutes FROM metric_state WHERE tenant = $1",
            &[reader.tenant().into()],
        )?
        .map(|row| {
            Ok(MetricState {
                acts: row.uint(0)?,
                version: row.uint(1)?,
                as_of: row.int(2)?,
                utc_offset_minutes: i32::try_from(row.int(3)?).unwrap_or(0),
            })
        })
        .transpose()
}

/// Moves it on. False: somebody else did meanwhile, and nothing is to be written.
pub fn advance(tx: &Tx<'_>, from: Option<&MetricState>, to: &MetricState) -> Result<bool> {
    let n_rows = match from {
        Some(from) => tx.execute(
            "UPDATE metric_state SET acts = $2, version = $3, as_of = $4
             WHERE tenant = $1 AND acts = $5 AND version = $6 AND as_of = $7",
            &[
                tx.tenant().into(),
                to.acts.into(),
                to.version.into(),
                to.as_of.into(),
                from.acts.into(),
                from.version.into(),
                from.as_of.into(),
            ],
        )?,
        None => tx.execute(
            "INSERT INTO metric_state (tenant, acts, version, as_of, utc_offset_minutes)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant) DO NOTHING",
            &[
                tx.tenant().into(),
                to.acts.into(),
                to.version.into(),
                to.as_of.into(),
                i64::from(to.utc_offset_minutes).into(),
            ],
        )?,
    };
    Ok(n_rows > 0)
}
