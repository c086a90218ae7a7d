//! The bell: what the agent was told, kept so that it can be read again.

use lt_model::Millis;
use lt_protocol::bell::{BellLine, BellNews, BellView};
use rusqlite::Transaction;

use crate::{Change, Result, Store, table::bell};

/// Lines that are kept; the oldest goes first.
const MOST_LINES: usize = 200;

/// Keeps what happens once only, with what it comes of. Returns whether it is new.
pub(crate) fn ring_once(tx: &Transaction<'_>, what: BellNews, at: Millis) -> Result<bool> {
    let mut kept = bell::get(tx)?;
    if kept.lines.iter().any(|line| line.what == what) {
        return Ok(false);
    }
    push(&mut kept, what, at);
    bell::put(tx, &kept)?;
    Ok(true)
}

fn push(kept: &mut bell::Bell, what: BellNews, at: Millis) {
    let n = kept.lines.last().map_or(kept.seen, |last| last.n) + 1;
    kept.lines.push(BellLine { n, at, what });
    let old = kept.lines.len().saturating_sub(MOST_LINES);
    kept.lines.drain(..old);
}

impl Store {
    /// What the agent was told, the newest first.
    ///
    /// # Errors
    /// [`crate::StoreError::Damaged`] and the like.
    pub fn bell(&self) -> Result<BellView> {
        let bell::Bell { mut lines, seen } = self.read(bell::get)?;
        lines.reverse();
        let n_new = lines.iter().take_while(|line| line.n > seen).count();
        Ok(BellView {
            lines,
            seen,
            n_new: u32::try_from(n_new).unwrap_or(u32::MAX),
        })
    }

    /// Keeps what the agent is told.
    ///
    /// # Errors
    /// [`crate::StoreError::Full`] and the like.
    pub fn ring(&self, told: Vec<BellNews>, at: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            let mut kept = bell::get(tx)?;
            for what in told {
                // What says the same again and was not seen yet is said once.
                let seen = kept.seen;
                kept.lines
                    .retain(|line| line.n <= seen || line.what != what);
                push(&mut kept, what, at);
            }
            touched.bell = true;
            bell::put(tx, &kept)
        })?;
        Ok(change)
    }

    /// The agent has seen the lines up to a number.
    ///
    /// # Errors
    /// See above.
    pub fn bell_seen(&self, up_to: u32) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            let mut kept = bell::get(tx)?;
            let last = kept.lines.last().map_or(kept.seen, |last| last.n);
            kept.seen = kept.seen.max(up_to.min(last));
            touched.bell = true;
            bell::put(tx, &kept)
        })?;
        Ok(change)
    }
}
