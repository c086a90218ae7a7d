//! From readings to alerts.

use serde::{Deserialize, Serialize};

use super::{
    Alert, AlertState, MAX_TREND, Reading,
    notify::NotifyChannel,
    rule::{Audience, Condition, Direction, RuleDraft},
    sample::Course,
};
use crate::{
    Millis,
    alert::Severity,
    id::{AlertId, AlertRuleId},
};

const MINUTE_MS: Millis = 60_000;
const DAY_MS: Millis = 86_400_000;

/// Where a number is bad, and where it is good again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bad beyond it.
    pub limit: i64,
    /// Good again at it.
    pub clear: i64,
    /// Beyond is above; below else.
    pub is_above: bool,
}

impl Bounds {
    /// Whether a level is bad, for an alert that is open or not.
    #[must_use]
    pub fn is_bad(self, level: i64, is_open: bool) -> bool {
        let edge = if is_open { self.clear } else { self.limit };
        match self.is_above {
            true => level > edge,
            false => level < edge,
        }
    }

    /// The worse of two levels.
    #[must_use]
    pub fn worse(self, one: i64, other: i64) -> i64 {
        match self.is_above {
            true => one.max(other),
            false => one.min(other),
        }
    }
}

/// What a rule sees at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The number.
    pub reading: Reading,
    /// What it is held against; none where that is not known.
    pub bounds: Option<Bounds>,
}

/// What a rule sees of a course at a moment.
#[must_use]
pub fn look(draft: &RuleDraft, course: &Course, at: Millis) -> Seen {
    let counts = course.window(window_of(draft), at);
    let reading = counts.reading(draft.measure);
    Seen {
        reading,
        bounds: bounds(draft, course, at),
    }
}

/// Minutes of the window: what is read off at a moment has the last one.
pub(super) fn window_of(draft: &RuleDraft) -> u32 {
    if draft.measure.is_gauge() {
        1
    } else {
        draft.window_min
    }
}

/// What the rule holds the number against at a moment.
fn bounds(draft: &RuleDraft, course: &Course, at: Millis) -> Option<Bounds> {
    bounds_by(draft, course, at, |day| {
        let then = at - Millis::from(day) * DAY_MS;
        course.window(draft.window_min, then).reading(draft.measure)
    })
}

/// The same, where `read` gives what the number was so many days before.
pub(super) fn bounds_by(
    draft: &RuleDraft,
    course: &Course,
    at: Millis,
    read: impl Fn(u32) -> Reading,
) -> Option<Bounds> {
    match draft.condition {
        Condition::Above { limit, clear } => Some(Bounds {
            limit,
            clear,
            is_above: true,
        }),
        Condition::Below { limit, clear } => Some(Bounds {
            limit,
            clear,
            is_above: false,
        }),
        Condition::Absent => {
            // Nothing is missed before it was counted, nor when nothing is expected.
            let is_expected = draft.quiet.is_none_or(|quiet| !quiet.is_quiet(at));
            (is_expected && course.covers(draft.window_min, at)).then_some(Bounds {
                limit: 1,
                clear: 1,
                is_above: false,
            })
        }
        Condition::Change {
            direction,
            by_percent,
            clear_percent,
            days,
        } => {
            let base = baseline(draft, course, (days, at), read)?;
            let away = |percent: u32| base * i64::from(percent) / 100;
            Some(match direction {
                Direction::Up => Bounds {
                    limit: base + away(by_percent),
                    clear: base + away(clear_percent),
                    is_above: true,
                },
                Direction::Down => Bounds {
                    limit: base - away(by_percent),
                    clear: base - away(clear_percent),
                    is_above: false,
                },
            })
        }
    }
}

/// The median of what the number was at the same time of the days before. None where fewer than half
/// of them, or fewer than three of more, are known.
fn baseline(
    draft: &RuleDraft,
    course: &Course,
    (days, at): (u32, Millis),
    read: impl Fn(u32) -> Reading,
) -> Option<i64> {
    let levels = (1..=days).filter_map(|day| {
        let then = at - Millis::from(day) * DAY_MS;
        if !course.covers(draft.window_min, then) {
            return None;
        }
        let reading = read(day);
        reading.level.filter(|_| is_enough(draft, reading))
    });
    let mut levels: Vec<i64> = levels.collect();
    let n_needed = usize::try_from(days.div_ceil(2).max(days.min(3))).ok()?;
    if levels.len() < n_needed {
        return None;
    }
    levels.sort_unstable();
    levels.get((levels.len() - 1) / 2).copied()
}

fn is_enough(draft: &RuleDraft, reading: Reading) -> bool {
    // Of a count of events the number itself says how many there are.
    reading.n >= draft.min_count || is_lack(draft)
}

/// Whether it is bad that there is little.
fn is_lack(draft: &RuleDraft) -> bool {
    use super::Unit;
    let is_down = match draft.condition {
        Condition::Absent | Condition::Below { .. } => true,
        Condition::Change { direction, .. } => direction == Direction::Down,
        Condition::Above { .. } => false,
    };
    is_down && draft.measure.unit() == Unit::Count
}

/// Whether what is seen is bad.
#[must_use]
pub fn is_bad(draft: &RuleDraft, seen: Seen, is_open: bool) -> bool {
    let (Some(level), Some(bounds)) = (seen.reading.level, seen.bounds) else {
        return false;
    };
    is_enough(draft, seen.reading) && bounds.is_bad(level, is_open)
}

/// What is kept of a rule between looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    /// Since when the number is bad without being told yet.
    pub bad_since: Option<Millis>,
    /// The alert that is open, or the last one.
    pub alert: Option<AlertId>,
    /// Whether it is open.
    pub is_open: bool,
    /// When the last one ended.
    pub ended_at: Option<Millis>,
    /// When desks were last told the number of the one that is open.
    pub shown_at: Millis,
}

/// What follows from a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    Quiet,
    /// A new incident.
    Begin,
    /// The last one is back within the rest.
    Again,
    /// It goes on.
    GoOn,
    /// It is over.
    End,
}

impl Watch {
    /// Takes a look into account.
    pub fn turn(&mut self, draft: &RuleDraft, seen: Seen, now: Millis) -> Turn {
        let is_bad = is_bad(draft, seen, self.is_open);
        match (self.is_open, is_bad) {
            (false, false) => {
                self.bad_since = None;
                Turn::Quiet
            }
            (false, true) => {
                let since = *self.bad_since.get_or_insert(now);
                if now - since < Millis::from(draft.for_min) * MINUTE_MS {
                    return Turn::Quiet;
                }
                let rest = Millis::from(draft.rest_min) * MINUTE_MS;
                let is_same =
                    self.alert.is_some() && self.ended_at.is_some_and(|ended| now - ended < rest);
                self.bad_since = None;
                self.is_open = true;
                if is_same { Turn::Again } else { Turn::Begin }
            }
            (true, true) => Turn::GoOn,
            (true, false) => {
                self.is_open = false;
                self.ended_at = Some(now);
                Turn::End
            }
        }
    }

    /// The rule is gone or off: what is open ends.
    pub fn stop(&mut self, now: Millis) -> Turn {
        self.bad_since = None;
        if !self.is_open {
            return Turn::Quiet;
        }
        self.is_open = false;
        self.ended_at = Some(now);
        Turn::End
    }
}

/// Whom to tell of an alert, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Its number: 1 the first of the alert.
    pub step: u8,
    /// Whether it is because nobody acknowledged.
    pub is_escalation: bool,
    /// Whom.
    pub to: Audience,
    /// How, beside the desk.
    pub by: Vec<NotifyChannel>,
    /// Not before: when the rule's quiet hours end.
    pub not_before: Millis,
}

/// A new alert of a rule, and whom to tell of it.
#[must_use]
pub fn begin(
    (id, rule_id): (AlertId, AlertRuleId),
    draft: &RuleDraft,
    seen: Seen,
    now: Millis,
) -> (Alert, Telling) {
    let level = seen.reading.level.unwrap_or_default();
    let mut alert = Alert {
        id,
        rule_id,
        name: draft.name.clone(),
        measure: draft.measure,
        group_id: draft.group_id,
        dedup_key: draft.dedup_key(rule_id),
        severity: draft.severity,
        state: AlertState::Firing,
        reading: seen.reading,
        limit: seen.bounds.map_or(level, |bounds| bounds.limit),
        window_min: if draft.measure.is_gauge() {
            0
        } else {
            draft.window_min
        },
        worst: level,
        trend: vec![level],
        fired_at: now,
        resolved_at: None,
        acknowledged: None,
        silenced: None,
        silenced_until: None,
        step: 0,
        level: 0,
        next_step_at: None,
        quiet_until: None,
        told_at: now,
        about: super::AlertAbout::default(),
    };
    let telling = alert.tell(draft, now);
    (alert, telling)
}

impl Alert {
    /// Tells of it at its present level of escalation.
    fn tell(&mut self, draft: &RuleDraft, now: Millis) -> Telling {
        let quiet = draft
            .quiet
            .filter(|quiet| !(quiet.let_critical_through && self.severity == Severity::Critical));
        self.quiet_until = quiet.and_then(|quiet| quiet.ends_at(now));
        let not_before = self.quiet_until.unwrap_or(now);
        self.step = self.step.saturating_add(1);
        self.told_at = now;
        let level = usize::from(self.level);
        let next = draft.escalation.get(level);
        self.next_step_at = next.map(|next| not_before + Millis::from(next.after_min) * MINUTE_MS);
        let here = level.checked_sub(1).and_then(|at| draft.escalation.get(at));
        let (to, by) = here.map_or((draft.to, &draft.by), |here| (here.to, &here.by));
        Telling {
            step: self.step,
            is_escalation: here.is_some(),
            to,
            by: by.clone(),
            not_before,
        }
    }

    /// Its number is bad still. Returns whether desks should see the new reading: not each of them is
    /// worth a row to every lead.
    pub fn go_on(&mut self, seen: Seen) -> bool {
        let (Some(level), Some(bounds)) = (seen.reading.level, seen.bounds) else {
            return false;
        };
        let is_news = self.reading.level != Some(level);
        self.reading = seen.reading;
        self.limit = bounds.limit;
        self.worst = bounds.worse(self.worst, level);
        self.note(level);
        is_news
    }

    /// It is worse than it was told, by a draft of a higher severity: it is told again from the first
    /// step, to whom quiet hours spared too where they let that through. None where nobody is to be
    /// told: it is no worse, somebody looks after it, or it is silenced.
    pub fn raise(&mut self, draft: &RuleDraft, now: Millis) -> Option<Telling> {
        if !self.is_open() || draft.severity <= self.severity {
            return None;
        }
        self.severity = draft.severity;
        if self.state != AlertState::Firing {
            return None;
        }
        self.level = 0;
        Some(self.tell(draft, now))
    }

    fn note(&mut self, level: i64) {
        if self.trend.len() >= MAX_TREND {
            self.trend.remove(0);
        }
        self.trend.push(level);
    }

    /// Its number is good again.
    pub fn end(&mut self, seen: Option<Seen>, now: Millis) {
        if let Some(seen) = seen
            && let Some(level) = seen.reading.level
        {
            self.reading = seen.reading;
            self.note(level);
        }
        self.state = AlertState::Resolved;
        self.resolved_at = Some(now);
        self.next_step_at = None;
        self.quiet_until = None;
    }

    /// It is back within the rest. Nobody is told again; whoever looked after it still does, and where
    /// nobody did more people are told in their time.
    pub fn again(&mut self, draft: &RuleDraft, seen: Seen, now: Millis) {
        self.resolved_at = None;
        let is_silenced = self.silenced_until.is_some_and(|until| now < until);
        self.state = match self.acknowledged {
            _ if is_silenced => AlertState::Silenced,
            Some(_) => AlertState::Acknowledged,
            None => AlertState::Firing,
        };
        if self.state == AlertState::Firing {
            let next = draft.escalation.get(usize::from(self.level));
            self.next_step_at = next.map(|next| now + Millis::from(next.after_min) * MINUTE_MS);
        }
        self.go_on(seen);
    }

    /// What its clock has to tell: the end of a silence, of quiet hours, or that nobody acknowledged.
    /// `None` for nothing. With a `Telling`, somebody is to be told; else its row has changed alone.
    pub fn tick(&mut self, draft: Option<&RuleDraft>, now: Millis) -> Option<Option<Telling>> {
        match self.state {
            AlertState::Silenced if self.silenced_until.is_some_and(|until| until <= now) => {
                self.silenced_until = None;
                self.state = AlertState::Firing;
                self.level = 0;
                Some(draft.map(|draft| self.tell(draft, now)))
            }
            AlertState::Firing if self.next_step_at.is_some_and(|at| at <= now) => {
                self.next_step_at = None;
                let draft = draft?;
                self.level = self.level.saturating_add(1);
                Some(Some(self.tell(draft, now)))
            }
            AlertState::Firing if self.quiet_until.is_some_and(|until| until <= now) => {
                self.quiet_until = None;
                self.told_at = now;
                Some(None)
            }
            AlertState::Firing
            | AlertState::Silenced
            | AlertState::Acknowledged
            | AlertState::Resolved => None,
        }
    }

    /// When [`Alert::tick`] has something to do next.
    #[must_use]
    pub fn rings_at(&self) -> Option<Millis> {
        match self.state {
            AlertState::Firing => [self.next_step_at, self.quiet_until]
                .into_iter()
                .flatten()
                .min(),
            AlertState::Silenced => self.silenced_until,
            AlertState::Acknowledged | AlertState::Resolved => None,
        }
    }
}

#[cfg(test)]
mod tests;
