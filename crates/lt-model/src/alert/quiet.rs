//! Quiet hours (免打扰): when nobody is woken.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Millis, hours::CHINA_OFFSET_MINUTES};

const MINUTE_MS: Millis = 60_000;
const DAY_MINUTES: i64 = 1_440;

/// A part of every day, in minutes after midnight: `from` inclusive, `to` exclusive. Over midnight
/// where `to` is not after `from`; equal ones are never quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// First quiet minute, below 1,440.
    pub from: u16,
    /// First minute after, below 1,440.
    pub to: u16,
    /// Minutes that the clock is ahead of UTC.
    #[serde(default = "china")]
    pub utc_offset_minutes: i32,
    /// Whether what is critical is told all the same.
    #[serde(default = "yes")]
    pub let_critical_through: bool,
}

const fn china() -> i32 {
    CHINA_OFFSET_MINUTES
}

const fn yes() -> bool {
    true
}

impl QuietHours {
    /// Whether it makes sense.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        let is_minute = |minute: u16| i64::from(minute) < DAY_MINUTES;
        is_minute(self.from) && is_minute(self.to) && self.utc_offset_minutes.abs() <= 24 * 60
    }

    /// Whether it is quiet.
    #[must_use]
    pub fn is_quiet(&self, now: Millis) -> bool {
        self.ends_at(now).is_some()
    }

    /// When the quiet time ends that it is in; none where it is in none.
    #[must_use]
    pub fn ends_at(&self, now: Millis) -> Option<Millis> {
        let local = now.div_euclid(MINUTE_MS) + i64::from(self.utc_offset_minutes);
        let minute = local.rem_euclid(DAY_MINUTES);
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        let length = (to - from).rem_euclid(DAY_MINUTES);
        let passed = (minute - from).rem_euclid(DAY_MINUTES);
        let left = length - passed;
        (left > 0).then(|| (now.div_euclid(MINUTE_MS) + left) * MINUTE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hours(from: u16, to: u16) -> QuietHours {
        QuietHours {
            from,
            to,
            utc_offset_minutes: CHINA_OFFSET_MINUTES,
            let_critical_through: true,
        }
    }

    /// A moment of a day in China.
    fn at(hour: i64, minute: i64) -> Millis {
        (20_000 * DAY_MINUTES + hour * 60 + minute - i64::from(CHINA_OFFSET_MINUTES)) * MINUTE_MS
    }

    #[test]
    fn table() {
        let night = hours(22 * 60, 8 * 60);
        let noon = hours(12 * 60, 13 * 60);
        for (hours, now, ends) in [
            (night, at(21, 59), None),
            (night, at(22, 0), Some(at(32, 0))),
            (night, at(23, 59), Some(at(32, 0))),
            (night, at(0, 0), Some(at(8, 0))),
            (night, at(7, 59), Some(at(8, 0))),
            (night, at(8, 0), None),
            (noon, at(11, 59), None),
            (noon, at(12, 30), Some(at(13, 0))),
            (noon, at(13, 0), None),
            (hours_equal(), at(9, 0), None),
        ] {
            assert_eq!(hours.ends_at(now), ends, "{hours:?} {now}");
        }
        assert!(!hours(1_440, 0).is_fit());
    }

    fn hours_equal() -> QuietHours {
        hours(9 * 60, 9 * 60)
    }

    proptest! {
        #[test]
        fn it_is_quiet_up_to_its_end_and_not_at_it(from in 0_u16..1_440, to in 0_u16..1_440, now in 0_i64..4_000_000_000_000) {
            let hours = hours(from, to);
            if let Some(end) = hours.ends_at(now) {
                prop_assert!(end > now);
                prop_assert!(hours.is_quiet(end - 1));
                prop_assert!(!hours.is_quiet(end));
            }
        }
    }
}
