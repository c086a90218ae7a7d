//! What a rule would have done (试算), by the very steps that it is watched with.

use super::{
    judge::{Bounds, Seen, Turn, Watch, bounds_by, window_of},
    rule::{Condition, RuleDraft},
    sample::{Course, MINUTE_MS, Sliding, start_of},
};
use crate::{
    Millis,
    alert::{Reading, Severity},
    id::AlertId,
};

const DAY_MS: Millis = 86_400_000;

/// What a rule saw at the end of a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The end of the minute.
    pub at: Millis,
    /// The level; none where there was nothing to read it from.
    pub level: Option<i64>,
    /// What it is held against; none where that is not known.
    pub bounds: Option<Bounds>,
}

/// An alert that there would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WouldBe {
    /// When it would have begun.
    pub from: Millis,
    /// When it would have ended.
    pub to: Option<Millis>,
    /// Its worst level.
    pub worst: i64,
    /// Whether nobody would have been woken.
    pub is_quiet: bool,
}

/// What a rule would have done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Each minute.
    pub points: Vec<Point>,
    /// The alerts, oldest first. What came back within the rule's rest is one.
    pub fired: Vec<WouldBe>,
}

/// Goes through the minutes from `from` to `to`.
#[must_use]
pub fn preview(draft: &RuleDraft, course: &Course, from: Millis, to: Millis) -> Past {
    let mut past = Past::default();
    let mut watch = Watch::default();
    let from = start_of(from.max(course.since().unwrap_or(to)));
    let mut sliding = Sliding::new(course, window_of(draft), from);
    let days = match draft.condition {
        Condition::Change { days, .. } => days,
        Condition::Above { .. } | Condition::Below { .. } | Condition::Absent => 0,
    };
    let then = |day: u32| from - Millis::from(day) * DAY_MS;
    let mut before: Vec<Sliding<'_>> = (1..=days)
        .map(|day| Sliding::new(course, draft.window_min, then(day)))
        .collect();
    while sliding.end() + MINUTE_MS <= to {
        // The last moment of the minute: all of it is counted.
        let now = sliding.end() + MINUTE_MS - 1;
        let seen = Seen {
            reading: sliding.counts().reading(draft.measure),
            bounds: bounds_by(draft, course, now, |day| {
                let place = usize::try_from(day).unwrap_or_default().saturating_sub(1);
                let of_day = before.get(place);
                of_day.map_or_else(Reading::default, |one| one.counts().reading(draft.measure))
            }),
        };
        past.points.push(Point {
            at: now + 1,
            level: seen.reading.level,
            bounds: seen.bounds,
        });
        past.follow(draft, &mut watch, seen, now + 1);
        sliding.move_on();
        before.iter_mut().for_each(Sliding::move_on);
    }
    past
}

impl Past {
    fn follow(&mut self, draft: &RuleDraft, watch: &mut Watch, seen: Seen, now: Millis) {
        let turn = watch.turn(draft, seen, now);
        let level = seen.reading.level.unwrap_or_default();
        match turn {
            Turn::Quiet => {}
            Turn::Begin => {
                // One that can be named is enough for the watch.
                watch.alert = Some(AlertId::from(uuid::Uuid::nil()));
                let is_loud = |quiet: &super::quiet::QuietHours| {
                    quiet.let_critical_through && draft.severity == Severity::Critical
                };
                let quiet = draft.quiet.filter(|quiet| !is_loud(quiet));
                self.fired.push(WouldBe {
                    from: now,
                    to: None,
                    worst: level,
                    is_quiet: quiet.is_some_and(|quiet| quiet.is_quiet(now)),
                });
            }
            Turn::Again | Turn::GoOn => {
                if let Some(last) = self.fired.last_mut() {
                    last.to = None;
                    if let Some(bounds) = seen.bounds {
                        last.worst = bounds.worse(last.worst, level);
                    }
                }
            }
            Turn::End => {
                if let Some(last) = self.fired.last_mut() {
                    last.to = Some(now);
                }
            }
        }
    }

    /// Its points thinned to at most so many: of each stretch the worst, and never one less than none.
    #[must_use]
    pub fn thinned(&self, n: usize) -> Vec<Point> {
        let per = self.points.len().div_ceil(n.max(1)).max(1);
        let worst = |stretch: &[Point]| {
            stretch.iter().copied().reduce(|one, other| {
                let (Some(a), Some(b)) = (one.level, other.level) else {
                    return if one.level.is_some() { one } else { other };
                };
                let is_above = other.bounds.or(one.bounds).is_none_or(|b| b.is_above);
                let is_worse = if is_above { b > a } else { b < a };
                if is_worse { other } else { one }
            })
        };
        self.points.chunks(per).filter_map(worst).collect()
    }
}
