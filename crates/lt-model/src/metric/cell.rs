//! Sums of shares, and how often each first response time occurred.

pub(in crate::metric) mod varint;

use std::collections::BTreeMap;

use self::varint::{read, read_signed, write, write_signed};
use crate::{
    Millis,
    metric::{Metric, MetricValue},
};

/// First byte of the stored form.
const FORMAT: u8 = 1;
/// Seconds below this are counted by place: nearly all of them.
const N_LOW: usize = 4_096;
/// Places of a block, whose sum is kept: a percentile passes over blocks first.
const BLOCK: usize = 64;

/// What is counted. The order is that of the stored form: new ones go to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Count {
    /// Conversations opened.
    Opened,
    /// Of them, answered by the bot before any person.
    AutoAnswered,
    /// Brought to their end by the bot alone.
    Covered,
    /// Turns of the bot, when they happened.
    Turns,
    /// Of them, without an answer.
    TurnsFailed,
    /// Business time in which people had those that count as handled, ms.
    HandlingMs,
    /// Answered by a person, and resolved.
    Handled,
    /// Resolved at least once.
    Resolved,
    /// Of them, not back within the window.
    StayedResolved,
    /// With a mark.
    Rated,
    /// Of them, satisfied.
    Satisfied,
    /// Promises that ended or are overdue.
    Due,
    /// Of them, broken.
    Late,
    /// Conversations that came into the queue, when they did.
    QueueIn,
    /// Those that left it.
    QueueOut,
    /// Tickets that came to be done, when they did.
    TicketsIn,
    /// Those that no more are.
    TicketsOut,
}

impl Count {
    /// All, in the order of the stored form.
    pub const ALL: [Self; 17] = [
        Self::Opened,
        Self::AutoAnswered,
        Self::Covered,
        Self::Turns,
        Self::TurnsFailed,
        Self::HandlingMs,
        Self::Handled,
        Self::Resolved,
        Self::StayedResolved,
        Self::Rated,
        Self::Satisfied,
        Self::Due,
        Self::Late,
        Self::QueueIn,
        Self::QueueOut,
        Self::TicketsIn,
        Self::TicketsOut,
    ];

    pub(super) fn read(rest: &mut &[u8]) -> Option<Self> {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        Self::ALL.get(usize::from(*byte)).copied()
    }
}

/// How often each number of seconds occurred: percentiles of any sum of cells are exact.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// By place, whole blocks of them.
    low: Vec<i64>,
    /// Their sums.
    blocks: Vec<i64>,
    high: BTreeMap<u32, i64>,
    n: i64,
}

impl PartialEq for Samples {
    fn eq(&self, other: &Self) -> bool {
        self.n == other.n && self.each().eq(other.each())
    }
}

impl Eq for Samples {}

impl Samples {
    /// Adds a number of seconds so many times; takes it away where that is negative.
    pub fn add(&mut self, seconds: u32, times: i64) {
        self.n += times;
        let place = seconds as usize;
        if place >= N_LOW {
            let n = self.high.entry(seconds).or_default();
            *n += times;
            if *n == 0 {
                self.high.remove(&seconds);
            }
            return;
        }
        if place >= self.low.len() {
            let n_blocks = (place / BLOCK + 1).next_power_of_two();
            self.low.resize(n_blocks * BLOCK, 0);
            self.blocks.resize(n_blocks, 0);
        }
        if let Some(n) = self.low.get_mut(place) {
            *n += times;
        }
        if let Some(n) = self.blocks.get_mut(place / BLOCK) {
            *n += times;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn n(&self) -> u64 {
        u64::try_from(self.n).unwrap_or(0)
    }

    /// The percentile by nearest rank, in seconds; none of none.
    #[must_use]
    pub fn percentile(&self, percent: u8) -> Option<u32> {
        let rank = (u128::from(percent.min(100)) * u128::from(self.n())).div_ceil(100);
        let rank = i64::try_from(rank).unwrap_or(i64::MAX).max(1);
        let mut passed = 0;
        let blocks = self.low.chunks(BLOCK).zip(&self.blocks);
        for (block, (places, sum)) in blocks.enumerate() {
            if passed + sum < rank {
                passed += sum;
                continue;
            }
            for (place, times) in places.iter().enumerate() {
                passed += times;
                if passed >= rank {
                    return u32::try_from(block * BLOCK + place).ok();
                }
            }
        }
        for (seconds, times) in &self.high {
            passed += times;
            if passed >= rank {
                return Some(*seconds);
            }
        }
        None
    }

    /// Takes all away, and keeps the room for more.
    fn clear(&mut self) {
        self.low.fill(0);
        self.blocks.fill(0);
        self.high.clear();
        self.n = 0;
    }

    /// Those that occurred, ascending, with how often.
    fn each(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        let low = (0_u32..).zip(&self.low).filter(|(_, n)| **n != 0);
        low.chain(self.high.iter().map(|(seconds, n)| (*seconds, n)))
            .map(|(seconds, n)| (seconds, *n))
    }
}

/// The sum of shares of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    counts: [i64; Count::ALL.len()],
    /// How long until people answered.
    pub first_response: Samples,
}

impl Cell {
    /// Adds to a count.
    pub fn add(&mut self, count: Count, by: i64) {
        if let Some(n) = self.counts.get_mut(count as usize) {
            *n += by;
        }
    }

    /// A count.
    #[must_use]
    pub fn get(&self, count: Count) -> i64 {
        self.counts.get(count as usize).copied().unwrap_or(0)
    }

    /// Adds another cell.
    pub fn merge(&mut self, other: &Self) {
        for count in Count::ALL {
            self.add(count, other.get(count));
        }
        for (seconds, times) in other.first_response.each() {
            self.first_response.add(seconds, times);
        }
    }

    /// Takes all away: the same cell sums up what comes next.
    pub fn clear(&mut self) {
        self.counts = Default::default();
        self.first_response.clear();
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|n| *n == 0) && self.first_response.each().next().is_none()
    }

    /// One of the numbers. Queue and backlog are those at the end of what was summed, so that the sum
    /// has to begin with the first case.
    #[must_use]
    pub fn value(&self, metric: Metric) -> MetricValue {
        let n = |count| u64::try_from(self.get(count)).unwrap_or(0);
        let share = |part, whole| MetricValue::Share {
            part: n(part),
            whole: n(whole),
        };
        let percentile = |percent| MetricValue::Time {
            ms: self
                .first_response
                .percentile(percent)
                .map(|seconds| Millis::from(seconds) * 1_000),
            of: self.first_response.n(),
        };
        let standing = |n: i64| MetricValue::Count {
            n: u64::try_from(n).unwrap_or(0),
        };
        let queue = self.get(Count::QueueIn) - self.get(Count::QueueOut);
        let tickets = self.get(Count::TicketsIn) - self.get(Count::TicketsOut);
        match metric {
            Metric::Volume => MetricValue::Count {
                n: n(Count::Opened),
            },
            Metric::AutoResponse => share(Count::AutoAnswered, Count::Opened),
            Metric::Coverage => share(Count::Covered, Count::Opened),
            Metric::Failure => share(Count::TurnsFailed, Count::Turns),
            Metric::FirstResponseP50 => percentile(50),
            Metric::FirstResponseP90 => percentile(90),
            Metric::Handling => {
                let of = n(Count::Handled);
                let sum = self.get(Count::HandlingMs);
                let ms = i64::try_from(of)
                    .ok()
                    .filter(|of| *of > 0)
                    .map(|of| (sum + of / 2) / of);
                MetricValue::Time { ms, of }
            }
            Metric::FirstContact => share(Count::StayedResolved, Count::Resolved),
            Metric::Satisfaction => share(Count::Satisfied, Count::Rated),
            Metric::Backlog => standing(queue + tickets),
            Metric::Queue => standing(queue),
            Metric::SlaBreach => share(Count::Late, Count::Due),
        }
    }

    /// All numbers of a period that this is the sum of, in the order of [`Metric::ALL`]. `standing` is
    /// the sum from the first case to the period's end: queue and backlog stand in it.
    #[must_use]
    pub fn values(&self, standing: &Self) -> Vec<MetricValue> {
        Metric::ALL
            .into_iter()
            .map(|metric| match metric.is_standing() {
                true => standing.value(metric),
                false => self.value(metric),
            })
            .collect()
    }

    /// The stored form; empty where nothing is in it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut bytes = vec![FORMAT];
        let counts = || Count::ALL.iter().filter(|count| self.get(**count) != 0);
        write(&mut bytes, counts().count() as u64);
        for count in counts() {
            bytes.push(*count as u8);
            write_signed(&mut bytes, self.get(*count));
        }
        let mut before = 0;
        for (seconds, times) in self.first_response.each() {
            write(&mut bytes, u64::from(seconds - before));
            write_signed(&mut bytes, times);
            before = seconds;
        }
        bytes
    }

    /// Adds what a stored form holds. None where the bytes are none; what was added until then stays.
    #[must_use]
    pub fn add_bytes(&mut self, bytes: &[u8]) -> Option<()> {
        if bytes.is_empty() {
            return Some(());
        }
        let mut rest = bytes.strip_prefix(&[FORMAT])?;
        let rest = &mut rest;
        for _ in 0..read(rest)? {
            let count = Count::read(rest)?;
            self.add(count, read_signed(rest)?);
        }
        let mut seconds: u32 = 0;
        while !rest.is_empty() {
            seconds = seconds.checked_add(u32::try_from(read(rest)?).ok()?)?;
            self.first_response.add(seconds, read_signed(rest)?);
        }
        Some(())
    }

    /// Adds the counts of queue and backlog that a stored form holds, and nothing else.
    #[must_use]
    pub fn add_standing(&mut self, bytes: &[u8]) -> Option<()> {
        let Some(mut rest) = bytes.strip_prefix(&[FORMAT]) else {
            return bytes.is_empty().then_some(());
        };
        let rest = &mut rest;
        for _ in 0..read(rest)? {
            let count = Count::read(rest)?;
            let by = read_signed(rest)?;
            if count >= Count::QueueIn {
                self.add(count, by);
            }
        }
        Some(())
    }
}
