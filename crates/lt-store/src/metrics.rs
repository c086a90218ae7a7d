//! The numbers of the service, kept so that charts open without the server.
//!
//! **Invariant:** cells come from the server alone and are kept with the version that they go to, in
//! one transaction: what was kept is asked for no more, and nothing is passed over.

use std::collections::BTreeSet;

use lt_model::{
    Millis,
    hours::CHINA_OFFSET_MINUTES,
    id::GroupId,
    metric::{Clock, Dimension, Grain},
};
use lt_protocol::metrics::{CellsAnswer, CellsSeen};
use lt_seal::encode::base64url_decode;

use crate::{
    Result, Store, StoreError,
    store::{Act, require_account},
    table::metric,
};

/// How far the numbers of this desk go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsStand {
    /// What the server had counted.
    pub as_of: Millis,
    /// The generation of its data.
    pub generation: String,
    /// The organisation's clock: minutes ahead of UTC.
    pub utc_offset_minutes: i32,
    /// The groups that the agent may see, each with the version that is here.
    pub groups: Vec<CellsSeen>,
}

impl MetricsStand {
    /// The organisation's clock; China's until the server has told it.
    #[must_use]
    pub fn clock_of(stand: Option<&Self>) -> Clock {
        Clock {
            utc_offset_minutes: stand.map_or(CHINA_OFFSET_MINUTES, |one| one.utc_offset_minutes),
        }
    }
}

/// Cells to look at.
#[derive(Clone, Copy, Debug)]
pub struct CellPick<'p> {
    /// How wide.
    pub grain: Grain,
    /// By what; none: all of a group.
    pub dim: Option<Dimension>,
    /// Of this value only.
    pub value: Option<&'p str>,
    /// Of this group only.
    pub group: Option<GroupId>,
    /// That begin from then on.
    pub from: Millis,
    /// And before then.
    pub to: Millis,
}

/// What came into queue and backlog of a group and has not left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose.
    pub group: GroupId,
    /// Value of the dimension.
    pub value: String,
    /// Conversations in the queue.
    pub queue: i64,
    /// Tickets to be done.
    pub tickets: i64,
}

/// The numbers at one moment.
pub struct MetricsReader<'r> {
    connection: &'r rusqlite::Connection,
}

impl MetricsReader<'_> {
    /// How far they go; none: nothing is here yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn stand(&self) -> Result<Option<MetricsStand>> {
        metric::stand(self.connection)
    }

    /// Shows cells, each with its begin, group, value and bytes, in ascending order of their begins.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn each(
        &self,
        pick: &CellPick<'_>,
        show: impl FnMut(Millis, GroupId, &str, &[u8]) -> Result<()>,
    ) -> Result<()> {
        metric::each(self.connection, pick, show)
    }

    /// Shows cells of all groups together, of this width and period, each with its begin and bytes, in
    /// ascending order of their begins.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn totals(
        &self,
        period: (Grain, Millis, Millis),
        show: impl FnMut(Millis, &[u8]) -> Result<()>,
    ) -> Result<()> {
        metric::totals(self.connection, period, show)
    }

    /// Shows how many conversations were opened, by begin of the bucket and by value.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn opened(&self, pick: &CellPick<'_>, show: impl FnMut(Millis, &str, i64)) -> Result<()> {
        metric::opened(self.connection, pick, show)
    }

    /// What came into queue and backlog in a period and has not left, by group and value.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn standing(&self, pick: &CellPick<'_>) -> Result<Vec<Standing>> {
        metric::standing(self.connection, pick)
    }
}

impl Store {
    /// Looks at the numbers; everything is of one moment.
    ///
    /// # Errors
    /// What the closure returns, or when the store cannot be read.
    pub fn metrics<T>(&self, look: impl FnOnce(&MetricsReader<'_>) -> Result<T>) -> Result<T> {
        self.read(|connection| look(&MetricsReader { connection }))
    }

    /// Keeps what the server told. Numbers of another generation of its data, and of groups that the
    /// agent may not see any more, go.
    ///
    /// # Errors
    /// When a cell cannot be read, or the store cannot be written; nothing is kept then.
    pub fn keep_metrics(&self, answer: &CellsAnswer) -> Result<()> {
        self.write(|tx, touched| {
            let before = metric::stand(tx)?;
            match &before {
                Some(before) if before.generation == answer.generation => {
                    let seen: BTreeSet<GroupId> =
                        answer.groups.iter().map(|seen| seen.group).collect();
                    let known = before.groups.iter().map(|seen| seen.group);
                    let gone: Vec<GroupId> = known.filter(|group| !seen.contains(group)).collect();
                    for group in &gone {
                        metric::drop_group(tx, *group)?;
                    }
                    if !gone.is_empty() {
                        metric::total_anew(tx)?;
                    }
                }
                Some(_) => metric::clear(tx)?,
                None => {}
            }
            let mut changed = BTreeSet::new();
            for row in &answer.cells {
                let bytes = base64url_decode(&row.cell)
                    .map_err(|_| StoreError::Unreadable("metric cell"))?;
                let by = (row.dim, row.value.as_str());
                metric::put(tx, (row.grain, row.at), row.group, by, &bytes)?;
                if row.dim.is_none() {
                    changed.insert((row.grain, row.at));
                }
            }
            for bucket in changed {
                metric::total(tx, bucket)?;
            }
            for grain in Grain::ALL {
                if let Some(kept_ms) = grain.kept_ms() {
                    metric::drop_before(tx, grain, answer.as_of - kept_ms)?;
                }
            }
            touched.metrics = true;
            metric::set_stand(
                tx,
                &MetricsStand {
                    as_of: answer.as_of,
                    generation: answer.generation.clone(),
                    utc_offset_minutes: answer.utc_offset_minutes,
                    groups: answer.groups.clone(),
                },
            )
        })?;
        Ok(())
    }

    /// Notes that numbers left this device.
    ///
    /// # Errors
    /// When nobody is signed in, or the store cannot be written.
    pub fn note_metrics_export(&self, now: Millis) -> Result<()> {
        self.write(|tx, _| {
            let account = require_account(tx)?;
            let act = Act::done("metrics.export", "store:desktop".to_owned());
            self.audit(tx, &act, &account, now)
        })
        .map(drop)
    }
}

#[cfg(test)]
mod tests;
