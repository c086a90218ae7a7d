//! Days of the Gregorian calendar by the clock of China, which has one zone and no summer time.

use lt_model::{Millis, slot::DateSpan};

const DAY_MS: Millis = 86_400_000;
pub(super) const HOUR_MS: Millis = 3_600_000;
const ZONE_MS: Millis = 8 * HOUR_MS;

/// A day: days since 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub(super) i64);

impl Day {
    /// The day of a moment.
    pub(super) fn of(at: Millis) -> Self {
        Self(at.saturating_add(ZONE_MS).div_euclid(DAY_MS))
    }

    /// A date, where there is such a day.
    pub(super) fn at(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
            return None;
        }
        // Years are counted from March, so that the leap day is their last.
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Some(Self(era * 146_097 + days - 719_468))
    }

    /// Year, month, day.
    pub(super) fn date(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year + era * 400 + i64::from(month <= 2);
        (year, month, day)
    }

    pub(super) fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The Monday of its week.
    pub(super) fn monday(self) -> Self {
        // 1 January 1970 was a Thursday.
        Self(self.0 - (self.0 + 3).rem_euclid(7))
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
