//! Buckets of time by the organisation's clock.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Millis, hours::Day};

const MINUTE_MS: Millis = 60_000;
const HOUR_MS: Millis = 3_600_000;
const DAY_MS: Millis = 86_400_000;

/// How wide a bucket is. There are no minutes: alerts count these by themselves, and a board has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// An hour: kept for ninety days.
    Hour,
    /// A day.
    Day,
    /// A month of the calendar.
    Month,
}

impl Grain {
    /// All, the finest first.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Month];

    /// For how long its buckets are kept; none: for ever.
    #[must_use]
    pub fn kept_ms(self) -> Option<Millis> {
        match self {
            Self::Hour => Some(90 * DAY_MS),
            Self::Day | Self::Month => None,
        }
    }
}

/// A clock at a fixed distance from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Minutes that it is ahead.
    pub utc_offset_minutes: i32,
}

impl Clock {
    /// Begin of the bucket that a moment falls into.
    #[must_use]
    pub fn floor(self, at: Millis, grain: Grain) -> Millis {
        let local = at.saturating_add(self.offset_ms());
        let begin = match grain {
            Grain::Hour => local - local.rem_euclid(HOUR_MS),
            Grain::Day => local - local.rem_euclid(DAY_MS),
            Grain::Month => {
                let day = Day(local.div_euclid(DAY_MS));
                let (_, _, of_month) = day.date();
                (day.0 - (of_month - 1)) * DAY_MS
            }
        };
        begin - self.offset_ms()
    }

    /// Begin of the bucket after the one that a moment falls into.
    #[must_use]
    pub fn next(self, at: Millis, grain: Grain) -> Millis {
        let begin = self.floor(at, grain);
        match grain {
            Grain::Hour => begin + HOUR_MS,
            Grain::Day => begin + DAY_MS,
            // The longest month has 31 days, the shortest 28.
            Grain::Month => self.floor(begin + 31 * DAY_MS, Grain::Month),
        }
    }

    /// Begin of the bucket that a moment falls into, or the moment itself where one ends there: the
    /// end of a period of whole buckets.
    #[must_use]
    pub fn ceil(self, at: Millis, grain: Grain) -> Millis {
        match self.floor(at, grain) {
            begin if begin == at => at,
            begin => self.next(begin, grain),
        }
    }

    /// Weekday (0 is Monday) and hour of a moment.
    #[must_use]
    pub fn weekday_hour(self, at: Millis) -> (u8, u8) {
        let local = at.saturating_add(self.offset_ms());
        let weekday = Day(local.div_euclid(DAY_MS)).weekday();
        let hour = local.rem_euclid(DAY_MS) / HOUR_MS;
        (
            u8::try_from(weekday).unwrap_or(0),
            u8::try_from(hour).unwrap_or(0),
        )
    }

    /// The moments between which whole months, then whole days, cover a period of whole days: begin
    /// of the first whole month and end of the last one; the same twice where there is none.
    #[must_use]
    pub fn whole_months(self, from: Millis, to: Millis) -> (Millis, Millis) {
        let first = self.ceil(from, Grain::Month);
        let last = self.floor(to, Grain::Month);
        if first < last {
            (first, last)
        } else {
            (to, to)
        }
    }

    /// Whole days and months that cover a period, as few as there may be. Days that are cut are taken
    /// whole.
    #[must_use]
    pub fn days_and_months(self, from: Millis, to: Millis) -> Vec<(Grain, Millis, Millis)> {
        let (from, to) = (self.floor(from, Grain::Day), self.ceil(to, Grain::Day));
        let (first, last) = self.whole_months(from, to);
        let mut pieces = vec![
            (Grain::Day, from, first),
            (Grain::Month, first, last),
            (Grain::Day, last, to),
        ];
        pieces.retain(|(_, from, to)| from < to);
        pieces
    }

    fn offset_ms(self) -> Millis {
        Millis::from(self.utc_offset_minutes) * MINUTE_MS
    }
}
