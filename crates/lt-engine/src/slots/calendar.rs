//! Days of the Gregorian calendar by the clock of China, which has one zone and no summer time.

use lt_model::{
    Millis,
    hours::{self, WallTime},
    slot::DateSpan,
};

const DAY_MS: Millis = 86_400_000;
pub(super) const HOUR_MS: Millis = 3_600_000;
const ZONE_MS: Millis = 8 * HOUR_MS;

/// A day: days since 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub(super) i64);

impl Day {
    /// The day of a moment.
    pub(super) fn of(at: Millis) -> Self {
        Self(WallTime::china(at).day.0)
    }

    /// A date, where there is such a day.
    pub(super) fn at(year: i64, month: i64, day: i64) -> Option<Self> {
        hours::Day::of(year, month, day).map(|day| Self(day.0))
    }

    /// Year, month, day.
    pub(super) fn date(self) -> (i64, i64, i64) {
        hours::Day(self.0).date()
    }

    pub(super) fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The Monday of its week.
    pub(super) fn monday(self) -> Self {
        let weekday = hours::Day(self.0).weekday();
        Self(self.0 - i64::try_from(weekday).unwrap_or(0))
    }

    /// The first of the month that is `months` away.
    pub(super) fn first_of_month(self, months: i64) -> Self {
        let (year, month, _) = self.date();
        let count = year * 12 + month - 1 + months;
        Self::at(count.div_euclid(12), count.rem_euclid(12) + 1, 1).unwrap_or(self)
    }

    /// Its first moment.
    pub(super) fn start(self) -> Millis {
        self.0.saturating_mul(DAY_MS).saturating_sub(ZONE_MS)
    }

    /// From its first moment for so many days.
    pub(super) fn span(self, days: i64) -> DateSpan {
        DateSpan {
            from: self.start(),
            to: self.plus(days).start(),
        }
    }
}

pub(super) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A date without a year: the nearest one.
pub(super) fn nearest(today: Day, month: i64, day: i64) -> Option<Day> {
    let (year, _, _) = today.date();
    (year - 1..=year + 1)
        .filter_map(|year| Day::at(year, month, day))
        .min_by_key(|found| (found.0 - today.0).abs())
}
