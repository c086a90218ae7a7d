use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::hours::Period;

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// Monday 2026-11-23, 09:00 in China.
const MONDAY_9: Millis = 1_795_395_600_000;

fn office() -> BusinessHours {
    let periods = [Period::of((9, 0), (12, 0)), Period::of((13, 0), (18, 0))];
    BusinessHours::china(Uuid::from_u128(1).into(), "工作时间", &periods, &[])
}

fn promise(hours: &BusinessHours, target: Millis, at: Millis) -> Deadline {
    Deadline::begin(SlaMetric::Resolution, target, 80, hours, at)
}

#[test]
fn the_monday_of_these_tests_is_one() {
    let hours = office();
    assert!(hours.is_open(MONDAY_9) && !hours.is_open(MONDAY_9 - 1));
    assert!(!hours.is_open(MONDAY_9 - DAY));
}

#[test]
fn lunch_and_nights_do_not_count() {
    let hours = office();
    let deadline = promise(&hours, 9 * HOUR, MONDAY_9 + 2 * HOUR);
    // 11–12, 13–18, then 9–12 on Tuesday.
    assert_eq!(deadline.due_at, Some(MONDAY_9 + DAY + 3 * HOUR));
    let told: Vec<_> = deadline
        .segments(&hours, MONDAY_9 + DAY + HOUR)
        .into_iter()
        .map(|segment| (segment.what, segment.to - segment.from))
        .collect();
    let night = SlaSegmentKind::Closed {
        holiday: String::new(),
    };
    assert_eq!(
        told,
        [
            (SlaSegmentKind::Running, HOUR),
            (night.clone(), HOUR),
            (SlaSegmentKind::Running, 5 * HOUR),
            (night, 15 * HOUR),
            (SlaSegmentKind::Running, HOUR),
        ]
    );
    assert_eq!(deadline.left_ms(&hours, MONDAY_9 + DAY + HOUR), 2 * HOUR);
}

#[test]
fn a_pause_keeps_what_was_left() {
    let hours = office();
    let mut deadline = promise(&hours, 2 * HOUR, MONDAY_9);
    deadline.pause(PauseReason::PendingCustomer, MONDAY_9 + HOUR);
    assert_eq!((deadline.due_at, deadline.warn_at), (None, None));
    assert_eq!(deadline.tick(MONDAY_9 + 3 * DAY), None, "it does not run");
    // A second reason does not begin a second pause.
    deadline.pause(PauseReason::OnHold, MONDAY_9 + 2 * HOUR);
    assert_eq!(deadline.pauses.len(), 1);
    deadline.resume(&hours, MONDAY_9 + DAY);
    assert_eq!(deadline.due_at, Some(MONDAY_9 + DAY + HOUR));
    assert_eq!(deadline.used_ms(&hours, MONDAY_9 + DAY), HOUR);
    deadline.complete(&hours, MONDAY_9 + DAY + HOUR);
    assert_eq!(deadline.state, DeadlineState::Met, "to the millisecond");
}

#[test]
fn warning_and_breach_are_told_once() {
    let hours = office();
    let mut deadline = promise(&hours, 100 * 60_000, MONDAY_9);
    let warn = MONDAY_9 + 80 * 60_000;
    assert_eq!(deadline.rings_at(), Some(warn));
    assert_eq!(deadline.tick(warn - 1), None);
    assert_eq!(
        deadline.tick(warn),
        Some(Ring::Warned(SlaMetric::Resolution))
    );
    assert_eq!(deadline.tick(warn), None);
    let due = MONDAY_9 + 100 * 60_000;
    assert_eq!(deadline.tick(due), None, "due is not late");
    assert_eq!(deadline.rings_at(), Some(due + 1));
    assert_eq!(
        deadline.tick(due + 1),
        Some(Ring::Breached(SlaMetric::Resolution))
    );
    assert_eq!(deadline.tick(due + 2), None);
    assert!(deadline.is_open(), "it has to be done all the same");
    deadline.complete(&hours, due + HOUR);
    assert_eq!(deadline.state, DeadlineState::Breached);
}

#[test]
fn a_new_priority_counts_from_the_same_start() {
    let hours = office();
    let mut deadline = promise(&hours, 8 * HOUR, MONDAY_9);
    deadline.retarget(2 * HOUR, 80, &hours, MONDAY_9 + HOUR);
    assert_eq!(deadline.due_at, Some(MONDAY_9 + 2 * HOUR));
    deadline.pause(PauseReason::OnHold, MONDAY_9 + HOUR);
    deadline.retarget(3 * HOUR, 80, &hours, MONDAY_9 + 2 * HOUR);
    assert_eq!(deadline.due_at, None, "it is still paused");
    deadline.resume(&hours, MONDAY_9 + 4 * HOUR);
    assert_eq!(deadline.due_at, Some(MONDAY_9 + 6 * HOUR));
}

#[test]
fn what_was_due_when_the_day_ended_is_late_in_the_evening() {
    let hours = office();
    let late = promise(&hours, 8 * HOUR, MONDAY_9);
    let evening = MONDAY_9 + 12 * HOUR;
    assert_eq!(late.due_at, Some(MONDAY_9 + 9 * HOUR));
    assert_eq!(late.used_ms(&hours, evening), late.target_ms);
    let mut answered = late.clone();
    answered.complete(&hours, evening);
    assert_eq!(answered.state, DeadlineState::Breached);
    let mut paused = late;
    paused.pause(PauseReason::OnHold, evening);
    assert_eq!(paused.state, DeadlineState::Breached);
}

#[test]
fn a_frozen_one_stays_as_it_is() {
    let hours = office();
    let mut deadline = promise(&hours, HOUR, MONDAY_9);
    deadline.complete(&hours, MONDAY_9 + 60_000);
    let frozen = deadline.clone();
    deadline.pause(PauseReason::OnHold, MONDAY_9 + 2 * HOUR);
    deadline.resume(&hours, MONDAY_9 + 3 * HOUR);
    deadline.cancel(MONDAY_9 + 3 * HOUR);
    deadline.retarget(1, 80, &hours, MONDAY_9 + 3 * HOUR);
    assert_eq!(deadline.tick(MONDAY_9 + 9 * DAY), None);
    assert_eq!(deadline, frozen);
}

proptest! {
    /// When the clock looks makes no difference to what comes out.
    #[test]
    fn the_clock_only_tells(
        start in 0..14 * 24_i64,
        target in 1..30_i64,
        steps in prop::collection::vec((0..5_u8, 0..30_i64), 0..8),
    ) {
        let hours = office();
        let mut at = MONDAY_9 + start * HOUR;
        let mut looked_at = promise(&hours, target * HOUR, at);
        let mut left_alone = looked_at.clone();
        for (step, wait) in steps {
            at += wait * HOUR;
            while looked_at.tick(at).is_some() {}
            for deadline in [&mut looked_at, &mut left_alone] {
                match step {
                    0 => deadline.pause(PauseReason::PendingCustomer, at),
                    1 => deadline.resume(&hours, at),
                    2 => deadline.retarget((target + 8) * HOUR, 80, &hours, at),
                    3 => deadline.cancel(at),
                    _ => deadline.complete(&hours, at),
                }
            }
        }
        while looked_at.tick(at).is_some() {}
        while left_alone.tick(at).is_some() {}
        // Only whether it was told in between may differ.
        let came_of = |one: Deadline| (one.state, one.due_at, one.completed_at, one.pauses);
        prop_assert_eq!(came_of(looked_at), came_of(left_alone));
    }

    /// Whatever is paused and resumed, the segments cover the time, and the running ones are what
    /// was used.
    #[test]
    fn segments_cover_the_time(
        start in 0..30 * DAY,
        target in 1..200 * HOUR,
        steps in prop::collection::vec((any::<bool>(), 0..3 * DAY), 0..8),
        after in 0..3 * DAY,
    ) {
        let hours = office();
        let mut at = MONDAY_9 + start;
        let mut deadline = promise(&hours, target, at);
        for (is_pause, wait) in steps {
            at += wait;
            if is_pause {
                deadline.pause(PauseReason::PendingCustomer, at);
            } else {
                deadline.resume(&hours, at);
            }
        }
        let now = at + after;
        let segments = deadline.segments(&hours, now);
        let mut cursor = deadline.started_at;
        let mut ran = 0;
        for segment in &segments {
            prop_assert_eq!(segment.from, cursor);
            prop_assert!(segment.to > segment.from);
            cursor = segment.to;
            if segment.what == SlaSegmentKind::Running {
                ran += segment.to - segment.from;
            }
        }
        prop_assert_eq!(cursor, now.max(deadline.started_at));
        prop_assert_eq!(ran, deadline.used_ms(&hours, now));
        if let Some(due) = deadline.due_at {
            // Nothing else happening, it is due when the rest of the time has run.
            prop_assert_eq!(deadline.used_ms(&hours, due.max(at)) >= target, true);
            if due > at {
                prop_assert!(deadline.used_ms(&hours, due - 1) < target);
            }
        }
    }
}
