//! The report of the numbers (数字报告) that a person has sent to them: when it is due, of which days
//! it is, and what stands in it.
//!
//! **Invariant:** a report is of days that are over, by the organisation's clock, with as many days
//! before them beside.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Clock, Grain, MetricValue};
use crate::{
    Millis,
    id::{AgentId, GroupId, ReportId},
};

const HOUR_MS: Millis = 3_600_000;
const DAY_MS: Millis = 86_400_000;

/// How often somebody wants a report, and when, by the organisation's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "every", rename_all = "snake_case", deny_unknown_fields)]
pub enum ReportPlan {
    /// 日报: each day, of the day before.
    Day {
        /// 0 to 23.
        hour: u8,
    },
    /// 周报: each week, of the seven days before.
    Week {
        /// 0 is Monday.
        weekday: u8,
        /// 0 to 23.
        hour: u8,
    },
}

/// How long the time is that a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportSpan {
    /// A day.
    Day,
    /// Seven days.
    Week,
}

impl ReportSpan {
    /// How long.
    #[must_use]
    pub fn ms(self) -> Millis {
        match self {
            Self::Day => DAY_MS,
            Self::Week => 7 * DAY_MS,
        }
    }

    /// The last one that is over.
    #[must_use]
    pub fn closed(self, now: Millis, clock: Clock) -> ReportPeriod {
        let to = clock.floor(now, Grain::Day);
        ReportPeriod {
            from: to - self.ms(),
            to,
        }
    }
}

/// Whole days that are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPeriod {
    /// Begin of the first one.
    pub from: Millis,
    /// End of the last one.
    pub to: Millis,
}

impl ReportPeriod {
    /// As many days before.
    #[must_use]
    pub fn before(self) -> Self {
        Self {
            from: self.from - (self.to - self.from),
            to: self.from,
        }
    }
}

impl ReportPlan {
    /// Whether there is such a time.
    #[must_use]
    pub fn is_fit(self) -> bool {
        match self {
            Self::Day { hour } => hour < 24,
            Self::Week { weekday, hour } => weekday < 7 && hour < 24,
        }
    }

    /// Of how long a time it is.
    #[must_use]
    pub fn span(self) -> ReportSpan {
        match self {
            Self::Day { .. } => ReportSpan::Day,
            Self::Week { .. } => ReportSpan::Week,
        }
    }

    /// Whether this plan goes on with another one, only at another hour: what was due under the other
    /// one is due under this one.
    #[must_use]
    pub fn goes_on_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Day { .. }, Self::Day { .. }) => true,
            (Self::Week { weekday: one, .. }, Self::Week { weekday: other, .. }) => one == other,
            (Self::Day { .. }, Self::Week { .. }) | (Self::Week { .. }, Self::Day { .. }) => false,
        }
    }

    /// When it was last due by now, be it now.
    #[must_use]
    pub fn last_due(self, now: Millis, clock: Clock) -> Millis {
        let today = clock.floor(now, Grain::Day);
        let (days_ago, hour, every) = match self {
            Self::Day { hour } => (0, hour, DAY_MS),
            Self::Week { weekday, hour } => {
                let (today, _) = clock.weekday_hour(now);
                let days_ago = (i64::from(today) - i64::from(weekday)).rem_euclid(7);
                (days_ago, hour, 7 * DAY_MS)
            }
        };
        let due = today - days_ago * DAY_MS + Millis::from(hour) * HOUR_MS;
        if due > now { due - every } else { due }
    }

    /// The period whose report is to be made now: the latest one alone, however many were missed.
    /// `since` is when the person asked for such reports, `done_until` the end of the last one that
    /// was made.
    #[must_use]
    pub fn due(
        self,
        since: Millis,
        done_until: Option<Millis>,
        now: Millis,
        clock: Clock,
    ) -> Option<ReportPeriod> {
        let due_at = self.last_due(now, clock);
        let period = self.span().closed(due_at, clock);
        let is_new = done_until.is_none_or(|until| until < period.to);
        (due_at >= since && is_new).then_some(period)
    }
}

/// A report as it was made: what is sent later, or again, says the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumbersReport {
    /// Its id; it names what is to be sent in the outbox.
    pub id: ReportId,
    /// Whose.
    pub agent: AgentId,
    /// Of how long a time.
    pub span: ReportSpan,
    /// Whether somebody asked for it out of turn.
    pub is_asked: bool,
    /// Of when.
    pub period: ReportPeriod,
    /// What had been counted.
    pub as_of: Millis,
    /// The organisation's clock: minutes ahead of UTC.
    pub utc_offset_minutes: i32,
    /// When it was made.
    pub at: Millis,
    /// Of all groups together.
    pub all: ReportNumbers,
    /// Of each group.
    pub groups: Vec<ReportGroup>,
}

/// The numbers of a period and of the one before, each in the order of [`super::Metric::ALL`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportNumbers {
    /// Of the period.
    pub now: Vec<MetricValue>,
    /// Of the one before.
    pub before: Vec<MetricValue>,
}

/// Those of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportGroup {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its numbers.
    pub numbers: ReportNumbers,
}

#[cfg(test)]
mod tests;
