use proptest::prelude::*;
use uuid::Uuid;

use super::{BusinessHours, Day, DayKind, Period, Span, Unfit};
use crate::{Millis, id::HoursId};

const HOUR: Millis = 3_600_000;
const MORNING: Period = Period::of((9, 0), (12, 0));
const AFTERNOON: Period = Period::of((13, 30), (18, 0));

/// 9:00–12:00 and 13:30–18:00 on the workdays of 2026: seven and a half hours a day.
fn office() -> BusinessHours {
    BusinessHours::china(
        HoursId(Uuid::from_u128(1)),
        "客服工作时间",
        &[MORNING, AFTERNOON],
        &[2026],
    )
}

/// `10-09 17:30` in China in 2026, as a moment.
fn at(text: &str) -> Millis {
    let (date, time) = text.split_once(' ').unwrap();
    let day: Day = format!("2026-{date}").parse().unwrap();
    let (hour, minute) = time.split_once(':').unwrap();
    let minutes: i64 = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
    day.0 * 24 * HOUR + minutes * 60_000 - 8 * HOUR
}

#[test]
fn days_are_counted_and_written() {
    for (text, number, weekday) in [
        ("1970-01-01", 0, 3),
        ("1969-12-31", -1, 2),
        ("2000-02-29", 11_016, 1),
        ("2026-10-10", 20_736, 5),
        ("2026-11-26", 20_783, 3),
    ] {
        let day: Day = text.parse().unwrap();
        assert_eq!((day.0, day.weekday()), (number, weekday), "{text}");
        assert_eq!(day.to_string(), text);
    }
    for text in [
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-10",
        "",
        "a-b-c",
        "2026-1-1-1",
    ] {
        assert!(text.parse::<Day>().is_err(), "{text}");
    }
    assert_eq!(serde_json::to_string(&Day(0)).unwrap(), "\"1970-01-01\"");
    assert_eq!(
        serde_json::from_str::<Day>("\"2026-10-10\"").unwrap(),
        Day(20_736)
    );
}

#[test]
fn a_moment_is_open_or_not() {
    let hours = office();
    for (when, open) in [
        ("10-12 08:59", false), // a Monday
        ("10-12 09:00", true),
        ("10-12 11:59", true),
        ("10-12 12:00", false), // lunch
        ("10-12 13:30", true),
        ("10-12 18:00", false),
        ("10-11 10:00", false), // a Sunday
        ("10-10 10:00", true),  // a Saturday that is worked
        ("10-10 12:30", false),
        ("09-20 10:00", true),  // a Sunday that is worked
        ("10-01 10:00", false), // a Thursday that is a holiday
        ("10-07 10:00", false),
        ("10-08 10:00", true),
        ("02-23 10:00", false),
        ("02-28 10:00", true),
    ] {
        assert_eq!(hours.is_open(at(when)), open, "{when}");
    }
}

#[test]
fn the_kind_of_a_day_is_named() {
    let hours = office();
    for (day, kind) in [
        ("2026-10-09", DayKind::Workday),
        ("2026-10-10", DayKind::MakeUp("国庆节调休")),
        ("2026-10-11", DayKind::DayOff),
        ("2026-10-03", DayKind::Holiday("国庆节")),
    ] {
        assert_eq!(hours.kind_of(day.parse().unwrap()), kind, "{day}");
    }
}

#[test]
fn the_next_opening_is_found() {
    let hours = office();
    for (when, next) in [
        ("10-12 10:00", "10-12 10:00"),
        ("10-12 12:10", "10-12 13:30"),
        ("10-12 18:00", "10-13 09:00"),
        ("09-30 18:00", "10-08 09:00"), // over the whole holiday
        ("10-09 18:00", "10-10 09:00"), // into the Saturday that is worked
        ("10-10 18:00", "10-12 09:00"),
        ("02-13 23:00", "02-14 09:00"),
        ("02-14 18:00", "02-24 09:00"),
    ] {
        assert_eq!(hours.next_open(at(when)), Some(at(next)), "{when}");
    }
    let never = BusinessHours::china(HoursId(Uuid::nil()), "", &[], &[]);
    assert_eq!(never.next_open(0), None);
    assert_eq!(never.add_business_ms(0, 1), None);
}

#[test]
fn business_time_is_counted_and_added() {
    let hours = office();
    let minute = 60_000;
    for (from, to, minutes) in [
        ("10-12 09:00", "10-12 09:00", 0),
        ("10-12 09:00", "10-12 10:15", 75),
        ("10-12 11:30", "10-12 14:00", 60), // lunch does not count
        ("10-12 17:30", "10-13 09:30", 60), // neither does the night
        ("10-09 17:00", "10-10 10:00", 120), // Friday to the worked Saturday
        ("10-10 17:00", "10-12 10:00", 120), // and over the Sunday
        ("09-30 17:00", "10-08 10:00", 120), // and over the holiday
        ("10-09 00:00", "10-17 00:00", 7 * 450), // Friday, Saturday, Monday to Friday
    ] {
        let ms = minutes * minute;
        assert_eq!(
            hours.business_ms_between(at(from), at(to)),
            ms,
            "{from} – {to}"
        );
        assert_eq!(hours.business_ms_between(at(to), at(from)), 0);
        if minutes > 0 && hours.is_open(at(to)) {
            assert_eq!(hours.add_business_ms(at(from), ms), Some(at(to)), "{from}");
        }
    }
    // What ends with a period ends there, not at the start of the next one.
    assert_eq!(
        hours.add_business_ms(at("10-12 17:00"), HOUR),
        Some(at("10-12 18:00"))
    );
    // Nothing to add is no time at all, open or not.
    assert_eq!(
        hours.add_business_ms(at("10-11 10:00"), 0),
        Some(at("10-11 10:00"))
    );
}

#[test]
fn the_open_stretches_explain_the_count() {
    let hours = office();
    let spans: Vec<Span> = hours
        .open_spans(at("10-10 11:00"), at("10-12 09:30"))
        .collect();
    let expected = [
        ("10-10 11:00", "10-10 12:00"),
        ("10-10 13:30", "10-10 18:00"),
        ("10-12 09:00", "10-12 09:30"),
    ];
    assert_eq!(
        spans,
        expected.map(|(from, to)| Span {
            from: at(from),
            to: at(to)
        })
    );
}

#[test]
fn a_night_shift_is_two_periods() {
    let mut hours = BusinessHours::china(HoursId(Uuid::nil()), "夜班", &[], &[]);
    hours.week[0] = vec![Period::of((22, 0), (24, 0))];
    hours.week[1] = vec![Period::of((0, 0), (6, 0))];
    hours.check().unwrap();
    assert_eq!(
        hours.business_ms_between(at("10-12 21:00"), at("10-13 07:00")),
        8 * HOUR
    );
    assert!(hours.is_open(at("10-13 00:00")));
}

#[test]
fn a_calendar_that_makes_no_sense_is_refused() {
    let with = |periods: Vec<Period>| {
        let mut hours = office();
        hours.week[2] = periods;
        hours.check()
    };
    assert_eq!(with(vec![MORNING, AFTERNOON]), Ok(()));
    assert_eq!(with(vec![AFTERNOON, MORNING]), Err(Unfit::Overlap));
    assert_eq!(
        with(vec![MORNING, Period::of((11, 0), (13, 0))]),
        Err(Unfit::Overlap)
    );
    assert_eq!(with(vec![Period::of((9, 0), (9, 0))]), Err(Unfit::Period));
    assert_eq!(with(vec![Period::of((9, 0), (24, 1))]), Err(Unfit::Period));
    let mut far = office();
    for minutes in [1441, -1441, i32::MAX, i32::MIN] {
        far.utc_offset_minutes = minutes;
        assert_eq!(far.check(), Err(Unfit::Offset), "{minutes}");
    }
}

proptest! {
    /// Adding and counting are inverse, and the moment found is the earliest.
    #[test]
    fn added_time_is_counted_back(start in 0i64..31_536_000, minutes in 1i64..20_000) {
        let hours = office();
        let from = at("01-01 00:00") + start * 1000;
        let ms = minutes * 60_000;
        let end = hours.add_business_ms(from, ms).unwrap();
        prop_assert_eq!(hours.business_ms_between(from, end), ms);
        prop_assert!(hours.business_ms_between(from, end - 1) < ms);
    }

    /// A stretch counts as much as its two halves.
    #[test]
    fn a_stretch_is_the_sum_of_its_halves(cuts in prop::array::uniform3(0i64..31_536_000)) {
        let hours = office();
        let mut cuts = cuts.map(|second| at("01-01 00:00") + second * 1000);
        cuts.sort_unstable();
        let [a, b, c] = cuts;
        prop_assert_eq!(
            hours.business_ms_between(a, b) + hours.business_ms_between(b, c),
            hours.business_ms_between(a, c)
        );
    }

    /// The calendar's days run on without a gap, and every date is read back.
    #[test]
    fn dates_are_read_back(number in -700_000i64..2_900_000) {
        let day = Day(number);
        let (year, month, date) = day.date();
        prop_assert_eq!(Day::of(year, month, date), (0..=9999).contains(&year).then_some(day));
    }
}

#[test]
fn it_stays_open_until_a_period_ends_that_no_other_one_follows() {
    let office = office();
    for (moment, until) in [
        ("11-26 09:00", Some("11-26 12:00")),
        ("11-26 11:59", Some("11-26 12:00")),
        ("11-26 12:00", None),
        ("11-26 14:00", Some("11-26 18:00")),
        ("11-28 10:00", None),
    ] {
        assert_eq!(office.open_until(at(moment)), until.map(at), "{moment}");
    }
    let mut night = office;
    let evening = Period::of((20, 0), (24, 0));
    night.week[3] = vec![evening];
    night.week[4] = vec![Period::of((0, 0), (6, 0)), Period::of((6, 0), (7, 0))];
    assert_eq!(
        night.open_until(at("11-26 22:00")),
        Some(at("11-27 07:00")),
        "over midnight"
    );
    let always = BusinessHours::always(HoursId(Uuid::from_u128(2)));
    assert_eq!(always.open_until(at("11-26 22:00")), None, "never closes");
}
