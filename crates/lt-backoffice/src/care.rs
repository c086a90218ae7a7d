//! The state of the data itself.

use lt_db::{Acted, DbError, table::audit};
use lt_model::{
    Millis,
    audit::{Actor, AuditEntry, Outcome},
};
use lt_protocol::code::WireError;

use crate::{backoffice::Backoffice, error::Error};

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
}
