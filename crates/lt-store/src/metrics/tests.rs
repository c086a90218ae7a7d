use std::collections::BTreeMap;

use lt_model::metric::{Cell, Count};
use lt_protocol::metrics::CellRow;
use lt_seal::{Key32, encode::base64url_encode};
use uuid::Uuid;

use super::*;

const DAY: Millis = 86_400_000;

fn group(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(n))
}

fn row(of: GroupId, at: Millis, dim: Option<Dimension>, value: &str, opened: i64) -> CellRow {
    let mut cell = Cell::default();
    cell.add(Count::Opened, opened);
    cell.add(Count::QueueIn, opened);
    cell.add(Count::QueueOut, 1);
    CellRow {
        grain: Grain::Day,
        at,
        group: of,
        dim,
        value: value.to_owned(),
        version: 1,
        cell: base64url_encode(&if opened == 0 {
            Vec::new()
        } else {
            cell.to_bytes()
        }),
    }
}

fn answer(generation: &str, groups: &[(u128, u64)], cells: Vec<CellRow>) -> CellsAnswer {
    CellsAnswer {
        as_of: 200 * DAY,
        generation: generation.to_owned(),
        utc_offset_minutes: 480,
        groups: groups
            .iter()
            .map(|(n, version)| CellsSeen {
                group: group(*n),
                version: *version,
            })
            .collect(),
        cells,
        more: false,
    }
}

fn all(dim: Option<Dimension>) -> CellPick<'static> {
    CellPick {
        grain: Grain::Day,
        dim,
        value: None,
        group: None,
        from: 0,
        to: 1_000 * DAY,
    }
}

/// Group, value and how many were opened, in ascending order.
fn opened(store: &Store, pick: &CellPick<'_>) -> Vec<(GroupId, String, i64)> {
    store
        .metrics(|reader| {
            let mut found = Vec::new();
            reader.each(pick, |_, group, value, bytes| {
                let mut cell = Cell::default();
                cell.add_bytes(bytes).unwrap();
                found.push((group, value.to_owned(), cell.get(Count::Opened)));
                Ok(())
            })?;
            Ok(found)
        })
        .unwrap()
}

#[test]
fn cells_are_kept_replaced_and_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(folder.path(), &Key32::random().unwrap(), 1).unwrap();
    let stand = |store: &Store| store.metrics(|reader| reader.stand()).unwrap();
    assert_eq!(stand(&store), None);
    let (one, two) = (group(1), group(2));
    let web = Some(Dimension::Channel);
    let first = vec![
        row(one, DAY, None, "", 3),
        row(two, 2 * DAY, None, "", 5),
        row(one, DAY, web, "web", 3),
    ];
    store
        .keep_metrics(&answer("a", &[(1, 3), (2, 2)], first))
        .unwrap();
    assert_eq!(
        opened(&store, &all(None)),
        [(one, String::new(), 3), (two, String::new(), 5)]
    );
    let pick = CellPick {
        group: Some(one),
        value: Some("web"),
        ..all(web)
    };
    assert_eq!(opened(&store, &pick), [(one, "web".to_owned(), 3)]);
    let standing = store.metrics(|reader| reader.standing(&all(None))).unwrap();
    let queues: Vec<i64> = standing.iter().map(|one| one.queue).collect();
    assert_eq!(queues, [2, 4]);

    // A later state of a cell, and one that holds nothing any more.
    let second = vec![row(one, DAY, None, "", 4), row(two, 2 * DAY, None, "", 0)];
    store
        .keep_metrics(&answer("a", &[(1, 9), (2, 8)], second))
        .unwrap();
    assert_eq!(opened(&store, &all(None)), [(one, String::new(), 4)]);
    assert_eq!(stand(&store).unwrap().groups.len(), 2);

    // A group that the agent may not see any more.
    store
        .keep_metrics(&answer("a", &[(2, 8)], Vec::new()))
        .unwrap();
    assert_eq!(opened(&store, &all(None)), []);

    // Other data counts anew.
    let third = vec![row(two, DAY, None, "", 1)];
    store.keep_metrics(&answer("b", &[(2, 1)], third)).unwrap();
    assert_eq!(opened(&store, &all(None)), [(two, String::new(), 1)]);
}

#[test]
fn the_sums_are_those_of_the_groups_that_stay() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(folder.path(), &Key32::random().unwrap(), 1).unwrap();
    let cells = vec![
        row(group(1), DAY, None, "", 3),
        row(group(2), DAY, None, "", 5),
        row(group(3), DAY, None, "", 7),
        row(group(3), 2 * DAY, None, "", 9),
    ];
    let all_three = [(1, 3), (2, 2), (3, 4)];
    store.keep_metrics(&answer("a", &all_three, cells)).unwrap();
    for (groups, expected) in [
        (&all_three[..], vec![15, 9]),
        (&all_three[..1], vec![3]),
        (&[], vec![]),
    ] {
        store
            .keep_metrics(&answer("a", groups, Vec::new()))
            .unwrap();
        let mut sums = Vec::new();
        let period = (Grain::Day, 0, 1_000 * DAY);
        let read = store.metrics(|reader| {
            reader.totals(period, |_, bytes| {
                let mut cell = Cell::default();
                cell.add_bytes(bytes).unwrap();
                sums.push(cell.get(Count::Opened));
                Ok(())
            })
        });
        read.unwrap();
        assert_eq!(sums, expected, "{} groups", groups.len());
    }
}

#[test]
fn hours_go_after_ninety_days() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(folder.path(), &Key32::random().unwrap(), 1).unwrap();
    let hour = |day: i64| CellRow {
        grain: Grain::Hour,
        ..row(group(1), day * DAY, None, "", 2)
    };
    let cells = vec![hour(109), hour(110), row(group(1), 109 * DAY, None, "", 2)];
    store.keep_metrics(&answer("a", &[(1, 3)], cells)).unwrap();
    let hours = CellPick {
        grain: Grain::Hour,
        ..all(None)
    };
    assert_eq!(opened(&store, &hours).len(), 1);
    assert_eq!(opened(&store, &all(None)).len(), 1);
}

#[test]
fn what_is_no_cell_is_refused_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(folder.path(), &Key32::random().unwrap(), 1).unwrap();
    let bad = CellRow {
        cell: base64url_encode(&[9, 9]),
        ..row(group(1), DAY, None, "", 1)
    };
    let cells = vec![row(group(1), DAY, None, "", 1), bad];
    assert!(store.keep_metrics(&answer("a", &[(1, 1)], cells)).is_err());
    assert_eq!(opened(&store, &all(None)), []);
    assert_eq!(store.metrics(|reader| reader.stand()).unwrap(), None);
}

/// The cells of all groups together as they are kept, and summed up from those of each.
fn totals_and_sums(store: &Store, grain: Grain) -> [BTreeMap<Millis, Vec<u8>>; 2] {
    let mut kept = BTreeMap::new();
    let mut sums: BTreeMap<Millis, Cell> = BTreeMap::new();
    store
        .metrics(|reader| {
            let pick = CellPick { grain, ..all(None) };
            reader.totals((pick.grain, pick.from, pick.to), |at, bytes| {
                kept.insert(at, bytes.to_vec());
                Ok(())
            })?;
            reader.each(&pick, |at, _, _, bytes| {
                sums.entry(at).or_default().add_bytes(bytes).unwrap();
                Ok(())
            })
        })
        .unwrap();
    let sums = sums.into_iter().map(|(at, cell)| (at, cell.to_bytes()));
    [kept, sums.collect()]
}

/// Cells come, change and go in any order: what was opened in all groups is what was in each.
#[test]
fn what_was_opened_in_all_groups_is_the_sum_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(folder.path(), &Key32::random().unwrap(), 1).unwrap();
    let seed = 42_u64;
    let mut state = seed;
    let mut below = |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % n
    };
    let kinds = [
        (Grain::Month, Some(Dimension::Intent)),
        (Grain::Day, Some(Dimension::Intent)),
        (Grain::Hour, None),
        (Grain::Hour, Some(Dimension::Channel)),
        (Grain::Day, None),
    ];
    for round in 1..150 {
        let cells = (0..below(6)).map(|_| {
            let (grain, dim) = kinds[below(5) as usize];
            let value = if dim.is_some() {
                ["甲", "乙"][below(2) as usize]
            } else {
                ""
            };
            CellRow {
                grain,
                ..row(
                    group(1 + u128::from(below(3))),
                    (150 + below(4).cast_signed()) * DAY,
                    dim,
                    value,
                    below(4).cast_signed(),
                )
            }
        });
        let cells = cells.collect();
        // Now and then a group is not seen any more, and time goes on until hours go.
        let seen: Vec<(u128, u64)> = (1..=3)
            .filter(|_| below(25) > 0)
            .map(|n| (n, round))
            .collect();
        let mut answer = answer("a", &seen, cells);
        answer.as_of += round.cast_signed() * DAY / 3;
        store.keep_metrics(&answer).unwrap();
        for (grain, dim) in kinds {
            let sums = |group: Option<GroupId>| {
                let pick = CellPick {
                    grain,
                    group,
                    ..all(dim)
                };
                let mut sums = BTreeMap::new();
                store
                    .metrics(|reader| {
                        reader.opened(&pick, |at, value, n| {
                            *sums.entry((at, value.to_owned())).or_insert(0) += n;
                        })
                    })
                    .unwrap();
                sums.retain(|_, n| *n != 0);
                sums
            };
            let mut of_each = BTreeMap::new();
            for n in 1..=3 {
                for (key, n) in sums(Some(group(n))) {
                    *of_each.entry(key).or_insert(0) += n;
                }
            }
            assert_eq!(sums(None), of_each, "seed {seed}, round {round}, {grain:?}");
        }
        for grain in Grain::ALL {
            let [totals, of_each] = totals_and_sums(&store, grain);
            assert_eq!(totals, of_each, "seed {seed}, round {round}, {grain:?}");
        }
    }
}
