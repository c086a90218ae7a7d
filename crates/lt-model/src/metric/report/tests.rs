use super::*;
use crate::hours::Day;

const MINUTE_MS: Millis = 60_000;

/// `2026-11-26 08:30` by a clock.
fn at(text: &str, utc_offset_minutes: i32) -> Millis {
    let (day, time) = text.split_once(' ').unwrap();
    let (hour, minute) = time.split_once(':').unwrap();
    let day: Day = day.parse().unwrap();
    let minutes =
        day.0 * 1_440 + hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
    (minutes - i64::from(utc_offset_minutes)) * MINUTE_MS
}

const EARLY: &str = "2026-01-01 00:00";

/// What is due: first day and the day after the last one, at midnight by the clock.
#[track_caller]
fn check(
    plan: ReportPlan,
    (since, done_until, now): (&str, Option<&str>, &str),
    expected: Option<(&str, &str)>,
) {
    // China, Greenwich, New York in winter, Nepal, the islands that begin the day.
    for utc_offset_minutes in [480, 0, -300, 345, 840] {
        let clock = Clock { utc_offset_minutes };
        let of = |text: &str| at(text, utc_offset_minutes);
        let midnight = |day: &str| of(&format!("{day} 00:00"));
        let due = plan.due(of(since), done_until.map(midnight), of(now), clock);
        let expected = expected.map(|(from, to)| ReportPeriod {
            from: midnight(from),
            to: midnight(to),
        });
        assert_eq!(due, expected, "{plan:?} {utc_offset_minutes} at {now}");
    }
}

#[test]
fn a_daily_one_is_of_yesterday_from_its_hour_on() {
    let plan = ReportPlan::Day { hour: 8 };
    let none = None;
    let yesterday = Some(("2026-11-25", "2026-11-26"));
    let before = Some(("2026-11-24", "2026-11-25"));
    for (done, now, expected) in [
        (none, "2026-11-26 08:00", yesterday),
        (none, "2026-11-26 23:59", yesterday),
        // Not yet: what is latest is the one before.
        (none, "2026-11-26 07:59", before),
        (Some("2026-11-25"), "2026-11-26 07:59", None),
        (Some("2026-11-25"), "2026-11-26 08:00", yesterday),
        (Some("2026-11-26"), "2026-11-26 08:00", None),
        // The server was away for days: the latest alone.
        (Some("2026-11-20"), "2026-11-26 09:00", yesterday),
        // A clock that went back makes none again.
        (Some("2026-11-26"), "2026-11-25 09:00", None),
    ] {
        check(plan, (EARLY, done, now), expected);
    }
    let midnight = ReportPlan::Day { hour: 0 };
    check(
        midnight,
        (EARLY, None, "2026-03-01 00:00"),
        Some(("2026-02-28", "2026-03-01")),
    );
    check(
        midnight,
        (EARLY, None, "2028-03-01 00:00"),
        Some(("2028-02-29", "2028-03-01")),
    );
    let late = ReportPlan::Day { hour: 23 };
    check(
        late,
        (EARLY, None, "2027-01-01 22:59"),
        Some(("2026-12-30", "2026-12-31")),
    );
    check(
        late,
        (EARLY, None, "2027-01-01 23:00"),
        Some(("2026-12-31", "2027-01-01")),
    );
}

#[test]
fn a_weekly_one_is_of_the_seven_days_before_its_day() {
    // 2026-11-23 is a Monday.
    let monday = ReportPlan::Week {
        weekday: 0,
        hour: 9,
    };
    let week = Some(("2026-11-16", "2026-11-23"));
    let before = Some(("2026-11-09", "2026-11-16"));
    for (done, now, expected) in [
        (None, "2026-11-23 09:00", week),
        (None, "2026-11-23 08:59", before),
        (None, "2026-11-29 23:59", week),
        (Some("2026-11-16"), "2026-11-23 08:59", None),
        (Some("2026-11-23"), "2026-11-29 23:59", None),
        (Some("2026-11-02"), "2026-11-26 12:00", week),
    ] {
        check(monday, (EARLY, done, now), expected);
    }
    let sunday = ReportPlan::Week {
        weekday: 6,
        hour: 0,
    };
    check(
        sunday,
        (EARLY, None, "2026-11-23 09:00"),
        Some(("2026-11-15", "2026-11-22")),
    );
    check(
        sunday,
        (EARLY, None, "2026-11-22 00:00"),
        Some(("2026-11-15", "2026-11-22")),
    );
}

#[test]
fn who_asks_for_them_gets_those_that_fall_due_from_then_on() {
    let plan = ReportPlan::Day { hour: 8 };
    let since = "2026-11-26 10:00";
    check(plan, (since, None, "2026-11-26 10:00"), None);
    check(plan, (since, None, "2026-11-27 07:59"), None);
    check(
        plan,
        (since, None, "2026-11-27 08:00"),
        Some(("2026-11-26", "2026-11-27")),
    );
    // In the very moment.
    check(
        plan,
        ("2026-11-26 08:00", None, "2026-11-26 08:00"),
        Some(("2026-11-25", "2026-11-26")),
    );
    let weekly = ReportPlan::Week {
        weekday: 3,
        hour: 8,
    };
    check(weekly, (since, None, "2026-12-03 07:59"), None);
    check(
        weekly,
        (since, None, "2026-12-03 08:00"),
        Some(("2026-11-26", "2026-12-03")),
    );
}

/// Today's came at eight; then the hour is changed.
#[test]
fn another_hour_sends_none_twice_and_loses_none() {
    let done = Some("2026-11-26");
    let late = ReportPlan::Day { hour: 18 };
    check(late, (EARLY, done, "2026-11-26 10:00"), None);
    check(late, (EARLY, done, "2026-11-26 18:00"), None);
    check(late, (EARLY, done, "2026-11-27 17:59"), None);
    check(
        late,
        (EARLY, done, "2026-11-27 18:00"),
        Some(("2026-11-26", "2026-11-27")),
    );
    // Today's was to come at six in the evening, and is now wanted at eight: it comes at once.
    let early = ReportPlan::Day { hour: 8 };
    check(
        early,
        (EARLY, Some("2026-11-25"), "2026-11-26 10:00"),
        Some(("2026-11-25", "2026-11-26")),
    );
    assert!(early.goes_on_with(late) && late.goes_on_with(early));
    let week = |weekday, hour| ReportPlan::Week { weekday, hour };
    assert!(week(0, 8).goes_on_with(week(0, 9)));
    assert!(!week(1, 8).goes_on_with(week(0, 8)));
    assert!(!week(0, 8).goes_on_with(early) && !early.goes_on_with(week(0, 8)));
}

#[test]
fn a_time_that_there_is_not_is_no_plan() {
    for (plan, is_fit) in [
        (ReportPlan::Day { hour: 23 }, true),
        (ReportPlan::Day { hour: 24 }, false),
        (
            ReportPlan::Week {
                weekday: 6,
                hour: 0,
            },
            true,
        ),
        (
            ReportPlan::Week {
                weekday: 7,
                hour: 0,
            },
            false,
        ),
        (
            ReportPlan::Week {
                weekday: 0,
                hour: 24,
            },
            false,
        ),
    ] {
        assert_eq!(plan.is_fit(), is_fit, "{plan:?}");
    }
}

#[test]
fn a_period_stands_beside_one_of_the_same_length() {
    let clock = Clock {
        utc_offset_minutes: 480,
    };
    let period = ReportSpan::Week.closed(at("2026-11-26 08:00", 480), clock);
    assert_eq!(period.to, at("2026-11-26 00:00", 480));
    assert_eq!(period.before().to, period.from);
    assert_eq!(period.before().from, at("2026-11-12 00:00", 480));
}
