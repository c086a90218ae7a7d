//! Alerts (预警): a step in the background counts what was committed, holds it against the rules, and
//! tells people.
//!
//! **Invariant:** nothing of it runs inside the act of a message. What was counted, and up to where,
//! is kept in one transaction; an alert, what is known of its rule, and whom to tell are kept in one
//! act: after a crash nothing is counted or told twice, and nothing is forgotten.
//!
//! **Invariant:** what is told outside of the desk stands in the outbox before it is sent, one row for
//! each person, time of telling and way. A process that is killed between handing one over and noting
//! it sends that one again, under the same id.
//!
//! Reports of the numbers go out by the same outbox: there each has the place of an alert.

mod channel;

mod collect;

mod count;

pub(crate) mod edit;

mod look_ups;

mod past;

pub mod post;

mod send;

pub(crate) mod tell;

mod watch;

mod words;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use lt_db::{
    Acted, Tx,
    table::{alert, alert_rule, org},
};
use lt_model::{
    Millis,
    alert::{
        rule::AlertRule,
        sample::{Course, Minute},
        standard,
    },
    audit::Actor,
    id::GroupId,
};
use lt_protocol::code::WireError;

pub(crate) use channel::view;
pub(crate) use look_ups::LookUps;
pub(crate) use look_ups::counted;

use crate::{audit, backoffice::Backoffice, error::Error, ids};

/// What is over is kept for so long.
const KEEP_ALERTS_MS: Millis = 90 * 86_400_000;
/// Rows that are thrown away in one go.
const SWEPT_AT_ONCE: u64 = 100;
/// How often it is looked whether something is to be thrown away.
const SWEEP_EVERY_MS: Millis = 3_600_000;
/// Whether the rules that an organisation begins with were made.
const SEEDED: &str = "alert_seeded";

/// What this process keeps of what was counted.
#[derive(Default)]
pub(crate) struct Alerts {
    courses: Mutex<Courses>,
    /// What was counted last, and of which minute.
    last: Mutex<Last>,
    swept_at: AtomicI64,
    /// By how much the slowest desk of this process is behind, ms.
    lag_ms: AtomicI64,
}

type Last = Option<(Millis, BTreeMap<Millis, Minute>)>;

/// The minutes so far, of everybody and of each group.
#[derive(Default)]
struct Courses {
    of: BTreeMap<Option<GroupId>, Course>,
    /// The start of the last minute that was read.
    up_to: Option<Millis>,
    /// The start of the first one that was wanted.
    from: Option<Millis>,
}

impl Alerts {
    fn courses(&self) -> MutexGuard<'_, Courses> {
        self.courses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backoffice {
    /// Counts what was committed, watches the rules, and rings what is due. Call it about once a second;
    /// several processes may, and take turns. A few reads when nothing is new. What is to be sent is
    /// sent by [`Backoffice::send_alerts`].
    ///
    /// # Errors
    /// When the store fails; what was done by then stays done.
    pub fn run_alerts(&self, now: Millis) -> Result<(), WireError> {
        if self.read(org::name)?.is_none() {
            return Ok(());
        }
        // All of them take their turn, whatever comes of those before.
        let done = [
            self.seed_rules(now),
            self.count(now),
            self.ring_alerts(now),
            self.sweep_alerts(now),
        ];
        done.into_iter().collect::<Result<(), Error>>()?;
        Ok(())
    }

    /// The slowest desk of this process is so far behind.
    pub fn note_lag(&self, lag_ms: Millis) {
        self.alerts.lag_ms.store(lag_ms, Ordering::Relaxed);
    }

    fn seed_rules(&self, now: Millis) -> Result<(), Error> {
        let named = ("alert_rule", "alert_rule.seed");
        self.seed_once(SEEDED, named, now, |tx| seed(tx, now))
    }

    fn sweep_alerts(&self, now: Millis) -> Result<(), Error> {
        let swept_at = self.alerts.swept_at.load(Ordering::Relaxed);
        if now - swept_at < SWEEP_EVERY_MS {
            return Ok(());
        }
        self.alerts.swept_at.store(now, Ordering::Relaxed);
        self.forget_minutes(now)?;
        self.sweep_reports(now)?;
        let before = now - KEEP_ALERTS_MS;
        if self
            .read(|reader| alert::over(reader, before, 1))?
            .is_empty()
        {
            return Ok(());
        }
        self.act(|tx| {
            let over = alert::over(tx, before, SWEPT_AT_ONCE)?;
            for one in &over {
                alert::remove(tx, one)?;
            }
            let object = audit::object("alert", over.len());
            let entry = audit::allowed(now, Actor::System, "alert.sweep", object);
            Ok(Acted::logged(Ok(()), entry))
        })
    }
}

fn seed(tx: &Tx<'_>, now: Millis) -> Result<(), Error> {
    for draft in standard::rules() {
        let rule = AlertRule {
            id: ids::new(now)?,
            edition: 1,
            draft,
            by: String::new(),
            at: now,
        };
        alert_rule::put(tx, &rule)?;
    }
    Ok(())
}
