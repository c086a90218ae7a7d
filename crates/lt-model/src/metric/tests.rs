use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    Millis,
    hours::{BusinessHours, Day, Period},
    numbers::nearest_rank,
};

/// 2026-11-23 (a Monday), midnight in China.
const MONDAY: Millis = 1_795_363_200_000;
const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
const CHINA: Clock = Clock {
    utc_offset_minutes: 480,
};

fn office() -> BusinessHours {
    let periods = [Period::of((9, 0), (12, 0)), Period::of((13, 0), (18, 0))];
    BusinessHours::china(uuid::Uuid::nil().into(), "工作时间", &periods, &[])
}

fn event(at: Millis, kind: EventKind) -> Event {
    Event { at, kind }
}

fn kinds() -> impl Strategy<Value = EventKind> {
    prop_oneof![
        Just(EventKind::Opened),
        Just(EventKind::AutoAnswered),
        Just(EventKind::HandedOver),
        Just(EventKind::FirstResponse),
        Just(EventKind::Resolved),
        Just(EventKind::Reopened),
        proptest::option::of(1_u8..=5).prop_map(|score| EventKind::Csat { score }),
        any::<bool>().prop_map(|failed| EventKind::Turn { failed }),
        Just(EventKind::Queued),
        Just(EventKind::Unqueued),
        Just(EventKind::Paused),
        Just(EventKind::Resumed),
    ]
}

/// What happens in one conversation, in steps of a minute, many of them at one moment.
fn story() -> impl Strategy<Value = Vec<Event>> {
    let later = proptest::collection::vec((0_i64..9_000, kinds()), 0..14);
    (0_i64..90 * 1_440, later).prop_map(|(begin, later)| {
        let opened_at = MONDAY + begin * 60_000;
        let later = later
            .into_iter()
            .map(|(minutes, kind)| event(opened_at + minutes * 60_000, kind));
        std::iter::once(event(opened_at, EventKind::Opened))
            .chain(later)
            .collect()
    })
}

/// A share spread over the cells of all widths.
fn spread(cells: &mut BTreeMap<(Grain, Millis), Cell>, share: &Share, sign: i64) {
    for grain in Grain::ALL {
        share.spread(sign, |at, add| {
            add(cells.entry((grain, CHINA.floor(at, grain))).or_default());
        });
    }
}

proptest! {
    /// Cases go on in any order, each time taken away and added again: the cells are those of a recount.
    #[test]
    fn cells_by_adding_and_taking_away_equal_a_recount(
        stories in proptest::collection::vec(story(), 1..8),
        order in proptest::collection::vec((0_usize..8, 0_usize..16, 0_i64..200), 0..40),
    ) {
        let hours = office();
        let rules = Rules { hours: &hours, first_response_limit_ms: case::FIRST_RESPONSE_LIMIT_MS };
        let mut cells = BTreeMap::new();
        let mut shares: BTreeMap<usize, Share> = BTreeMap::new();
        for (which, n_events, day) in order {
            let which = which % stories.len();
            let known = &stories[which][..n_events.clamp(1, stories[which].len())];
            let as_of = MONDAY + day * DAY;
            let share = Case::fold(known, &hours, as_of).share(rules, as_of);
            if let Some(before) = shares.remove(&which) {
                let stored = Share::from_bytes(&before.to_bytes()).unwrap();
                prop_assert_eq!(&stored, &before);
                spread(&mut cells, &stored, -1);
            }
            if let Some(share) = share {
                spread(&mut cells, &share, 1);
                shares.insert(which, share);
            }
        }
        let mut recounted = BTreeMap::new();
        for share in shares.values() {
            spread(&mut recounted, share, 1);
        }
        cells.retain(|_, cell: &mut Cell| !cell.is_empty());
        recounted.retain(|_, cell: &mut Cell| !cell.is_empty());
        prop_assert_eq!(&cells, &recounted);
        // The stored form adds up to the same, whatever the width.
        for grain in Grain::ALL {
            let mut sum = Cell::default();
            for ((of, _), cell) in &cells {
                if *of == grain {
                    sum.add_bytes(&cell.to_bytes()).unwrap();
                }
            }
            let mut whole = Cell::default();
            for share in shares.values() {
                whole.merge(&share.within(Millis::MIN, Millis::MAX));
            }
            for metric in Metric::ALL {
                prop_assert_eq!(sum.value(metric), whole.value(metric));
            }
            let mut standing = Cell::default();
            standing.add_standing(&sum.to_bytes()).unwrap();
            prop_assert_eq!(standing.value(Metric::Backlog), sum.value(Metric::Backlog));
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter(
        (story, shuffled) in story().prop_flat_map(|story| {
            (Just(story.clone()), Just(story).prop_shuffle())
        }),
    ) {
        let hours = office();
        let as_of = MONDAY + 200 * DAY;
        let (mut one, mut other) = (
            Case::fold(&story, &hours, as_of),
            Case::fold(&shuffled, &hours, as_of),
        );
        // Of marks and turns at one moment the later line is the later one.
        for case in [&mut one, &mut other] {
            case.score = None;
            case.flows.sort();
        }
        prop_assert_eq!(one, other);
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_list(
        values in proptest::collection::vec(0_u32..10_000, 0..60),
        percent in 0_u8..=100,
    ) {
        let mut samples = Samples::default();
        for value in &values {
            samples.add(*value, 1);
            samples.add(77, 1);
        }
        for _ in &values {
            samples.add(77, -1);
        }
        let mut sorted: Vec<Millis> = values.iter().copied().map(Millis::from).collect();
        sorted.sort_unstable();
        let expected = nearest_rank(&sorted, percent);
        prop_assert_eq!(samples.percentile(percent).map(Millis::from), expected);
        prop_assert_eq!(samples.n(), values.len() as u64);
    }

    #[test]
    fn buckets_have_no_holes(minutes in -50_000_000_i64..50_000_000, offset in -720_i32..=840) {
        let clock = Clock { utc_offset_minutes: offset };
        let at = minutes * 60_000 + 1;
        for grain in Grain::ALL {
            let (begin, end) = (clock.floor(at, grain), clock.next(at, grain));
            prop_assert!(begin <= at && at < end);
            prop_assert_eq!(clock.floor(end, grain), end);
            prop_assert_eq!(clock.floor(end - 1, grain), begin);
            prop_assert_eq!(clock.ceil(at, grain), end);
            prop_assert_eq!(clock.ceil(begin, grain), begin);
        }
    }
}

#[test]
fn months_are_those_of_the_calendar() {
    let midnight = |year, month, day| {
        let Day(days) = Day::of(year, month, day).unwrap();
        days * DAY - 8 * HOUR
    };
    let month = |at| (CHINA.floor(at, Grain::Month), CHINA.next(at, Grain::Month));
    for (at, expected) in [
        (
            midnight(2024, 2, 29),
            (midnight(2024, 2, 1), midnight(2024, 3, 1)),
        ),
        (
            midnight(2026, 3, 1) - 1,
            (midnight(2026, 2, 1), midnight(2026, 3, 1)),
        ),
        (
            midnight(2026, 12, 31),
            (midnight(2026, 12, 1), midnight(2027, 1, 1)),
        ),
    ] {
        assert_eq!(month(at), expected);
    }
    let whole = |from, to| CHINA.whole_months(from, to);
    let (jan, mar) = (midnight(2026, 1, 1), midnight(2026, 3, 1));
    assert_eq!(whole(jan, mar), (jan, mar));
    assert_eq!(whole(jan - DAY, mar + DAY), (jan, mar));
    assert_eq!(whole(jan + DAY, mar - DAY), (mar - DAY, mar - DAY));
    assert_eq!(CHINA.weekday_hour(MONDAY + 10 * HOUR), (0, 10));
    assert_eq!(CHINA.weekday_hour(MONDAY - 1), (6, 23));
}

#[test]
fn who_waits_becomes_late_by_the_clock_alone() {
    let hours = office();
    let rules = Rules {
        hours: &hours,
        first_response_limit_ms: 180_000,
    };
    // Handed over two minutes before the break at noon.
    let asked = MONDAY + 12 * HOUR - 120_000;
    let story = [
        event(asked, EventKind::Opened),
        event(asked, EventKind::HandedOver),
    ];
    let case = |as_of| Case::fold(&story, &hours, as_of);
    let late_at = MONDAY + 13 * HOUR + 60_001;
    assert_eq!(case(asked).late_at(rules, asked), Some(late_at));
    assert_eq!(case(late_at - 1).is_late(rules, late_at - 1), None);
    assert_eq!(case(late_at).is_late(rules, late_at), Some(true));
    assert_eq!(case(late_at).late_at(rules, late_at), None);
}

#[test]
fn what_flows_counts_when_it_happens() {
    let hours = office();
    let rules = Rules {
        hours: &hours,
        first_response_limit_ms: 180_000,
    };
    let opened = MONDAY - HOUR;
    let story = [
        event(opened, EventKind::Opened),
        event(MONDAY, EventKind::Turn { failed: true }),
        event(MONDAY + 1, EventKind::Queued),
        event(MONDAY + 2, EventKind::Queued),
        event(MONDAY + DAY, EventKind::Unqueued),
    ];
    let share = Case::fold(&story, &hours, MONDAY + 2 * DAY)
        .share(rules, MONDAY + 2 * DAY)
        .unwrap();
    let value = |from, to, metric| share.within(from, to).value(metric);
    let volume = |n| MetricValue::Count { n };
    assert_eq!(value(MONDAY - DAY, MONDAY, Metric::Volume), volume(1));
    assert_eq!(value(MONDAY, MONDAY + DAY, Metric::Volume), volume(0));
    let failure = |part, whole| MetricValue::Share { part, whole };
    assert_eq!(value(MONDAY, MONDAY + DAY, Metric::Failure), failure(1, 1));
    assert_eq!(value(MONDAY - DAY, MONDAY, Metric::Failure), failure(0, 0));
    assert_eq!(value(Millis::MIN, MONDAY + DAY, Metric::Backlog), volume(1));
    assert_eq!(
        value(Millis::MIN, MONDAY + DAY + 1, Metric::Queue),
        volume(0)
    );
    assert_eq!(share.last_at(), MONDAY + DAY);
}

#[test]
fn handling_leaves_out_what_was_set_aside() {
    use EventKind::{FirstResponse, Paused, Reopened, Resolved, Resumed};
    const MINUTE: Millis = 60_000;
    let hours = office();
    // Minutes after ten o'clock, and how many of them are handling.
    let cases: [(&[(i64, EventKind)], i64); 9] = [
        (&[(0, FirstResponse), (30, Resolved)], 30),
        (
            &[
                (0, FirstResponse),
                (10, Paused),
                (25, Resumed),
                (30, Resolved),
            ],
            15,
        ),
        // Brought to its end while it is aside, or at the moment at which it is taken up.
        (&[(0, FirstResponse), (10, Paused), (30, Resolved)], 10),
        (
            &[
                (0, FirstResponse),
                (10, Paused),
                (30, Resumed),
                (30, Resolved),
            ],
            10,
        ),
        // Aside until after the break: what was before noon counts, and what is after one o'clock.
        (
            &[
                (0, FirstResponse),
                (110, Paused),
                (150, Resumed),
                (190, Resolved),
            ],
            120,
        ),
        // Set aside before anybody had answered: handling begins with the answer.
        (
            &[
                (0, Paused),
                (10, Resumed),
                (20, FirstResponse),
                (30, Resolved),
            ],
            10,
        ),
        (&[(0, Paused), (10, FirstResponse), (30, Resolved)], 20),
        // Twice, and by two lines each.
        (
            &[
                (0, FirstResponse),
                (5, Paused),
                (6, Paused),
                (10, Resumed),
                (11, Resumed),
                (20, Paused),
                (25, Resumed),
                (30, Resolved),
            ],
            20,
        ),
        // What was aside before the end is no part of what comes after it.
        (
            &[
                (0, FirstResponse),
                (10, Paused),
                (20, Resolved),
                (25, Reopened),
                (30, Resumed),
                (40, FirstResponse),
                (50, Resolved),
            ],
            20,
        ),
    ];
    for (story, minutes) in cases {
        let opened = MONDAY + 10 * HOUR;
        let events: Vec<Event> = std::iter::once(event(opened, EventKind::Opened))
            .chain(
                story
                    .iter()
                    .map(|(at, kind)| event(opened + at * MINUTE, *kind)),
            )
            .collect();
        let case = Case::fold(&events, &hours, opened + DAY);
        assert_eq!(case.handling_ms, minutes * MINUTE, "{story:?}");
    }
}

#[test]
fn bytes_that_are_no_cell_are_refused() {
    let mut cell = Cell::default();
    assert_eq!(cell.to_bytes(), Vec::<u8>::new());
    cell.add(Count::HandlingMs, -5);
    cell.first_response.add(90_000, 2);
    let bytes = cell.to_bytes();
    for cut in 1..bytes.len() {
        let read = Cell::default().add_bytes(&bytes[..cut]);
        // Samples follow each other without an end of their own, so that whole ones may be cut off.
        assert!(read.is_none() || cut == bytes.len() - 4, "{cut}");
    }
    for bad in [
        &[9][..],
        &[1, 1, 99, 0],
        &[1, 0, 0xff, 0xff, 0xff, 0xff, 0x7f, 2],
    ] {
        assert_eq!(Cell::default().add_bytes(bad), None);
        assert_eq!(Share::from_bytes(bad), None);
    }
}
