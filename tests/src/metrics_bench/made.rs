//! Conversations of a made-up service: a seed gives the same ones every time.

use std::collections::BTreeMap;

use lt_model::{
    Millis,
    id::GroupId,
    metric::{Cell, Clock, Count, Dimension, Grain, Share},
};
use lt_protocol::metrics::{CellRow, CellsAnswer, CellsSeen};
use lt_seal::encode::base64url_encode;
use uuid::Uuid;

use crate::desk_bench::talk::Dice;

/// The clock of the service.
pub const CLOCK: Clock = Clock {
    utc_offset_minutes: 480,
};
const DAY_MS: Millis = 86_400_000;
/// Skill groups.
const N_GROUPS: usize = 10;
/// Agents of each.
const N_AGENTS: usize = 6;
/// Questions that are asked.
const N_INTENTS: usize = 200;
/// Of a hundred conversations, so many begin in each hour of the day.
const BY_HOUR: [usize; 24] = [
    1, 1, 0, 0, 0, 0, 1, 2, 4, 8, 9, 8, 6, 6, 8, 8, 7, 5, 4, 5, 6, 6, 3, 2,
];

/// One conversation.
pub struct Made {
    /// Whose.
    pub group: GroupId,
    /// Its values, in the order of [`Dimension::ALL`].
    pub values: [String; 5],
    /// What it adds to the numbers.
    pub share: Share,
}

/// The group of a number.
#[must_use]
pub fn group(n: usize) -> GroupId {
    GroupId(Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 + n as u128,
    ))
}

/// The conversations of a day that begins then.
pub fn day(begin: Millis, n: usize, dice: &mut Dice) -> Vec<Made> {
    (0..n).map(|_| conversation(begin, dice)).collect()
}

fn conversation(begin: Millis, dice: &mut Dice) -> Made {
    let hour = hour(dice);
    let within = millis(dice.below(3_600_000));
    let opened_at = begin + hour * 3_600_000 + within;
    let of = dice.below(N_GROUPS);
    let is_auto = dice.below(100) < 90;
    let is_handed = dice.below(100) < 25;
    let mut outcome = vec![(Count::Opened, 1)];
    let mut flows = vec![(opened_at + 1_000, Count::Turns)];
    if is_auto {
        outcome.push((Count::AutoAnswered, 1));
    } else {
        flows.push((opened_at + 1_000, Count::TurnsFailed));
    }
    if is_auto && !is_handed {
        outcome.push((Count::Covered, 1));
    }
    let mut first_response_s = None;
    if is_handed {
        // Most wait for a minute, a few for an hour.
        let seconds = dice.below(90) + dice.below(90) + dice.below(2) * dice.below(600);
        let seconds = if dice.below(50) == 0 {
            seconds * 10
        } else {
            seconds
        };
        first_response_s = u32::try_from(seconds).ok();
        let waited = millis(seconds) * 1_000;
        outcome.push((Count::HandlingMs, 60_000 + millis(dice.below(900_000))));
        outcome.push((Count::Handled, 1));
        outcome.push((Count::Due, 1));
        outcome.extend((seconds > 180).then_some((Count::Late, 1)));
        flows.push((opened_at + 2_000, Count::QueueIn));
        flows.push((opened_at + 2_000 + waited / 2, Count::QueueOut));
    }
    outcome.push((Count::Resolved, 1));
    outcome.extend((dice.below(100) < 86).then_some((Count::StayedResolved, 1)));
    if dice.below(6) == 0 {
        outcome.push((Count::Rated, 1));
        outcome.extend((dice.below(100) < 94).then_some((Count::Satisfied, 1)));
    }
    outcome.sort_unstable_by_key(|(count, _)| *count);
    let channel = ["web", "wecom_kf", "wechat_oa", "email"][dice.below(4)];
    let agent = if is_handed {
        Uuid::from_u128((of * N_AGENTS + dice.below(N_AGENTS) + 1) as u128).to_string()
    } else {
        String::new()
    };
    // A few questions are most of them.
    let intent = dice.below(N_INTENTS).min(dice.below(N_INTENTS));
    Made {
        group: group(of),
        values: [
            agent,
            channel.to_owned(),
            ["商城", "会员", "到店"][dice.below(3)].to_owned(),
            format!("类别{}", dice.below(8)),
            format!("常见问题第{intent}条怎么办"),
        ],
        share: Share {
            opened_at,
            outcome,
            first_response_s,
            flows,
        },
    }
}

fn hour(dice: &mut Dice) -> Millis {
    let mut left = dice.below(100);
    for (hour, share) in BY_HOUR.iter().enumerate() {
        if left < *share {
            return millis(hour);
        }
        left -= share;
    }
    20
}

fn millis(n: usize) -> Millis {
    Millis::try_from(n).unwrap_or(Millis::MAX)
}

/// Cells of a width that are complete, as they travel to a desk.
#[derive(Default)]
pub struct Cells {
    open: BTreeMap<Key, Cell>,
}

type Key = (Grain, Millis, GroupId, Option<Dimension>, String);

impl Cells {
    /// Adds conversations to the cells of these widths.
    pub fn add(&mut self, conversations: &[Made], grains: &[Grain]) {
        for made in conversations {
            for grain in grains {
                self.take(made, *grain, None, "");
                for (dim, value) in Dimension::ALL.into_iter().zip(&made.values) {
                    if *grain > Grain::Hour || dim.has_hours() {
                        self.take(made, *grain, Some(dim), value);
                    }
                }
            }
        }
    }

    fn take(&mut self, made: &Made, grain: Grain, dim: Option<Dimension>, value: &str) {
        made.share.spread(1, |at, add| {
            let at = CLOCK.floor(at, grain);
            let key = (grain, at, made.group, dim, value.to_owned());
            add(self.open.entry(key).or_default());
        });
    }

    /// Takes out those that end by a moment.
    pub fn until(&mut self, moment: Millis) -> Vec<CellRow> {
        let is_done = |key: &Key| CLOCK.next(key.1, key.0) <= moment;
        let done: Vec<Key> = self
            .open
            .keys()
            .filter(|key| is_done(key))
            .cloned()
            .collect();
        let mut rows = Vec::with_capacity(done.len());
        for key in done {
            let Some(cell) = self.open.remove(&key) else {
                continue;
            };
            let (grain, at, group, dim, value) = key;
            rows.push(CellRow {
                grain,
                at,
                group,
                dim,
                value,
                version: 1,
                cell: base64url_encode(&cell.to_bytes()),
            });
        }
        rows
    }
}

/// What a server tells while the service goes on. The cell is of a day to come, which no board shows,
/// so that a recount stays the same.
#[must_use]
pub fn change(as_of: Millis, version: u64) -> CellsAnswer {
    let mut cell = Cell::default();
    cell.add(Count::Opened, i64::try_from(version).unwrap_or(1));
    let row = CellRow {
        grain: Grain::Day,
        at: CLOCK.floor(as_of, Grain::Day) + 7 * DAY_MS,
        group: group(0),
        dim: None,
        value: String::new(),
        version,
        cell: base64url_encode(&cell.to_bytes()),
    };
    let mut answer = answer(as_of, vec![row]);
    for seen in &mut answer.groups {
        seen.version = version;
    }
    answer
}

/// An answer of a server with these cells.
#[must_use]
pub fn answer(as_of: Millis, cells: Vec<CellRow>) -> CellsAnswer {
    CellsAnswer {
        as_of,
        generation: "bench".to_owned(),
        utc_offset_minutes: CLOCK.utc_offset_minutes,
        groups: (0..N_GROUPS)
            .map(|n| CellsSeen {
                group: group(n),
                version: 1,
            })
            .collect(),
        cells,
        more: false,
    }
}

/// The days of a time that ends then, oldest first.
pub fn days(end: Millis, n: usize) -> impl Iterator<Item = Millis> {
    let end = CLOCK.floor(end, Grain::Day);
    (0..n).rev().map(move |ago| end - millis(ago + 1) * DAY_MS)
}
