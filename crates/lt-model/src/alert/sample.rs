//! What is counted minute by minute, and what is read of it over a window.
//!
//! A window ends with a minute and has so many of them. While a minute runs what is counted of it so
//! far is read; when it is over, the same is read of the past.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Measure, Reading};
use crate::{Millis, id::GroupId};

/// Milliseconds of a minute.
pub const MINUTE_MS: Millis = 60_000;

/// What was counted in one minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Turns of the bot.
    #[serde(skip_serializing_if = "is_zero")]
    pub turns: u32,
    /// Of them, without a reliable answer.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed: u32,
    /// Conversations that were opened.
    #[serde(skip_serializing_if = "is_zero")]
    pub opened: u32,
    /// Seconds that customers waited for the first reply of a person, how many each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub first: BTreeMap<u32, u32>,
    /// Promises that were broken.
    #[serde(skip_serializing_if = "is_zero")]
    pub breaches: u32,
    /// Marks of customers.
    #[serde(skip_serializing_if = "is_zero")]
    pub marks: u32,
    /// Of them, below 4.
    #[serde(skip_serializing_if = "is_zero")]
    pub bad_marks: u32,
    /// Look-ups in other systems.
    #[serde(skip_serializing_if = "is_zero")]
    pub look_ups: u32,
    /// Of them, failed.
    #[serde(skip_serializing_if = "is_zero")]
    pub bad_look_ups: u32,
    /// What is open at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backlog: Option<u32>,
    /// What waits in the queue at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<u32>,
    /// Seconds by which the slowest desk is behind at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_s: Option<u32>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Counts {
    /// Whether nothing happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// With a later minute.
    pub fn add(&mut self, later: &Self) {
        self.each(later, u32::saturating_add);
        for (seconds, n) in &later.first {
            *self.first.entry(*seconds).or_default() += n;
        }
        self.backlog = later.backlog.or(self.backlog);
        self.waiting = later.waiting.or(self.waiting);
        self.lag_s = later.lag_s.or(self.lag_s);
    }

    /// Without a minute that was added before. What is read off at the end stays.
    pub fn take_away(&mut self, earlier: &Self) {
        self.each(earlier, u32::saturating_sub);
        for (seconds, n) in &earlier.first {
            if let Some(left) = self.first.get_mut(seconds) {
                *left = left.saturating_sub(*n);
                if *left == 0 {
                    self.first.remove(seconds);
                }
            }
        }
    }

    fn each(&mut self, other: &Self, what: impl Fn(u32, u32) -> u32) {
        self.turns = what(self.turns, other.turns);
        self.failed = what(self.failed, other.failed);
        self.opened = what(self.opened, other.opened);
        self.breaches = what(self.breaches, other.breaches);
        self.marks = what(self.marks, other.marks);
        self.bad_marks = what(self.bad_marks, other.bad_marks);
        self.look_ups = what(self.look_ups, other.look_ups);
        self.bad_look_ups = what(self.bad_look_ups, other.bad_look_ups);
    }

    /// What it says of a number.
    #[must_use]
    pub fn reading(&self, measure: Measure) -> Reading {
        let count = |n: u32| Reading {
            level: Some(i64::from(n)),
            n,
            n_bad: n,
        };
        let gauge = |level: Option<u32>| level.map_or(Reading::default(), count);
        match measure {
            Measure::ResponseFailure => share(self.failed, self.turns, self.failed),
            Measure::Satisfaction => {
                let good = self.marks.saturating_sub(self.bad_marks);
                share(good, self.marks, self.bad_marks)
            }
            Measure::ConnectorErrors => share(self.bad_look_ups, self.look_ups, self.bad_look_ups),
            Measure::FirstResponse => self.first_p90(),
            Measure::Backlog => gauge(self.backlog),
            Measure::Waiting => gauge(self.waiting),
            Measure::SyncLag => gauge(self.lag_s),
            Measure::SlaBreaches => count(self.breaches),
            Measure::Opened => count(self.opened),
            Measure::Surge => Reading::default(),
        }
    }

    /// By nearest rank.
    fn first_p90(&self) -> Reading {
        let n: u32 = self.first.values().sum();
        let rank = (u64::from(n) * 9).div_ceil(10);
        let mut passed = 0;
        let mut replies = self.first.iter();
        let level = replies.find_map(|(seconds, n)| {
            passed += u64::from(*n);
            (passed >= rank && n > &0).then_some(i64::from(*seconds))
        });
        Reading { level, n, n_bad: 0 }
    }
}

fn share(part: u32, of: u32, n_bad: u32) -> Reading {
    let level = (i64::from(part) * 10_000 + i64::from(of) / 2).checked_div(i64::from(of));
    Reading {
        level,
        n: of,
        n_bad,
    }
}

/// One minute, of the organisation and of its groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minute {
    /// Of everybody.
    #[serde(default)]
    pub all: Counts,
    /// Of each group where something was.
    #[serde(default)]
    pub groups: BTreeMap<GroupId, Counts>,
}

impl Minute {
    /// Of one group, or of everybody.
    #[must_use]
    pub fn of(&self, group: Option<GroupId>) -> Option<&Counts> {
        match group {
            None => Some(&self.all),
            Some(group) => self.groups.get(&group),
        }
    }

    /// Counts something for everybody and for a group.
    pub fn count(&mut self, group: Option<GroupId>, one: &Counts) {
        self.all.add(one);
        if let Some(group) = group {
            self.groups.entry(group).or_default().add(one);
        }
    }
}

/// The minutes of one group or of everybody. One that is not there had nothing in it.
#[derive(Clone, Debug, Default)]
pub struct Course {
    minutes: BTreeMap<Millis, Counts>,
    /// The first minute that was counted at all, if any was.
    since: Option<Millis>,
}

impl Course {
    /// Puts a minute in the place of what was there.
    pub fn put(&mut self, start: Millis, counts: Counts) {
        self.since = Some(self.since.map_or(start, |since| since.min(start)));
        self.minutes.insert(start, counts);
    }

    /// The first minute that was counted, where nothing was in it.
    pub fn begin(&mut self, start: Millis) {
        self.since = Some(self.since.map_or(start, |since| since.min(start)));
    }

    /// Forgets what was before a minute.
    pub fn forget(&mut self, before: Millis) {
        self.minutes = self.minutes.split_off(&before);
        self.since = self.since.map(|since| since.max(before));
    }

    /// From counted minutes, by their starts.
    #[must_use]
    pub fn new(minutes: impl IntoIterator<Item = (Millis, Counts)>) -> Self {
        let minutes: BTreeMap<Millis, Counts> = minutes.into_iter().collect();
        let since = minutes.keys().next().copied();
        Self { minutes, since }
    }

    /// The start of the first minute.
    #[must_use]
    pub fn since(&self) -> Option<Millis> {
        self.since
    }

    /// Whether a window that ends with the minute of `at` was counted whole.
    #[must_use]
    pub fn covers(&self, window_min: u32, at: Millis) -> bool {
        self.since
            .is_some_and(|since| since <= first_of(window_min, at))
    }

    /// What the window that ends with the minute of `at` has, added up.
    #[must_use]
    pub fn window(&self, window_min: u32, at: Millis) -> Counts {
        let mut sum = Counts::default();
        let minutes = first_of(window_min, at)..=start_of(at);
        for counts in self.minutes.range(minutes).map(|(_, counts)| counts) {
            sum.add(counts);
        }
        sum
    }

    /// One minute.
    #[must_use]
    pub fn minute(&self, start: Millis) -> Option<&Counts> {
        self.minutes.get(&start)
    }
}

/// The start of a moment's minute.
#[must_use]
pub fn start_of(at: Millis) -> Millis {
    at.div_euclid(MINUTE_MS) * MINUTE_MS
}

/// The first minute of a window that ends with the minute of `at`.
#[must_use]
pub fn first_of(window_min: u32, at: Millis) -> Millis {
    start_of(at) - Millis::from(window_min.max(1) - 1) * MINUTE_MS
}

/// A window that is moved on minute by minute.
#[derive(Clone, Debug)]
pub struct Sliding<'c> {
    course: &'c Course,
    window_min: u32,
    sum: Counts,
    end: Millis,
}

impl<'c> Sliding<'c> {
    /// One that ends with the minute of `at`.
    #[must_use]
    pub fn new(course: &'c Course, window_min: u32, at: Millis) -> Self {
        Self {
            course,
            window_min,
            sum: course.window(window_min, at),
            end: start_of(at),
        }
    }

    /// Moves it by one minute.
    pub fn move_on(&mut self) {
        if let Some(gone) = self.course.minute(first_of(self.window_min, self.end)) {
            self.sum.take_away(gone);
        }
        self.end += MINUTE_MS;
        if self.window_min <= 1 {
            // What is read off at the end of a minute is not that of the one before.
            self.sum = Counts::default();
        }
        if let Some(come) = self.course.minute(self.end) {
            self.sum.add(come);
        }
    }

    /// What it has.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.sum
    }

    /// The start of its last minute.
    #[must_use]
    pub fn end(&self) -> Millis {
        self.end
    }
}
