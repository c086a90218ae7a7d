//! The desk's own checksum of every stream: the wrapping sum over its rows of a hash of kind, id and
//! revision, kept up with every row and compared with the server's at every checkpoint.
//!
//! A sum that is kept up tells of rows that went astray on the way. It knows nothing of rows that the
//! store lost by itself: so the sum is counted from the rows again at the first checkpoint after the
//! store was opened, and every [`COUNT_EVERY_MS`] after that.

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use lt_model::{Millis, change::EntityKind};
use lt_protocol::sync::{StreamSum, row_checksum};
use rusqlite::{Connection, Transaction};

use crate::{
    Result, Store,
    sql::key_text,
    table::{meta, row_stream, stream},
};

/// Counting a stream of 50,000 rows takes a fraction of a second, which nobody minds this often.
const COUNT_EVERY_MS: Millis = 10 * 60_000;
/// A stream that was fetched again and still differs is left for so long: it would not help.
const HEAL_EVERY_MS: Millis = 60_000;

/// When a stream was looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted {
    counted_at: Option<Millis>,
    healed_at: Option<Millis>,
}

impl Store {
    /// Compares the server's sums with those here, and gives the streams whose sums differ.
    pub(crate) fn compare(
        &self,
        tx: &Transaction<'_>,
        sums: &[StreamSum],
        now: Millis,
    ) -> Result<Vec<u64>> {
        let mut diverged = Vec::new();
        for StreamSum { stream: id, chk } in sums {
            // One that is known to differ has been asked for already.
            if stream::is_unsound(tx, *id)? || self.own_sum(tx, *id, now)? == *chk {
                continue;
            }
            let healed_at = self.counted().get(id).and_then(|seen| seen.healed_at);
            if is_within(healed_at, HEAL_EVERY_MS, now) {
                tracing::error!(
                    stream = id,
                    "the rows still differ after they were fetched again"
                );
                continue;
            }
            tracing::warn!(
                stream = id,
                "the rows here are not those of the server: they are fetched again"
            );
            stream::set_suspect(tx, *id)?;
            meta::count_healed(tx)?;
            diverged.push(*id);
        }
        Ok(diverged)
    }

    fn own_sum(&self, tx: &Transaction<'_>, id: u64, now: Millis) -> Result<u64> {
        let counted_at = self.counted().get(&id).and_then(|seen| seen.counted_at);
        if let Some(sum) = stream::sum(tx, id)?
            && is_within(counted_at, COUNT_EVERY_MS, now)
        {
            return Ok(sum);
        }
        self.count_anew(tx, id, now)
    }

    fn count_anew(&self, tx: &Transaction<'_>, id: u64, now: Millis) -> Result<u64> {
        let sum = of_rows(tx, id)?;
        stream::set_sum(tx, id, sum)?;
        self.counted().entry(id).or_default().counted_at = Some(now);
        Ok(sum)
    }

    /// The stream was fetched again.
    pub(crate) fn note_healed(&self, tx: &Transaction<'_>, id: u64, now: Millis) -> Result<()> {
        self.count_anew(tx, id, now)?;
        self.counted().entry(id).or_default().healed_at = Some(now);
        Ok(())
    }

    fn counted(&self) -> MutexGuard<'_, BTreeMap<u64, Counted>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was put back makes nothing recent.
fn is_within(then: Option<Millis>, span: Millis, now: Millis) -> bool {
    then.is_some_and(|then| (0..span).contains(&now.saturating_sub(then)))
}

/// The sum of a stream, counted from the rows that are here.
pub(crate) fn of_rows(connection: &Connection, id: u64) -> Result<u64> {
    let mut sum = 0_u64;
    row_stream::present(connection, id, |kind, row, rev| {
        sum = sum.wrapping_add(row_checksum(kind, &key_text(row)?, rev));
        Ok(())
    })?;
    Ok(sum)
}

/// Sums of the streams that a transaction writes to.
#[derive(Debug, Default)]
pub(crate) struct Sums(BTreeMap<u64, Tally>);

#[derive(Debug)]
struct Tally {
    sum: Option<u64>,
    /// Number of the snapshot that is being fetched, or 0.
    mark: u64,
}

impl Sums {
    /// The number with which rows of the stream are marked.
    pub(crate) fn mark(&mut self, tx: &Transaction<'_>, id: u64) -> Result<u64> {
        Ok(self.tally(tx, id)?.mark)
    }

    /// A row of the stream had a revision before, or none, and has another now, or none.
    pub(crate) fn replace(
        &mut self,
        tx: &Transaction<'_>,
        id: u64,
        (kind, row): (EntityKind, &str),
        before: Option<u64>,
        now: Option<u64>,
    ) -> Result<()> {
        let hash = |rev: Option<u64>| rev.map_or(0, |rev| row_checksum(kind, row, rev));
        let tally = self.tally(tx, id)?;
        if before != now {
            tally.sum = tally
                .sum
                .map(|sum| sum.wrapping_sub(hash(before)).wrapping_add(hash(now)));
        }
        Ok(())
    }

    /// Keeps them, in the transaction that wrote the rows.
    pub(crate) fn store(&self, tx: &Transaction<'_>) -> Result<()> {
        for (id, tally) in &self.0 {
            if let Some(sum) = tally.sum {
                stream::set_sum(tx, *id, sum)?;
            }
        }
        Ok(())
    }

    fn tally(&mut self, tx: &Transaction<'_>, id: u64) -> Result<&mut Tally> {
        use std::collections::btree_map::Entry;
        match self.0.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(Tally {
                sum: stream::sum(tx, id)?,
                mark: stream::snapshot(tx, id)?.map_or(0, |snapshot| snapshot.n),
            })),
        }
    }
}
