use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::alert::{
    AlertBy, Measure,
    act::{AlertAct, NotDone},
    preview::preview,
    quiet::QuietHours,
    rule::{Escalation, RuleProblem},
    sample::{Counts, Sliding, start_of},
    standard,
};

const MIN: Millis = 60_000;
/// Noon of a day in China.
const NOON: Millis = 20_000 * DAY_MS + 4 * 3_600_000;

fn rule(measure: Measure, condition: Condition) -> RuleDraft {
    let mut rule = standard::rules().remove(0);
    rule.measure = measure;
    rule.condition = condition;
    (rule.window_min, rule.min_count) = (5, 10);
    rule.quiet = None;
    rule
}

fn failure() -> RuleDraft {
    rule(
        Measure::ResponseFailure,
        Condition::Above {
            limit: 1_000,
            clear: 800,
        },
    )
}

fn turns(turns: u32, failed: u32) -> Counts {
    Counts {
        turns,
        failed,
        ..Counts::default()
    }
}

fn course(minutes: &[Counts]) -> Course {
    let starts = (0..).map(|n: i64| NOON + n * MIN);
    Course::new(starts.zip(minutes.iter().cloned()))
}

/// What follows minute by minute.
fn follow(draft: &RuleDraft, minutes: &[Counts]) -> Vec<Turn> {
    let course = course(minutes);
    let mut watch = Watch::default();
    let n = i64::try_from(minutes.len()).unwrap();
    (0..n)
        .map(|n| {
            let now = NOON + n * MIN;
            let turn = watch.turn(draft, look(draft, &course, now), now);
            if turn == Turn::Begin {
                watch.alert = Some(Uuid::from_u128(1).into());
            }
            turn
        })
        .collect()
}

#[test]
fn a_rate_begins_over_its_limit_and_ends_at_its_clear_level() {
    use Turn::{Begin, End, GoOn, Quiet};
    let mut draft = failure();
    draft.window_min = 1;
    for (name, minutes, expected) in [
        (
            "exactly the limit is not over it",
            vec![turns(100, 10)],
            vec![Quiet],
        ),
        ("one more is", vec![turns(100, 11)], vec![Begin]),
        ("too few to tell", vec![turns(9, 9)], vec![Quiet]),
        (
            "between the levels it goes on",
            vec![turns(100, 11), turns(100, 9), turns(100, 8), turns(100, 9)],
            vec![Begin, GoOn, End, Quiet],
        ),
        (
            "when nothing happens any more it is over",
            vec![turns(100, 50), turns(0, 0)],
            vec![Begin, End],
        ),
    ] {
        assert_eq!(follow(&draft, &minutes), expected, "{name}");
    }
}

#[test]
fn a_window_adds_up_what_single_minutes_are_too_small_for() {
    let minutes = [turns(4, 1), turns(4, 1), turns(4, 1)];
    let turns = follow(&failure(), &minutes);
    assert_eq!(turns, [Turn::Quiet, Turn::Quiet, Turn::Begin]);
}

#[test]
fn what_is_read_off_needs_no_count_of_events() {
    let mut draft = rule(
        Measure::Backlog,
        Condition::Above {
            limit: 50,
            clear: 40,
        },
    );
    draft.min_count = 0;
    let at = |backlog| Counts {
        backlog: Some(backlog),
        ..Counts::default()
    };
    let minutes = [at(50), at(51), at(45), at(40), at(60)];
    use Turn::{Again, Begin, End, GoOn, Quiet};
    assert_eq!(follow(&draft, &minutes), [Quiet, Begin, GoOn, End, Again]);
    draft.rest_min = 0;
    assert_eq!(follow(&draft, &minutes), [Quiet, Begin, GoOn, End, Begin]);
    draft.for_min = 2;
    let minutes = [at(51), at(52), at(50), at(51), at(51), at(51)];
    assert_eq!(
        follow(&draft, &minutes),
        [Quiet, Quiet, Quiet, Quiet, Quiet, Begin]
    );
}

#[test]
fn nothing_is_missed_before_it_was_counted_nor_when_nobody_expects_it() {
    let mut draft = rule(Measure::Opened, Condition::Absent);
    draft.window_min = 3;
    let opened = |opened| Counts {
        opened,
        ..Counts::default()
    };
    use Turn::{Begin, End, GoOn, Quiet};
    let minutes = [
        opened(0),
        opened(0),
        opened(0),
        opened(0),
        opened(1),
        opened(0),
    ];
    let expected = [Quiet, Quiet, Begin, GoOn, End, Quiet];
    assert_eq!(follow(&draft, &minutes), expected);
    draft.quiet = Some(QuietHours {
        from: 11 * 60,
        to: 13 * 60,
        utc_offset_minutes: 480,
        let_critical_through: true,
    });
    assert_eq!(follow(&draft, &minutes), [Quiet; 6]);
}

#[test]
fn a_change_is_held_against_the_same_time_of_the_days_before() {
    let mut draft = rule(
        Measure::Opened,
        Condition::Change {
            direction: Direction::Up,
            by_percent: 100,
            clear_percent: 50,
            days: 3,
        },
    );
    (draft.window_min, draft.min_count) = (1, 5);
    let opened = |n| Counts {
        opened: n,
        ..Counts::default()
    };
    let seen = |draft: &RuleDraft, of_days: &[u32], today: u32| {
        let days = (1..).zip(of_days);
        let minutes = days.map(|(day, n)| (NOON - day * DAY_MS, opened(*n)));
        let course = Course::new(minutes.chain([(NOON, opened(today))]));
        look(draft, &course, NOON)
    };
    let bad = |of_days: &[u32], today| is_bad(&draft, seen(&draft, of_days, today), false);
    assert!(bad(&[10, 10, 90], 21), "the median is 10");
    assert!(!bad(&[10, 10, 90], 20));
    assert!(!bad(&[10, 10], 1_000), "two days are too few of three");
    let mut draft = draft.clone();
    draft.condition = Condition::Change {
        direction: Direction::Down,
        by_percent: 50,
        clear_percent: 20,
        days: 3,
    };
    let bad = |of_days: &[u32], today| is_bad(&draft, seen(&draft, of_days, today), false);
    assert!(
        bad(&[100, 100, 100], 4),
        "that there is little is bad itself"
    );
    assert!(!bad(&[100, 100, 100], 50));
}

fn fired(draft: &RuleDraft) -> (Alert, Telling) {
    let course = course(&[turns(100, 50)]);
    let ids = (Uuid::from_u128(7).into(), Uuid::from_u128(8).into());
    begin(ids, draft, look(draft, &course, NOON), NOON)
}

fn by(at: Millis) -> AlertBy {
    AlertBy {
        agent: Uuid::from_u128(9).into(),
        name: "陈班长".to_owned(),
        at,
    }
}

fn escalating() -> RuleDraft {
    let step = |after_min| Escalation {
        after_min,
        to: Audience::Admins,
        by: vec![NotifyChannel::Sms],
    };
    let mut draft = failure();
    draft.escalation = vec![step(10), step(20)];
    draft
}

#[test]
fn what_nobody_acknowledges_is_told_to_more_people() {
    let draft = escalating();
    let (mut alert, first) = fired(&draft);
    assert_eq!(
        (first.step, first.is_escalation, first.to),
        (1, false, Audience::Leads)
    );
    assert_eq!(alert.next_step_at, Some(NOON + 10 * MIN));
    assert_eq!(alert.tick(Some(&draft), NOON + 10 * MIN - 1), None);
    let second = alert.tick(Some(&draft), NOON + 10 * MIN).flatten().unwrap();
    assert_eq!(
        (second.step, second.is_escalation, second.to),
        (2, true, Audience::Admins)
    );
    assert_eq!(alert.tick(Some(&draft), NOON + 10 * MIN), None, "once");
    let third = alert.tick(Some(&draft), NOON + 40 * MIN).flatten().unwrap();
    assert_eq!((third.step, alert.next_step_at), (3, None));
    assert_eq!(alert.rings_at(), None);
}

#[test]
fn acknowledging_stops_that_and_can_be_done_once() {
    let draft = escalating();
    let (mut alert, _) = fired(&draft);
    assert_eq!(alert.act(AlertAct::Acknowledge, by(NOON + MIN)), Ok(()));
    assert_eq!(
        (alert.state, alert.rings_at()),
        (AlertState::Acknowledged, None)
    );
    assert_eq!(alert.tick(Some(&draft), NOON + 100 * MIN), None);
    let twice = alert.act(AlertAct::Acknowledge, by(NOON + 2 * MIN));
    assert_eq!(twice, Err(NotDone::Acknowledged));
    alert.end(None, NOON + 3 * MIN);
    let late = alert.act(AlertAct::Silence { minutes: 5 }, by(NOON + 4 * MIN));
    assert_eq!(late, Err(NotDone::Over));
}

#[test]
fn after_a_silence_it_is_told_again_from_the_first_step() {
    let draft = escalating();
    let (mut alert, _) = fired(&draft);
    let too_long = AlertAct::Silence { minutes: 20_000 };
    assert_eq!(alert.act(too_long, by(NOON)), Err(NotDone::Minutes));
    alert
        .act(AlertAct::Silence { minutes: 30 }, by(NOON))
        .unwrap();
    assert_eq!(alert.rings_at(), Some(NOON + 30 * MIN));
    assert_eq!(alert.tick(Some(&draft), NOON + 29 * MIN), None);
    let again = alert.tick(Some(&draft), NOON + 30 * MIN).flatten().unwrap();
    assert_eq!((again.step, again.is_escalation), (2, false));
    assert_eq!(alert.state, AlertState::Firing);
    assert_eq!(alert.next_step_at, Some(NOON + 40 * MIN));
}

#[test]
fn what_is_back_soon_goes_on_where_it_was() {
    let draft = escalating();
    let (mut alert, _) = fired(&draft);
    let seen = look(&draft, &course(&[turns(100, 50)]), NOON);
    alert.end(None, NOON + MIN);
    alert.again(&draft, seen, NOON + 2 * MIN);
    assert_eq!((alert.state, alert.step), (AlertState::Firing, 1));
    assert_eq!(alert.next_step_at, Some(NOON + 12 * MIN));
    alert
        .act(AlertAct::Silence { minutes: 30 }, by(NOON + 3 * MIN))
        .unwrap();
    alert.end(None, NOON + 4 * MIN);
    alert.again(&draft, seen, NOON + 5 * MIN);
    assert_eq!(alert.state, AlertState::Silenced);
    assert_eq!(alert.rings_at(), Some(NOON + 33 * MIN));
    alert.end(None, NOON + 40 * MIN);
    alert.again(&draft, seen, NOON + 41 * MIN);
    assert_eq!(alert.state, AlertState::Firing);
}

#[test]
fn in_quiet_hours_it_waits_and_what_is_critical_does_not() {
    let mut draft = escalating();
    draft.quiet = Some(QuietHours {
        from: 11 * 60,
        to: 13 * 60,
        utc_offset_minutes: 480,
        let_critical_through: true,
    });
    let (_, loud) = fired(&draft);
    assert_eq!(loud.not_before, NOON);
    draft.severity = Severity::Warning;
    let (mut alert, quiet) = fired(&draft);
    assert_eq!(quiet.not_before, NOON + 60 * MIN);
    assert_eq!(
        alert.next_step_at,
        Some(NOON + 70 * MIN),
        "counted from then"
    );
    assert_eq!(alert.tick(Some(&draft), NOON + 60 * MIN), Some(None));
    assert_eq!(alert.told_at, NOON + 60 * MIN);
}

#[test]
fn what_got_worse_is_told_again_unless_somebody_looks_after_it() {
    let critical = escalating();
    let mut draft = escalating();
    draft.severity = Severity::Warning;
    draft.escalation.clear();
    draft.quiet = Some(standard::night());
    let night = NOON + 11 * 60 * MIN;
    let seen = look(&draft, &course(&[turns(100, 50)]), NOON);
    let silence = AlertAct::Silence { minutes: 30 };
    for (name, act, expected) in [
        ("nobody looks", None, Some((2, false, night + MIN))),
        ("somebody does", Some(AlertAct::Acknowledge), None),
        ("it is silenced", Some(silence), None),
    ] {
        let ids = (Uuid::from_u128(7).into(), Uuid::from_u128(8).into());
        let (mut alert, first) = begin(ids, &draft, seen, night);
        assert!(first.not_before > night, "{name}: nobody is woken");
        if let Some(act) = act {
            alert.act(act, by(night)).unwrap();
        }
        assert_eq!(alert.raise(&draft, night + MIN), None, "{name}: no worse");
        let again = alert.raise(&critical, night + MIN);
        let again = again.map(|one| (one.step, one.is_escalation, one.not_before));
        assert_eq!(again, expected, "{name}");
        assert_eq!(alert.severity, Severity::Critical, "{name}");
        assert_eq!(
            alert.raise(&critical, night + 2 * MIN),
            None,
            "{name}: once"
        );
        if expected.is_some() {
            assert_eq!((alert.told_at, alert.quiet_until), (night + MIN, None));
            assert_eq!(alert.next_step_at, Some(night + 11 * MIN));
        }
        alert.end(None, night + 3 * MIN);
        alert.severity = Severity::Notice;
        assert_eq!(
            alert.raise(&critical, night + 4 * MIN),
            None,
            "{name}: over"
        );
    }
}

#[test]
fn a_draft_says_all_that_is_wrong_with_it() {
    use RuleProblem as P;
    let wrong = |change: fn(&mut RuleDraft)| {
        let mut draft = failure();
        change(&mut draft);
        draft.problems()
    };
    assert_eq!(wrong(|_| {}), []);
    assert_eq!(wrong(|draft| draft.name = " ".to_owned()), [P::NoName]);
    assert_eq!(wrong(|draft| draft.window_min = 0), [P::Window]);
    let crossed = |draft: &mut RuleDraft| {
        draft.condition = Condition::Above {
            limit: 1_000,
            clear: 1_001,
        };
    };
    assert_eq!(wrong(crossed), [P::Clear]);
    let over = |draft: &mut RuleDraft| {
        draft.condition = Condition::Above {
            limit: 10_001,
            clear: 0,
        };
    };
    assert_eq!(wrong(over), [P::Level]);
    let gauge = |draft: &mut RuleDraft| {
        draft.measure = Measure::Backlog;
        draft.condition = Condition::Absent;
    };
    assert_eq!(wrong(gauge), [P::Condition]);
    let of_group = |draft: &mut RuleDraft| {
        draft.measure = Measure::SyncLag;
        draft.group_id = Some(Uuid::from_u128(1).into());
    };
    assert_eq!(wrong(of_group), [P::Group]);
}

fn any_counts() -> impl Strategy<Value = Counts> {
    let first = prop::collection::btree_map(0_u32..600, 1_u32..4, 0..4);
    (0_u32..40, 0_u32..40, first, prop::option::of(0_u32..80)).prop_map(
        |(turns, failed, first, backlog): (u32, u32, BTreeMap<u32, u32>, _)| Counts {
            turns,
            failed: failed.min(turns),
            opened: turns,
            first,
            backlog,
            ..Counts::default()
        },
    )
}

proptest! {
    /// A window that is moved on minute by minute has what it has when it is added up anew.
    #[test]
    fn moving_a_window_equals_adding_it_up(minutes in prop::collection::vec(any_counts(), 1..60), window in 1_u32..20) {
        let course = course(&minutes);
        let mut sliding = Sliding::new(&course, window, NOON);
        for _ in 0..minutes.len() {
            let anew = course.window(window, sliding.end());
            let mut moved = sliding.counts().clone();
            // What is read off at the end of an empty stretch is not in the window any more.
            (moved.backlog, moved.waiting, moved.lag_s) = (anew.backlog, anew.waiting, anew.lag_s);
            prop_assert_eq!(moved, anew);
            sliding.move_on();
        }
    }

    /// A preview says what the watch does, minute for minute.
    #[test]
    fn a_preview_is_what_would_be_done(minutes in prop::collection::vec(any_counts(), 1..60), for_min in 0_u32..3, rest_min in 0_u32..5) {
        let mut draft = failure();
        (draft.for_min, draft.rest_min) = (for_min, rest_min);
        let turns = follow(&draft, &minutes);
        let n = i64::try_from(minutes.len()).unwrap();
        let past = preview(&draft, &course(&minutes), NOON, NOON + n * MIN);
        prop_assert_eq!(past.points.len(), minutes.len());
        let begun: Vec<Millis> = (0..).zip(&turns).filter(|(_, turn)| **turn == Turn::Begin).map(|(n, _)| NOON + (n + 1) * MIN).collect();
        let would: Vec<Millis> = past.fired.iter().map(|alert| alert.from).collect();
        prop_assert_eq!(would, begun);
        for alert in &past.fired {
            prop_assert!(alert.to.is_none_or(|to| to > alert.from));
        }
    }

    /// What a window is compared with is the same moved on minute by minute as added up anew.
    #[test]
    fn a_preview_compares_with_what_the_watch_compares_with(minutes in prop::collection::vec(any_counts(), 1..30), before in prop::collection::vec(any_counts(), 30..40), window in 1_u32..10) {
        let mut draft = rule(Measure::Opened, Condition::Change { direction: Direction::Up, by_percent: 20, clear_percent: 10, days: 1 });
        (draft.window_min, draft.min_count) = (window, 0);
        let n = i64::try_from(minutes.len()).unwrap();
        let starts = (0..).map(|n: i64| NOON + n * MIN);
        let yesterday = (-10_i64..).map(|n| NOON - DAY_MS + n * MIN).zip(before);
        let course = Course::new(yesterday.chain(starts.zip(minutes)));
        for point in preview(&draft, &course, NOON, NOON + n * MIN).points {
            prop_assert_eq!(point.bounds, look(&draft, &course, point.at - 1).bounds);
            prop_assert_eq!(point.level, look(&draft, &course, point.at - 1).reading.level);
        }
    }

    /// However readings go, alerts begin and end by turns, and an open one has had its limit passed.
    #[test]
    fn begins_and_ends_take_turns(minutes in prop::collection::vec(any_counts(), 1..80)) {
        let mut is_open = false;
        for turn in follow(&failure(), &minutes) {
            match turn {
                Turn::Quiet => prop_assert!(!is_open),
                Turn::Begin | Turn::Again => {
                    prop_assert!(!is_open);
                    is_open = true;
                }
                Turn::GoOn => prop_assert!(is_open),
                Turn::End => {
                    prop_assert!(is_open);
                    is_open = false;
                }
            }
        }
    }

    /// The end of a minute and its start belong to it.
    #[test]
    fn a_moment_is_in_its_minute(at in -10_000_000_i64..10_000_000) {
        prop_assert!(start_of(at) <= at && at < start_of(at) + MIN);
    }
}
