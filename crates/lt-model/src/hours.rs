//! Business hours (工作时间): when promises run and when somebody is there.
//!
//! One set of functions for routing, for deadlines and for what a desk shows. A calendar has several
//! periods a weekday, holidays, and extra workdays (调休), at a fixed offset from UTC: China has had
//! no summer time since 1991.
//!
//! **Invariant:** a moment is open from the start of a period up to but without its end, so adjacent
//! periods neither overlap nor leave a hole.
//!
//! **Invariant:** [`BusinessHours::add_business_ms`] is the inverse of
//! [`BusinessHours::business_ms_between`]: it gives the earliest moment by which that much business
//! time has passed.

pub mod china;
mod day;
mod wall;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::{
    day::{Day, NoDay},
    wall::WallTime,
};
use crate::{Millis, id::HoursId};

/// Milliseconds of a minute.
const MINUTE_MS: Millis = 60_000;
/// Milliseconds of a day.
const DAY_MS: Millis = 86_400_000;
/// Minutes of a day.
const DAY_MINUTES: u16 = 1440;
/// How far ahead an open moment is looked for.
const HORIZON_DAYS: i64 = 3_700;
/// Minutes by which China's time is ahead of UTC.
pub const CHINA_OFFSET_MINUTES: i32 = 480;

/// Part of a day, in minutes after its midnight: `from` inclusive, `to` exclusive. A period over
/// midnight is two: one up to 1440, and one from 0 on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct Period {
    /// First minute.
    pub from: u16,
    /// The minute after the last one, at most 1440.
    pub to: u16,
}

/// A day on which nobody is there (节假日).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Holiday {
    /// Which day.
    pub day: Day,
    /// Its name.
    pub name: String,
}

/// A day that is worked although its weekday is not, or with other periods than its weekday (调休).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Workday {
    /// Which day.
    pub day: Day,
    /// Why.
    pub name: String,
    /// When it is worked.
    pub periods: Vec<Period>,
}

/// One calendar of business hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BusinessHours {
    /// Its id.
    pub id: HoursId,
    /// Shown name, such as 客服工作时间.
    pub name: String,
    /// Minutes that its clock is ahead of UTC: 480 in China.
    pub utc_offset_minutes: i32,
    /// Periods of each weekday, Monday first.
    pub week: [Vec<Period>; 7],
    /// Days off.
    pub holidays: Vec<Holiday>,
    /// Extra workdays; they win over holidays and over the week.
    pub workdays: Vec<Workday>,
}

/// What kind of day it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// A weekday with periods.
    Workday,
    /// A weekday without.
    DayOff,
    /// 节假日.
    Holiday(&'a str),
    /// 调休.
    MakeUp(&'a str),
}

/// A stretch of time, `from` inclusive, `to` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct Span {
    /// Its start.
    #[ts(type = "number")]
    pub from: Millis,
    /// Its end.
    #[ts(type = "number")]
    pub to: Millis,
}

/// Why a calendar is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A period ends before it begins, or after midnight.
    #[error("a period ends before it begins or after midnight")]
    Period,
    /// Two periods of a day overlap, or the later one comes first.
    #[error("periods of one day overlap or are out of order")]
    Overlap,
    /// No clock is that far from UTC.
    #[error("the offset from UTC is more than a day")]
    Offset,
}

impl Period {
    /// From hour:minute to hour:minute.
    #[must_use]
    pub const fn of(from: (u16, u16), to: (u16, u16)) -> Self {
        Self {
            from: from.0 * 60 + from.1,
            to: to.0 * 60 + to.1,
        }
    }
}

impl BusinessHours {
    /// A calendar that is always open.
    #[must_use]
    pub fn always(id: HoursId) -> Self {
        let all_day = vec![Period {
            from: 0,
            to: DAY_MINUTES,
        }];
        Self {
            id,
            name: "全天候".to_owned(),
            utc_offset_minutes: CHINA_OFFSET_MINUTES,
            week: std::array::from_fn(|_| all_day.clone()),
            holidays: Vec::new(),
            workdays: Vec::new(),
        }
    }

    /// Monday to Friday with these periods, in China, with the statutory holidays of the years.
    #[must_use]
    pub fn china(id: HoursId, name: &str, periods: &[Period], years: &[i64]) -> Self {
        let mut hours = Self {
            id,
            name: name.to_owned(),
            utc_offset_minutes: CHINA_OFFSET_MINUTES,
            week: std::array::from_fn(|weekday| match weekday {
                0..5 => periods.to_vec(),
                _ => Vec::new(),
            }),
            holidays: Vec::new(),
            workdays: Vec::new(),
        };
        for (holidays, workdays) in years.iter().filter_map(|year| china::year(*year, periods)) {
            hours.holidays.extend(holidays);
            hours.workdays.extend(workdays);
        }
        hours
    }

    /// Checks that every period makes sense.
    ///
    /// # Errors
    /// See [`Unfit`].
    pub fn check(&self) -> Result<(), Unfit> {
        if self.utc_offset_minutes.unsigned_abs() > u32::from(DAY_MINUTES) {
            return Err(Unfit::Offset);
        }
        let days = self.week.iter();
        for periods in days.chain(self.workdays.iter().map(|day| &day.periods)) {
            if periods
                .iter()
                .any(|period| period.from >= period.to || period.to > DAY_MINUTES)
            {
                return Err(Unfit::Period);
            }
            let next = periods.iter().skip(1);
            if periods
                .iter()
                .zip(next)
                .any(|(earlier, later)| earlier.to > later.from)
            {
                return Err(Unfit::Overlap);
            }
        }
        Ok(())
    }

    /// The day of this calendar that a moment falls on.
    #[must_use]
    pub fn day_of(&self, at: Millis) -> Day {
        WallTime::of(at, self.utc_offset_minutes).day
    }

    /// What kind of day it is.
    #[must_use]
    pub fn kind_of(&self, day: Day) -> DayKind<'_> {
        if let Some(extra) = self.workdays.iter().find(|extra| extra.day == day) {
            return DayKind::MakeUp(&extra.name);
        }
        if let Some(holiday) = self.holidays.iter().find(|holiday| holiday.day == day) {
            return DayKind::Holiday(&holiday.name);
        }
        match self.weekday(day).is_empty() {
            true => DayKind::DayOff,
            false => DayKind::Workday,
        }
    }

    /// The open periods of a day, in order.
    #[must_use]
    pub fn periods_of(&self, day: Day) -> &[Period] {
        if let Some(extra) = self.workdays.iter().find(|extra| extra.day == day) {
            return &extra.periods;
        }
        match self.holidays.iter().any(|holiday| holiday.day == day) {
            true => &[],
            false => self.weekday(day),
        }
    }

    /// Whether the moment is within business hours.
    #[must_use]
    pub fn is_open(&self, at: Millis) -> bool {
        self.spans_of(self.day_of(at))
            .any(|span| span.from <= at && at < span.to)
    }

    /// The moment itself when it is open, else the next opening. None when nothing opens within ten
    /// years.
    #[must_use]
    pub fn next_open(&self, at: Millis) -> Option<Millis> {
        let first = self.day_of(at);
        (0..=HORIZON_DAYS)
            .flat_map(|ahead| self.spans_of(Day(first.0 + ahead)))
            .find(|span| at < span.to)
            .map(|span| span.from.max(at))
    }

    /// Until when it stays open from this moment on, periods that touch taken together. None when it
    /// is not open now, or never closes within ten years.
    #[must_use]
    pub fn open_until(&self, at: Millis) -> Option<Millis> {
        let first = self.day_of(at);
        let mut until = None;
        for span in (0..=HORIZON_DAYS).flat_map(|ahead| self.spans_of(Day(first.0 + ahead))) {
            match until {
                None if span.from <= at && at < span.to => until = Some(span.to),
                None if at < span.from => return None,
                None => {}
                Some(end) if span.from == end => until = Some(span.to),
                Some(end) => return Some(end),
            }
        }
        None
    }

    /// The open stretches between two moments, in order; those that touch are kept apart. Empty when
    /// `to` is not after `from`.
    pub fn open_spans(&self, from: Millis, to: Millis) -> impl Iterator<Item = Span> + '_ {
        let (first, last) = (self.day_of(from), self.day_of(to));
        (first.0..=last.0)
            .flat_map(|day| self.spans_of(Day(day)))
            .filter_map(move |span| {
                let (from, to) = (span.from.max(from), span.to.min(to));
                (from < to).then_some(Span { from, to })
            })
    }

    /// How much business time passes between two moments; 0 when `to` is not after `from`.
    #[must_use]
    pub fn business_ms_between(&self, from: Millis, to: Millis) -> Millis {
        self.open_spans(from, to)
            .map(|span| span.to - span.from)
            .sum()
    }

    /// The earliest moment by which `ms` of business time have passed since `at`; `at` itself for 0
    /// or less. None when that much does not pass within ten years.
    #[must_use]
    pub fn add_business_ms(&self, at: Millis, ms: Millis) -> Option<Millis> {
        if ms <= 0 {
            return Some(at);
        }
        let mut left = ms;
        let end = at.saturating_add(HORIZON_DAYS * DAY_MS);
        for span in self.open_spans(at, end) {
            let length = span.to - span.from;
            if left <= length {
                return Some(span.from + left);
            }
            left -= length;
        }
        None
    }

    fn weekday(&self, day: Day) -> &[Period] {
        self.week.get(day.weekday()).map_or(&[], Vec::as_slice)
    }

    fn spans_of(&self, day: Day) -> impl Iterator<Item = Span> + '_ {
        let midnight = day.0 * DAY_MS - self.offset_ms();
        self.periods_of(day).iter().map(move |period| Span {
            from: midnight + Millis::from(period.from) * MINUTE_MS,
            to: midnight + Millis::from(period.to) * MINUTE_MS,
        })
    }

    fn offset_ms(&self) -> Millis {
        Millis::from(self.utc_offset_minutes) * MINUTE_MS
    }
}

#[cfg(test)]
mod tests;
