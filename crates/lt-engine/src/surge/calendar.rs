//! Which hour of which kind of day it is.

use std::collections::BTreeMap;

use lt_model::{
    Millis,
    hours::{BusinessHours, CHINA_OFFSET_MINUTES, Day},
};

/// Hours of a week.
pub(super) const N_SLOTS: usize = 168;
/// Hours since the epoch (UTC).
pub(super) type Hour = i64;

const HOUR_MS: Millis = 3_600_000;
const FRIDAY: i64 = 4;
const SATURDAY: i64 = 5;
const SUNDAY: i64 = 6;

/// Names the hour of the week of a moment, where a holiday counts as a Sunday and an extra workday
/// (调休) as the workday next to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    offset_ms: Millis,
    /// Days that are not what their weekday says, with the weekday that they are like.
    days: BTreeMap<i64, i64>,
}

impl Default for Calendar {
    /// China's clock, every day what its weekday says.
    fn default() -> Self {
        Self {
            offset_ms: Millis::from(CHINA_OFFSET_MINUTES) * 60_000,
            days: BTreeMap::new(),
        }
    }
}

impl From<&BusinessHours> for Calendar {
    fn from(hours: &BusinessHours) -> Self {
        let mut days: BTreeMap<i64, i64> = BTreeMap::new();
        for holiday in &hours.holidays {
            days.insert(holiday.day.0, SUNDAY);
        }
        for workday in &hours.workdays {
            let like = match weekday(workday.day) {
                SATURDAY => FRIDAY,
                SUNDAY => 0,
                other => other,
            };
            days.insert(workday.day.0, like);
        }
        Self {
            offset_ms: Millis::from(hours.utc_offset_minutes) * 60_000,
            days,
        }
    }
}

impl Calendar {
    /// The hour of the week, 0 to 167, of an hour since the epoch.
    pub(super) fn slot(&self, hour: Hour) -> usize {
        let local = hour.saturating_mul(HOUR_MS).saturating_add(self.offset_ms);
        let day = local.div_euclid(24 * HOUR_MS);
        let of_day = local.rem_euclid(24 * HOUR_MS) / HOUR_MS;
        let weekday = match self.days.get(&day) {
            Some(like) => *like,
            None => weekday(Day(day)),
        };
        usize::try_from(weekday * 24 + of_day).map_or(0, |slot| slot.min(N_SLOTS - 1))
    }
}

/// 0 is Monday.
fn weekday(day: Day) -> i64 {
    i64::try_from(day.weekday()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use lt_model::{hours::Period, id::HoursId};

    use super::*;

    #[test]
    fn holidays_are_sundays_and_make_up_days_are_workdays() {
        let periods = [Period::of((9, 0), (18, 0))];
        let id: HoursId = "00000000-0000-0000-0000-000000000000".parse().unwrap();
        let hours = BusinessHours::china(id, "", &periods, &[2026]);
        let calendar = Calendar::from(&hours);
        let slot = |at: &str| {
            let day: Day = at.parse().unwrap();
            // Ten in the morning in China.
            calendar.slot(day.0 * 24 + 2)
        };
        assert_eq!(slot("2026-11-26"), 3 * 24 + 10, "a Thursday");
        assert_eq!(slot("2026-10-01"), 6 * 24 + 10, "a holiday on a Thursday");
        let extra = hours.workdays.first().unwrap().day;
        let like = calendar.slot(extra.0 * 24 + 2) / 24;
        assert!(like == 4 || like == 0, "{like}");
    }
}
