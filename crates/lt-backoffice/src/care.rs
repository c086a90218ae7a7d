//! The state of the data itself.

use lt_db::{Acted, DbError, feed, table::audit};
use lt_model::{
    Millis,
    audit::{Actor, AuditEntry, Outcome},
};
use lt_protocol::code::WireError;

use crate::{backoffice::Backoffice, error::Error};

/// A desktop that was away longer takes a snapshot, ms.
pub const KEEP_CHANGES_MS: Millis = 30 * 24 * 3_600_000;
/// Beyond every number of an act.
const LAST: u64 = i64::MAX.unsigned_abs();

impl Backoffice {
    /// The number of the last act: it tells whether anything happened.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn n_acts(&self) -> Result<u64, WireError> {
        let newest = self.read(|reader| audit::page(reader, LAST, 1))?;
        Ok(newest.first().map_or(0, |(n, _)| *n))
    }

    /// Checks every page of the database and notes in the audit log that it was done and what came
    /// of it: whether all are sound.
    ///
    /// # Errors
    /// When the store cannot be read or written for another reason than damage.
    pub fn check_database(&self, now: Millis) -> Result<bool, WireError> {
        let damage = match self.db.check() {
            Ok(()) => None,
            Err(DbError::Damaged(finding)) => Some(finding),
            Err(other) => return Err(Error::from(other).into()),
        };
        let entry = AuditEntry {
            at: now,
            actor: Actor::System,
            action: "store.check".to_owned(),
            object: "store:server".to_owned(),
            outcome: match damage {
                None => Outcome::Allowed,
                Some(_) => Outcome::Denied,
            },
            reason: damage.clone().unwrap_or_default(),
        };
        self.act(|_| Ok(Acted::logged(Ok(()), entry)))?;
        Ok(damage.is_none())
    }

    /// Throws away changes that no desktop needs that was here within [`KEEP_CHANGES_MS`]: what a
    /// later change of the same row superseded. Returns how many. A desktop that was away longer
    /// fetches the rows anew.
    ///
    /// # Errors
    /// When the store fails.
    pub fn prune_feed(&self, now: Millis) -> Result<usize, WireError> {
        let n_pruned = self.act(|tx| {
            let n_pruned = feed::prune(tx, KEEP_CHANGES_MS, now)?;
            let entry = AuditEntry {
                at: now,
                actor: Actor::System,
                action: "feed.prune".to_owned(),
                object: format!("change:{n_pruned}"),
                outcome: Outcome::Allowed,
                reason: String::new(),
            };
            Ok(Acted::logged(Ok(n_pruned), entry))
        })?;
        Ok(n_pruned)
    }
}
