use std::collections::BTreeMap;

use lt_model::metric::Share;
use lt_protocol::metrics::{
    CellRow, CellsAnswer, CellsSeen, MetricsBy, MetricsFilter, MetricsSlice,
};
use lt_seal::{Key32, encode::base64url_encode};

use super::{super::kept::Kept, *};

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
const CHINA: Clock = Clock {
    utc_offset_minutes: 480,
};
/// 2026-11-23, midnight in China.
const MONDAY: Millis = 1_795_363_200_000;

fn group(n: u64) -> GroupId {
    format!("00000000-0000-0000-0000-00000000000{n}")
        .parse()
        .unwrap()
}

/// A service of many conversations over 100 days, made of a seed.
struct Made {
    shares: Vec<(GroupId, BTreeMap<Dimension, String>, Share)>,
}

impl Made {
    fn new(n: u64, mut seed: u64) -> Self {
        let mut next = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        let shares = (0..n)
            .map(|_| {
                let opened_at = MONDAY - 100 * DAY + next(100 * 86_400).cast_signed() * 1_000;
                let of = next(3) + 1;
                let values = BTreeMap::from([
                    (Dimension::Agent, format!("{of}{}", next(4))),
                    (
                        Dimension::Channel,
                        ["web", "email"][next(2) as usize].to_owned(),
                    ),
                    (Dimension::Line, String::new()),
                    (Dimension::Category, format!("类{}", next(3))),
                    (Dimension::Intent, format!("问{}", next(30))),
                ]);
                let is_late = next(5) == 0;
                let mut flows = vec![(opened_at, Count::Turns)];
                let mut outcome = vec![(Count::Opened, 1)];
                if next(2) == 0 {
                    outcome.push((Count::Due, 1));
                    outcome.extend(is_late.then_some((Count::Late, 1)));
                    flows.push((opened_at, Count::QueueIn));
                    if next(10) > 0 {
                        let left = opened_at + next(3 * 86_400).cast_signed() * 1_000;
                        flows.push((left, Count::QueueOut));
                    }
                }
                let share = Share {
                    opened_at,
                    outcome,
                    first_response_s: (next(2) == 0).then_some(next(9_000) as u32),
                    flows,
                };
                (group(of), values, share)
            })
            .collect();
        Self { shares }
    }

    /// The cells as a server keeps them.
    fn answer(&self) -> CellsAnswer {
        type Key = (Grain, Millis, GroupId, Option<Dimension>, String);
        let mut cells: BTreeMap<Key, Cell> = BTreeMap::new();
        for (group, values, share) in &self.shares {
            for grain in [Grain::Hour, Grain::Day, Grain::Month] {
                let of = std::iter::once((None, String::new())).chain(
                    values
                        .iter()
                        .map(|(dim, value)| (Some(*dim), value.clone())),
                );
                for (dim, value) in of {
                    if grain == Grain::Hour && !has_hours(dim) {
                        continue;
                    }
                    share.spread(1, |at, add| {
                        let at = CHINA.floor(at, grain);
                        let key = (grain, at, *group, dim, value.clone());
                        add(cells.entry(key).or_default());
                    });
                }
            }
        }
        let rows = cells
            .into_iter()
            .map(|((grain, at, group, dim, value), cell)| CellRow {
                grain,
                at,
                group,
                dim,
                value,
                version: 1,
                cell: base64url_encode(&cell.to_bytes()),
            });
        CellsAnswer {
            as_of: MONDAY,
            generation: "a".to_owned(),
            utc_offset_minutes: 480,
            groups: (1..=3)
                .map(|n| CellsSeen {
                    group: group(n),
                    version: 1,
                })
                .collect(),
            cells: rows.collect(),
            more: false,
        }
    }

    /// The same numbers, counted one conversation after the other.
    fn recount(
        &self,
        (from, to): (Millis, Millis),
        wanted: impl Fn(GroupId, &BTreeMap<Dimension, String>) -> bool,
    ) -> Vec<MetricValue> {
        let (mut sum, mut standing) = (Cell::default(), Cell::default());
        for (group, values, share) in &self.shares {
            if wanted(*group, values) {
                sum.merge(&share.within(from, to));
                standing.merge(&share.within(Millis::MIN, to));
            }
        }
        sum.values(&standing)
    }
}

fn args(from: Millis, to: Millis, grain: Grain) -> MetricsBoardArgs {
    MetricsBoardArgs {
        from,
        to,
        compare_from: None,
        grain,
        filter: MetricsFilter::default(),
    }
}

fn store(made: &Made) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(folder.path(), &Key32::random().unwrap(), 1).unwrap();
    store.keep_metrics(&made.answer()).unwrap();
    (folder, store)
}

fn cards(board: &MetricsBoard) -> Vec<MetricValue> {
    board.cards.iter().map(|card| card.now).collect()
}

#[test]
fn every_number_equals_a_recount() {
    let seed = 42;
    let made = Made::new(900, seed);
    let (_folder, store) = store(&made);
    let names = Names::default();
    for (from, to, grain) in [
        (MONDAY - 100 * DAY, MONDAY, Grain::Day),
        (MONDAY - 100 * DAY, MONDAY, Grain::Month),
        (MONDAY - 7 * DAY, MONDAY, Grain::Day),
        (MONDAY - 9 * DAY, MONDAY - 3 * DAY, Grain::Hour),
        (MONDAY - 5 * HOUR, MONDAY - HOUR, Grain::Hour),
    ] {
        let args = MetricsBoardArgs {
            compare_from: Some(from - (to - from) / 2),
            ..args(from, to, grain)
        };
        let board = board(&store, &args, &names).unwrap().1;
        let whole = (board.from, board.to);
        assert!(whole.0 <= from && to <= whole.1);
        assert_eq!(
            cards(&board),
            made.recount(whole, |_, _| true),
            "seed {seed}"
        );
        for (n, at) in board.at.iter().enumerate() {
            let bucket = (*at, CHINA.next(*at, board.grain));
            let point: Vec<MetricValue> = board.series.iter().map(|one| one.now[n]).collect();
            assert_eq!(point, made.recount(bucket, |_, _| true), "seed {seed}");
        }
        for table in &board.tables {
            for row in &table.rows {
                let wanted = |group: GroupId, values: &BTreeMap<Dimension, String>| {
                    let value = |dim| values[&dim] == row.value;
                    match table.by {
                        MetricsBy::Group => group.to_string() == row.value,
                        MetricsBy::Agent => value(Dimension::Agent),
                        MetricsBy::Channel => value(Dimension::Channel),
                        MetricsBy::Line => value(Dimension::Line),
                        MetricsBy::Category => value(Dimension::Category),
                    }
                };
                let has_hours = matches!(table.by, MetricsBy::Group | MetricsBy::Channel);
                let days = (
                    CHINA.floor(whole.0, Grain::Day),
                    CHINA.ceil(whole.1, Grain::Day),
                );
                let period = if has_hours { whole } else { days };
                assert_eq!(
                    row.values,
                    made.recount(period, wanted),
                    "seed {seed} {row:?}"
                );
            }
        }
        let heat: u64 = board.heat.iter().map(|heat| heat.n).sum();
        let kept = made.recount((whole.0.max(MONDAY - 90 * DAY), whole.1), |_, _| true);
        assert_eq!(MetricValue::Count { n: heat }, kept[0]);
    }
}

#[test]
fn a_part_of_the_service() {
    let made = Made::new(500, 7);
    let (_folder, store) = store(&made);
    let mut args = args(MONDAY - 30 * DAY, MONDAY, Grain::Hour);
    args.filter.group = Some(group(2));
    args.filter.slice = Some(MetricsSlice {
        dim: Dimension::Category,
        value: "类1".to_owned(),
    });
    let board = board(&store, &args, &Names::default()).unwrap().1;
    // Of a category there are no hours.
    assert_eq!(board.grain, Grain::Day);
    let period = (board.from, board.to);
    let wanted = |of: GroupId, values: &BTreeMap<Dimension, String>| {
        of == group(2) && values[&Dimension::Category] == "类1"
    };
    assert_eq!(cards(&board), made.recount(period, wanted));
    assert_eq!((board.tables.len(), board.tables[0].rows.len()), (1, 1));
    assert!(board.heat.is_empty() && board.intents.is_empty());
}

#[test]
fn questions_that_are_asked_more_often() {
    let made = Made::new(2_000, 3);
    let (_folder, store) = store(&made);
    let args = MetricsBoardArgs {
        compare_from: Some(MONDAY - 60 * DAY),
        ..args(MONDAY - 30 * DAY, MONDAY, Grain::Day)
    };
    let board = board(&store, &args, &Names::default()).unwrap().1;
    assert_eq!(board.intents.len(), 20);
    let counted = |intent: &str, from| {
        let wanted = |_, values: &BTreeMap<Dimension, String>| values[&Dimension::Intent] == intent;
        made.recount((from, from + 30 * DAY), wanted)[0]
    };
    for one in board.intents.iter().chain(&board.rising) {
        assert_eq!(
            MetricValue::Count { n: one.n },
            counted(&one.intent, MONDAY - 30 * DAY)
        );
        assert_eq!(
            MetricValue::Count { n: one.before },
            counted(&one.intent, MONDAY - 60 * DAY)
        );
    }
    assert!(board.intents.is_sorted_by(|one, next| one.n >= next.n));
    assert!(!board.rising.is_empty());
    assert!(board.rising.iter().all(|one| one.n > one.before));
}

#[test]
fn nothing_is_here_yet() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(folder.path(), &Key32::random().unwrap(), 1).unwrap();
    let args = args(MONDAY - 7 * DAY, MONDAY, Grain::Day);
    let board = board(&store, &args, &Names::default()).unwrap().1;
    assert_eq!((board.as_of, board.at.len()), (None, 7));
    assert_eq!(board.cards[1].now, MetricValue::Share { part: 0, whole: 0 });
}

/// A board that was summed up before is shown again only where the same would come of it now.
#[test]
fn a_kept_board_is_the_one_that_would_be_summed_up() {
    let seed = 11;
    let mut made = Made::new(400, seed);
    let more = Made::new(40, seed + 1);
    let (_folder, store) = store(&made);
    let kept = Kept::default();
    let all = [
        args(MONDAY - 40 * DAY, MONDAY, Grain::Day),
        args(MONDAY - 100 * DAY, MONDAY, Grain::Month),
        args(MONDAY - 89 * DAY, MONDAY - 80 * DAY, Grain::Hour),
    ];
    let names = Names::default();
    let mut named = Names::default();
    named.groups.insert(group(1), "售后".to_owned());
    let mut answer = made.answer();
    for (round, share) in (1..).zip(more.shares) {
        match round % 4 {
            // Nothing new, but later: after some days the hours of the third board are gone.
            0 => answer.cells.clear(),
            _ => {
                made.shares.push(share);
                let as_of = answer.as_of;
                answer = made.answer();
                answer.as_of = as_of;
                for seen in &mut answer.groups {
                    seen.version = 1 + round;
                }
            }
        }
        answer.as_of += 9 * HOUR;
        store.keep_metrics(&answer).unwrap();
        for args in &all {
            for names in [&names, &named, &names] {
                let anew = board(&store, args, names).unwrap().1;
                assert_eq!(
                    kept.board(&store, args, names).unwrap(),
                    anew,
                    "seed {seed}"
                );
            }
        }
    }
}

/// Its halves are read side by side, and say the same.
#[test]
fn a_board_is_of_one_moment_while_numbers_come() {
    let seed = 44;
    let mut made = Made::new(200, seed);
    let more = Made::new(80, seed + 1);
    let (_folder, store) = store(&made);
    let args = args(MONDAY - 100 * DAY, MONDAY, Grain::Day);
    let volume = |value: &MetricValue| match value {
        MetricValue::Count { n } => *n,
        other => panic!("{other:?}"),
    };
    std::thread::scope(|scope| {
        let store = &store;
        let coming = scope.spawn(move || {
            for (version, share) in (2..).zip(more.shares) {
                made.shares.push(share);
                let mut answer = made.answer();
                for seen in &mut answer.groups {
                    seen.version = version;
                }
                store.keep_metrics(&answer).unwrap();
            }
        });
        let mut is_over = false;
        while !is_over {
            is_over = coming.is_finished();
            let (_, board) = board(store, &args, &Names::default()).unwrap();
            let rows = board.tables[0].rows.iter();
            let of_groups: u64 = rows.map(|row| volume(&row.values[0])).sum();
            assert_eq!(volume(&board.cards[0].now), of_groups, "seed {seed}");
        }
    });
}
