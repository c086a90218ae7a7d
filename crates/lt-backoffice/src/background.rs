//! What steps in the background have in common: they take turns with other processes, read the audit log
//! from a place on, and keep that place in the transaction of what came of it.

use std::sync::atomic::{AtomicU64, Ordering};

use lt_db::{
    Acted, DbError, Reader, Tx,
    table::{
        audit::{self as log, AuditRecord},
        counter,
    },
};
use lt_model::{
    Millis,
    audit::{Actor, Outcome},
};

use crate::{audit, backoffice::Backoffice, error::Error};

/// Records that are looked through at once.
const WITHIN: u64 = 20_000;
/// After so many records of which nothing came the place is kept all the same: a process that starts
/// reads no more than these again.
const KEEP_EVERY: u64 = 200_000;

/// Acts of one kind, as the audit log has them, and how far they were read.
pub(crate) struct Place<'b> {
    /// The counter that keeps the place.
    pub(crate) counter: &'static str,
    /// The same in this process, where nothing came of what was read since.
    pub(crate) here: &'b AtomicU64,
    /// The act that is looked for.
    pub(crate) action: &'static str,
    /// Most acts that are read at once; the next time goes on.
    pub(crate) at_once: u64,
    /// The name by which the audit log has what came of it.
    pub(crate) logged_as: &'static str,
}

impl Backoffice {
    /// Makes what an organisation begins with, once, whichever process comes first.
    pub(crate) fn seed_once(
        &self,
        counter: &'static str,
        (kind, action): (&'static str, &'static str),
        now: Millis,
        seed: impl Fn(&Tx<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.read(|reader| counter::last(reader, counter))? > 0 {
            return Ok(());
        }
        self.act(|tx| {
            if counter::last(tx, counter)? > 0 {
                // Another process was faster.
                return Ok(Acted::nothing(Ok(())));
            }
            counter::set(tx, counter, 1)?;
            seed(tx)?;
            let object = audit::object(kind, "standard");
            let entry = audit::allowed(now, Actor::System, action, object);
            Ok(Acted::logged(Ok(()), entry))
        })
    }

    /// Reads on from a place, and does what comes of it. `pick` sees the acts that were allowed.
    pub(crate) fn read_on<T>(
        &self,
        place: &Place<'_>,
        now: Millis,
        pick: impl Fn(&Reader<'_>, &[AuditRecord]) -> Result<Vec<T>, DbError>,
        keep: impl Fn(&Tx<'_>, &T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let here = place.here.load(Ordering::Relaxed);
        let (kept, up_to, picked) = self.read(|reader| {
            let kept = counter::last(reader, place.counter)?;
            let limits = (place.at_once, WITHIN);
            let (up_to, mut records) =
                log::of_action(reader, place.action, kept.max(here), limits)?;
            records.retain(|record| {
                let entry = &record.entry;
                entry.action == place.action && entry.outcome == Outcome::Allowed
            });
            Ok((kept, up_to, pick(reader, &records)?))
        })?;
        if picked.is_empty() && up_to - kept < KEEP_EVERY {
            place.here.store(up_to, Ordering::Relaxed);
            return Ok(());
        }
        self.act(|tx| {
            if counter::last(tx, place.counter)? != kept {
                // Another process was faster: what is left is read the next time.
                return Ok(Acted::nothing(Ok(())));
            }
            for one in &picked {
                keep(tx, one)?;
            }
            counter::set(tx, place.counter, up_to)?;
            let object = audit::object("audit", up_to);
            let entry = audit::allowed(now, Actor::System, place.logged_as, object);
            Ok(Acted::logged(Ok(()), entry))
        })
    }
}

/// The thing of a kind that a record is about: `conversation:…`.
pub(crate) fn about<I: std::str::FromStr>(record: &AuditRecord, kind: &str) -> Option<I> {
    let (of, id) = record.entry.object.split_once(':')?;
    id.parse().ok().filter(|_| of == kind)
}
