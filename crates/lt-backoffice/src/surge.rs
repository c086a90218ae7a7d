//! Surges of complaints: a step in the background listens to what was committed and raises an alert
//! when a product, a category or a region gets many more complaints than usual
//! ([`lt_engine::surge`]).
//!
//! While a surge goes on its alert is brought up to date once a minute. One that was told as a warning
//! and has come to wake people is told again.
//!
//! A conversation counts once the bot has understood it, or an agent gave it a category: as a
//! complaint where its category is one (投诉/…) or where the customer's words made it urgent or
//! high, else as one of the conversations that complaints are measured against.
//!
//! **Invariant:** names of series are the shop's own (products as the knowledge names them, its
//! categories, provinces), never words of a customer: they stand in readable columns.
//!
//! **Invariant:** nothing of it runs inside the act of a message. The place in the audit log up to
//! which it has listened, the state of the series and the alerts that followed are kept in one
//! transaction: whatever crashes and however many processes run, nothing is counted or told twice.

mod count;

mod tell;

use std::sync::{Mutex, MutexGuard, PoisonError};

use lt_db::{
    Acted, DbError, Reader, Tx,
    table::{business_hours, counter, surge},
};
use lt_engine::surge::{Calendar, Complaint, Radar, Row, Settings, Signal, Surge};
use lt_model::{Millis, audit::Actor};
use lt_protocol::code::WireError;

pub(crate) use self::tell::rule_of;
use self::{count::Counted, tell::Told};
use crate::{audit, backoffice::Backoffice, error::Error};

/// The place up to which the audit log was listened to.
const READ: &str = "surge_read";
/// When alerts of what goes on were brought up to date last, by any process, ms.
const FOLLOWED: &str = "surge_followed";
/// They are that often.
const FOLLOWED_EVERY_MS: Millis = 60_000;
/// After so many records without a conversation to count, the place is kept all the same.
const KEEP_EVERY: u64 = 100_000;
/// Complaints are kept for so long, for comparison.
const KEEP_COMPLAINTS_MS: Millis = 30 * 86_400_000;
/// Other conversations, so that none counts twice.
const KEEP_OTHERS_MS: Millis = 7 * 86_400_000;

/// What this process has heard.
#[derive(Default)]
pub(crate) struct Listening(Mutex<Option<Heard>>);

struct Heard {
    radar: Radar,
    /// The kept place that it is of.
    kept: u64,
    /// Up to where nothing else was found.
    here: u64,
    /// When this process last looked at alerts of what goes on.
    followed_at: Millis,
}

impl Listening {
    fn hold(&self) -> MutexGuard<'_, Option<Heard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backoffice {
    /// Listens to what was committed since, and tells surges, how they go on and their ends. Call it
    /// every few seconds; several processes may. One read when nothing happened.
    ///
    /// # Errors
    /// When the store fails; what was heard is heard again the next time.
    pub fn run_surges(&self, now: Millis) -> Result<(), WireError> {
        let mut heard = self.surges.hold();
        loop {
            match self.listen(&mut heard, now) {
                Ok(true) => {}
                Ok(false) => return Ok(self.follow_surges(heard.as_mut(), now)?),
                Err(error) => {
                    // What is in memory may be ahead of what is kept.
                    *heard = None;
                    return Err(error.into());
                }
            }
        }
    }

    /// Whether there is more.
    fn listen(&self, slot: &mut Option<Heard>, now: Millis) -> Result<bool, Error> {
        let here = slot.as_ref().map_or(0, |heard| heard.here);
        let engine = self.engine.load();
        let counted = self
            .db
            .read(|reader| count::read(reader, &engine, READ, here))?;
        let fits = slot
            .as_ref()
            .is_some_and(|heard| heard.kept == counted.kept);
        if !fits {
            *slot = Some(self.recall(counted.kept, now)?);
        }
        let Some(heard) = slot.as_mut() else {
            return Ok(false);
        };
        let mut signals = Vec::new();
        feed(&mut heard.radar, &counted, &mut signals);
        if counted.is_all && heard.radar.open().next().is_some() {
            heard.radar.tick(now, &mut signals);
        }
        if counted.cases.is_empty()
            && signals.is_empty()
            && counted.up_to - counted.kept < KEEP_EVERY
        {
            heard.here = counted.up_to;
            return Ok(!counted.is_all);
        }
        let mut told = Vec::new();
        for signal in signals {
            told.push(self.look_into(signal, &counted)?);
        }
        let rows = heard.radar.changed();
        if self.keep(&counted, &rows, &told, now)? {
            (heard.kept, heard.here) = (counted.up_to, counted.up_to);
            return Ok(!counted.is_all);
        }
        // Another process was faster: what it left is heard.
        *slot = None;
        Ok(true)
    }

    /// Brings the alerts of what goes on up to date, once a minute, whichever process does.
    fn follow_surges(&self, heard: Option<&mut Heard>, now: Millis) -> Result<(), Error> {
        let Some(heard) = heard.filter(|heard| is_due(heard.followed_at, now)) else {
            return Ok(());
        };
        heard.followed_at = now;
        let open: Vec<Surge> = heard.radar.open().collect();
        if open.is_empty() || !is_due(self.read(followed_at)?, now) {
            return Ok(());
        }
        self.act(|tx| {
            if !is_due(followed_at(tx)?, now) {
                return Ok(Acted::nothing(Ok(())));
            }
            let mut has_news = false;
            for surge in &open {
                has_news |= tell::go_on(tx, surge, now)?;
            }
            if !has_news {
                return Ok(Acted::nothing(Ok(())));
            }
            counter::set(tx, FOLLOWED, u64::try_from(now).unwrap_or_default())?;
            let object = audit::object("audit", heard.kept);
            let entry = audit::allowed(now, Actor::System, "surge.follow", object);
            Ok(Acted::logged(Ok(()), entry))
        })
    }

    /// From what is kept. Without a readable trunk it begins anew.
    fn recall(&self, kept: u64, now: Millis) -> Result<Heard, Error> {
        let (states, calendars) =
            self.read(|reader| Ok((surge::states(reader)?, business_hours::all(reader)?)))?;
        let calendar = calendars
            .first()
            .map_or_else(Calendar::default, Calendar::from);
        let rows = states
            .iter()
            .map(|(kind, value, state)| (kind.as_str(), value.as_str(), state.as_slice()));
        let radar = Radar::restore(Settings::default(), calendar.clone(), rows)
            .unwrap_or_else(|| Radar::new(Settings::default(), calendar, now));
        Ok(Heard {
            radar,
            kept,
            here: kept,
            followed_at: 0,
        })
    }

    /// False where another process was faster: nothing is kept then.
    fn keep(
        &self,
        counted: &Counted,
        rows: &[Row],
        told: &[Told],
        now: Millis,
    ) -> Result<bool, Error> {
        if told.is_empty() {
            return self.db.derive(|tx| keep(tx, counted, rows, now));
        }
        self.act(|tx| {
            if !keep(tx, counted, rows, now)? {
                return Ok(Acted::nothing(Ok(false)));
            }
            for one in told {
                tell::put(tx, one, now)?;
            }
            let object = audit::object("audit", counted.up_to);
            let entry = audit::allowed(now, Actor::System, "surge.tell", object);
            Ok(Acted::logged(Ok(true), entry))
        })
    }
}

fn followed_at(reader: &Reader<'_>) -> Result<Millis, DbError> {
    let at = counter::last(reader, FOLLOWED)?;
    Ok(Millis::try_from(at).unwrap_or_default())
}

/// Whether it was not looked at for a while. A clock that went back is no reason to wait.
fn is_due(followed_at: Millis, now: Millis) -> bool {
    !(0..FOLLOWED_EVERY_MS).contains(&(now - followed_at))
}

/// Everything but the alerts, if the place is still the one from which it was read.
fn keep(tx: &Tx<'_>, counted: &Counted, rows: &[Row], now: Millis) -> Result<bool, Error> {
    if counter::last(tx, READ)? != counted.kept {
        return Ok(false);
    }
    for case in &counted.cases {
        surge::put_case(tx, case)?;
    }
    for row in rows {
        surge::set_state(tx, row.kind, &row.value, row.bytes.clone())?;
    }
    surge::prune(tx, now - KEEP_COMPLAINTS_MS, now - KEEP_OTHERS_MS)?;
    counter::set(tx, READ, counted.up_to)?;
    Ok(true)
}

fn feed(radar: &mut Radar, counted: &Counted, signals: &mut Vec<Signal>) {
    for case in &counted.cases {
        if case.is_complaint {
            // What is empty is unknown.
            let complaint = Complaint {
                at: case.at,
                product: Some(&case.product),
                category: Some(&case.category),
                region: Some(&case.region),
            };
            radar.complaint(&complaint, signals);
        } else {
            radar.conversations(case.at, 1);
        }
    }
}
