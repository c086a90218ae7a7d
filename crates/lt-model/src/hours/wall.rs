//! Moments as a clock on a wall shows them, at a fixed offset from UTC.

use std::fmt;

use super::{CHINA_OFFSET_MINUTES, DAY_MS, Day, MINUTE_MS};
use crate::Millis;

/// A moment by a clock: written `2026-11-26 10:42`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime {
    /// The day.
    pub day: Day,
    /// Milliseconds since its midnight.
    pub ms: Millis,
}

impl WallTime {
    /// A moment by a clock that is so many minutes ahead of UTC.
    #[must_use]
    pub fn of(at: Millis, utc_offset_minutes: i32) -> Self {
        let here = at.saturating_add(Millis::from(utc_offset_minutes) * MINUTE_MS);
        Self {
            day: Day(here.div_euclid(DAY_MS)),
            ms: here.rem_euclid(DAY_MS),
        }
    }

    /// A moment by the clock of China.
    #[must_use]
    pub fn china(at: Millis) -> Self {
        Self::of(at, CHINA_OFFSET_MINUTES)
    }

    /// `10:42`
    #[must_use]
    pub fn time(self) -> String {
        let minute = self.ms / MINUTE_MS;
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    /// `20261126-104205`, for the name of a file.
    #[must_use]
    pub fn stamp(self) -> String {
        let ((year, month, day), second) = (self.day.date(), self.ms / 1_000);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}")
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.day, self.time())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_as_the_clock_shows_it() {
        for (at, offset, expected, stamp) in [
            (0, 0, "1970-01-01 00:00", "19700101-000000"),
            (-1, 0, "1969-12-31 23:59", "19691231-235959"),
            (0, 480, "1970-01-01 08:00", "19700101-080000"),
            (951_782_399_000, 0, "2000-02-28 23:59", "20000228-235959"),
            (951_782_400_000, 0, "2000-02-29 00:00", "20000229-000000"),
            (
                1_795_449_599_999,
                480,
                "2026-11-23 23:59",
                "20261123-235959",
            ),
            (
                1_795_449_600_000,
                480,
                "2026-11-24 00:00",
                "20261124-000000",
            ),
            (
                1_795_449_600_000,
                -330,
                "2026-11-23 10:30",
                "20261123-103000",
            ),
            (4_107_542_400_000, 0, "2100-03-01 00:00", "21000301-000000"),
        ] {
            let wall = WallTime::of(at, offset);
            assert_eq!(
                (wall.to_string(), wall.stamp()),
                (expected.into(), stamp.into())
            );
        }
    }
}
