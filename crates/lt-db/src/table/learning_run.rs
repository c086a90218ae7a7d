//! What came of each run of learning: counts, no texts.

use lt_model::Millis;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    table::counter,
    value::json,
};

/// A run.
pub struct Run<R> {
    /// When.
    pub at: Millis,
    /// Up to which pick it had read.
    pub last_pick: u64,
    /// What came of it.
    pub report: R,
}

/// Stores what came of a run.
pub fn insert<R: Serialize>(tx: &Tx<'_>, run: &Run<R>) -> Result<()> {
    tx.execute(
        "INSERT INTO learning_run (tenant, n, at, last_pick, report) VALUES ($1, $2, $3, $4, $5)",
        &[
            tx.tenant().into(),
            counter::next(tx, "learning_run")?.into(),
            run.at.into(),
            run.last_pick.into(),
            json(&run.report)?,
        ],
    )?;
    Ok(())
}

/// The last run.
pub fn last<R: DeserializeOwned>(reader: &Reader<'_>) -> Result<Option<Run<R>>> {
    reader
        .query_one(
            "SELECT at, last_pick, report FROM learning_run WHERE tenant = $1
             ORDER BY n DESC LIMIT 1",
            &[reader.tenant().into()],
        )?
        .map(|row| {
            Ok(Run {
                at: row.int(0)?,
                last_pick: row.uint(1)?,
                report: row.json(2)?,
            })
        })
        .transpose()
}
