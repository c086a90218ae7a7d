//! For how long a desk shows what it has without the server: a right that was taken, or an account
//! that was frozen, ends here at the latest when this ends.

use lt_model::Millis;
use rusqlite::Connection;

use crate::{
    Result, Store,
    table::meta::{self, REACHED_AT, SYNCED_AT},
};

/// So long a desk shows what it has without having reached the server.
pub const OFFLINE_LEASE_MS: Millis = 72 * 3_600_000;
/// A clock that is further behind the last contact than this was put back.
const CLOCK_SLACK_MS: Millis = 24 * 3_600_000;

impl Store {
    /// When the server was there last; none where it never was, so that there is nothing to show.
    ///
    /// # Errors
    /// [`crate::StoreError::Damaged`] and the like.
    pub fn reached_at(&self) -> Result<Option<Millis>> {
        self.read(reached_at)
    }

    /// The server is there.
    ///
    /// # Errors
    /// [`crate::StoreError::Full`] and the like.
    pub fn note_reached(&self, now: Millis) -> Result<()> {
        self.write(|tx, _| meta::set(tx, REACHED_AT, &now.to_string()))
            .map(drop)
    }

    /// Whether the desk has been without the server for too long to show what it has.
    ///
    /// # Errors
    /// [`crate::StoreError::Damaged`] and the like.
    pub fn lease_ended(&self, now: Millis) -> Result<bool> {
        Ok(self.reached_at()?.is_some_and(|at| is_over(at, now)))
    }
}

pub(crate) fn reached_at(connection: &Connection) -> Result<Option<Millis>> {
    let reached_at = meta::get_int(connection, REACHED_AT)?;
    Ok(reached_at.or(meta::get_int(connection, SYNCED_AT)?))
}

pub(crate) fn is_over(reached_at: Millis, now: Millis) -> bool {
    let away = now.saturating_sub(reached_at);
    !(-CLOCK_SLACK_MS..=OFFLINE_LEASE_MS).contains(&away)
}
