//! Keeps what was counted, and holds it against the rules.

use std::sync::atomic::Ordering;

use lt_db::table::{alert_minute, alert_rule, counter};
use lt_model::{
    Millis,
    alert::{
        rule::{AlertRule, Condition, MAX_BASELINE_DAYS, MAX_WINDOW_MIN},
        sample::{Counts, Course, MINUTE_MS, start_of},
    },
};

use super::{
    Courses,
    collect::{Collected, OPENED, READ, collect},
};
use crate::{backoffice::Backoffice, error::Error, metrics::risen::CHANGED_WITHIN_MS};

const DAY_MS: Millis = 86_400_000;
/// Minutes are kept for so long: what a preview looks back, and one day for its windows.
const KEEP_MS: Millis = (MAX_BASELINE_DAYS as Millis + 2) * DAY_MS;
/// The last minutes are read again: another process may have counted them on, and marks that were
/// changed are taken from them.
const AGAIN_MS: Millis = CHANGED_WITHIN_MS + 2 * MINUTE_MS;
/// When something was counted last, by any process.
const BEAT: &str = "alert_beat";
/// Processes take turns: one that counted leaves the others nothing to do for so long.
const BEAT_MS: Millis = 1_500;
/// Desks that are so many seconds behind are told by every process.
const WORTH_A_WORD_S: u32 = 10;
/// Most rounds of counting in one step, where much came at once.
const MAX_ROUNDS: usize = 10;

impl Backoffice {
    /// Counts what was committed and watches the rules.
    pub(super) fn count(&self, now: Millis) -> Result<(), Error> {
        self.keep_lag(now)?;
        let beat = self.read(|reader| counter::last(reader, BEAT))?;
        let since = now - i64::try_from(beat).unwrap_or(i64::MAX);
        // A clock that went back is no reason to wait.
        if (0..BEAT_MS).contains(&since) {
            return Ok(());
        }
        for _ in 0..MAX_ROUNDS {
            let collected = self.db.read(|reader| collect(reader, now))?;
            let is_all = collected.is_all;
            if self.is_nothing_new(&collected, now) {
                break;
            }
            if !self.keep_counts(collected, now)? || is_all {
                break;
            }
        }
        self.watch_rules(now)
    }

    /// Whether the same stands there already: a server where nothing happens writes once a minute.
    fn is_nothing_new(&self, collected: &Collected, now: Millis) -> bool {
        let is_read = collected.read.0 == collected.read.1;
        let is_opened = collected.opened.0 == collected.opened.1;
        let is_same = {
            let mut last = self.alerts.last();
            let is_same = last
                .as_ref()
                .is_some_and(|(at, minutes)| *at == start_of(now) && *minutes == collected.minutes);
            *last = Some((start_of(now), collected.minutes.clone()));
            is_same
        };
        is_read && is_opened && is_same && self.look_ups.is_empty()
    }

    /// Desks of every process count: what this one knows is kept whosever turn it is, where it is worth a
    /// word.
    fn keep_lag(&self, now: Millis) -> Result<(), Error> {
        let lag_s = self.lag_s();
        if lag_s < WORTH_A_WORD_S {
            return Ok(());
        }
        self.db.derive(|tx| {
            let at = start_of(now);
            let mut minute = alert_minute::get(tx, at)?;
            minute.all.lag_s = Some(minute.all.lag_s.unwrap_or(0).max(lag_s));
            alert_minute::put(tx, at, &minute)?;
            Ok(())
        })
    }

    fn lag_s(&self) -> u32 {
        let lag_ms = self.alerts.lag_ms.load(Ordering::Relaxed);
        u32::try_from(lag_ms / 1_000).unwrap_or(0)
    }

    /// Keeps counts together with the places up to which they go. False: another process was faster.
    fn keep_counts(&self, collected: Collected, now: Millis) -> Result<bool, Error> {
        let (look_ups, lag_s) = (self.look_ups.take(), self.lag_s());
        let kept = self.db.derive(|tx| {
            let is_next = counter::last(tx, READ)? == collected.read.0
                && counter::last(tx, OPENED)? == collected.opened.0;
            if !is_next {
                return Ok::<_, Error>(false);
            }
            let mut minutes = collected.minutes;
            if look_ups.0 > 0 {
                let one = Counts {
                    look_ups: look_ups.0,
                    bad_look_ups: look_ups.1,
                    ..Counts::default()
                };
                minutes.entry(start_of(now)).or_default().count(None, &one);
            }
            for (at, more) in minutes {
                let mut minute = alert_minute::get(tx, at)?;
                let lag_s = minute.all.lag_s.unwrap_or(0).max(lag_s);
                minute.all.add(&more.all);
                if at == start_of(now) {
                    minute.all.lag_s = Some(lag_s);
                }
                if more.all.waiting.is_some() {
                    // A group that has nothing open any more is not named any more.
                    for counts in minute.groups.values_mut() {
                        (counts.waiting, counts.backlog) = (None, None);
                    }
                }
                for (group, counts) in &more.groups {
                    minute.groups.entry(*group).or_default().add(counts);
                }
                alert_minute::put(tx, at, &minute)?;
            }
            counter::set(tx, READ, collected.read.1)?;
            counter::set(tx, OPENED, collected.opened.1)?;
            counter::set(tx, BEAT, u64::try_from(now).unwrap_or_default())?;
            Ok(true)
        });
        if !matches!(kept, Ok(true)) {
            self.look_ups.give_back(look_ups);
            *self.alerts.last() = None;
        }
        kept
    }

    fn watch_rules(&self, now: Millis) -> Result<(), Error> {
        let (rules, watches) =
            self.read(|reader| Ok((alert_rule::all(reader)?, alert_rule::watches(reader)?)))?;
        let rules: Vec<AlertRule> = rules
            .into_iter()
            .filter(|rule| rule.draft.enabled)
            .collect();
        self.refresh_courses(&rules, now)?;
        for rule in rules {
            let before = watches.iter().find(|(id, _)| *id == rule.id);
            let before = before.map(|(_, watch)| watch.clone()).unwrap_or_default();
            self.watch_rule(&rule, before, now)?;
        }
        Ok(())
    }

    /// Reads the minutes that rules look at and that are not here yet.
    fn refresh_courses(&self, rules: &[AlertRule], now: Millis) -> Result<(), Error> {
        let is_change = |rule: &AlertRule| matches!(rule.draft.condition, Condition::Change { .. });
        let back = match rules.iter().any(is_change) {
            true => KEEP_MS,
            false => (Millis::from(MAX_WINDOW_MIN) + 1) * MINUTE_MS,
        };
        let from = start_of(now - back);
        let mut courses = self.alerts.courses();
        let is_here = courses.from.is_some_and(|here| here <= from);
        let read_from = match courses.up_to {
            Some(up_to) if is_here => up_to - AGAIN_MS,
            _ => from,
        };
        let minutes = self.read(|reader| alert_minute::since(reader, read_from))?;
        if !is_here {
            *courses = Courses::default();
        }
        courses.from = Some(courses.from.unwrap_or(from));
        for (at, minute) in minutes {
            courses.up_to = Some(at);
            let groups = minute.groups.into_iter();
            let all = groups.map(|(group, counts)| (Some(group), counts));
            for (scope, counts) in all.chain([(None, minute.all)]) {
                courses.of.entry(scope).or_default().put(at, counts);
            }
        }
        let since = courses.of.get(&None).and_then(Course::since);
        for course in courses.of.values_mut() {
            course.forget(from);
            if let Some(since) = since {
                course.begin(since.max(from));
            }
        }
        courses.from = Some(from);
        Ok(())
    }

    pub(super) fn forget_minutes(&self, now: Millis) -> Result<(), Error> {
        self.db.derive(|tx| {
            alert_minute::prune(tx, now - KEEP_MS)?;
            Ok(())
        })
    }
}
