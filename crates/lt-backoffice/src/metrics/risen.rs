//! What a step adds to the minutes that alert rules read. First answers, broken promises and marks are
//! those of the same cases as on the board: a rule and a card cannot say different numbers.
//!
//! Each counts in the minute in which it was counted. A mark that another one replaced is taken from the
//! minute that has it.
//!
//! **Invariant:** where the numbers begin anew they go over the whole past, which is news to nobody:
//! until they have come up to the present the minutes get nothing.

use std::collections::BTreeMap;

use lt_db::{
    Reader, Tx,
    table::{alert_minute, counter, metric_case::MetricCase},
};
use lt_model::{
    Millis,
    alert::sample::{Counts, MINUTE_MS, Minute, start_of},
    id::GroupId,
    metric::{Count, Share},
    survey::CHANGE_WITHIN_MS,
};

use crate::error::Error;

/// A mark is looked for in so much of the past. Whoever keeps minutes in memory reads these again.
pub(crate) const CHANGED_WITHIN_MS: Millis = CHANGE_WITHIN_MS + 5 * MINUTE_MS;
/// Whether the numbers have come up to the present.
const IS_PRESENT: &str = "metric_present";

/// What is new of the cases of a step.
#[derive(Debug)]
pub(super) struct Risen {
    is_past: bool,
    minute: Minute,
    /// Marks that another one replaced: of which group, and whether they were bad.
    replaced: Vec<(GroupId, bool)>,
}

impl Risen {
    /// Of a step that begins the numbers anew or goes on.
    pub(super) fn of_step(reader: &Reader<'_>, begins: bool) -> Result<Self, Error> {
        Ok(Self {
            is_past: begins || counter::last(reader, IS_PRESENT)? == 0,
            minute: Minute::default(),
            replaced: Vec::new(),
        })
    }

    /// Takes a case into account that was another one before.
    pub(super) fn take(&mut self, before: Option<&MetricCase>, case: &MetricCase) {
        let was = before.map_or_else(Share::default, |before| before.share.clone());
        let mut one = Counts::default();
        if let (None, Some(seconds)) = (was.first_response_s, case.share.first_response_s) {
            one.first = BTreeMap::from([(seconds, 1)]);
        }
        let risen = of(&case.share, Count::Late) - of(&was, Count::Late);
        one.breaches = u32::try_from(risen).unwrap_or(0);
        let (old, new) = (is_bad(&was), is_bad(&case.share));
        if old != new {
            let group = before.map_or(case.group, |before| before.group);
            self.replaced.extend(old.map(|is_bad| (group, is_bad)));
            one.marks = u32::from(new.is_some());
            one.bad_marks = u32::from(new == Some(true));
        }
        if !one.is_empty() {
            self.minute.count(Some(case.group), &one);
        }
    }

    /// Keeps it, in the transaction of the step.
    pub(super) fn keep(&self, tx: &Tx<'_>, more: bool, now: Millis) -> Result<(), Error> {
        if self.is_past {
            counter::set(tx, IS_PRESENT, u64::from(!more))?;
            return Ok(());
        }
        for (group, is_bad) in &self.replaced {
            take_back(tx, *group, *is_bad, now)?;
        }
        if self.minute == Minute::default() {
            return Ok(());
        }
        let at = start_of(now);
        let mut minute = alert_minute::get(tx, at)?;
        minute.all.add(&self.minute.all);
        for (group, counts) in &self.minute.groups {
            minute.groups.entry(*group).or_default().add(counts);
        }
        Ok(alert_minute::put(tx, at, &minute)?)
    }
}

/// Takes a mark of a group from the last minute that has such a one.
fn take_back(tx: &Tx<'_>, group: GroupId, is_bad: bool, now: Millis) -> Result<(), Error> {
    let from = start_of(now - CHANGED_WITHIN_MS);
    for (at, mut minute) in alert_minute::since(tx, from)?.into_iter().rev() {
        let Some(counts) = minute.groups.get_mut(&group) else {
            continue;
        };
        let n_such = match is_bad {
            true => counts.bad_marks,
            false => counts.marks.saturating_sub(counts.bad_marks),
        };
        if n_such > 0 {
            let one = Counts {
                marks: 1,
                bad_marks: u32::from(is_bad),
                ..Counts::default()
            };
            counts.take_away(&one);
            minute.all.take_away(&one);
            alert_minute::put(tx, at, &minute)?;
            break;
        }
    }
    Ok(())
}

fn of(share: &Share, count: Count) -> i64 {
    let of_count = share.outcome.iter().filter(|(one, _)| *one == count);
    of_count.map(|(_, n)| n).sum()
}

/// Whether its mark is a bad one; none without a mark.
fn is_bad(share: &Share) -> Option<bool> {
    (of(share, Count::Rated) > 0).then(|| of(share, Count::Satisfied) == 0)
}
