//! What became of every message: when it was due, acknowledged, seen at a desk.

use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use serde::Serialize;

/// Between these, a message carries its number.
const MARKS: (char, char) = ('⟦', '⟧');

/// The messages of a run, by their numbers. Times are microseconds since its beginning; 0 is never.
pub struct Board {
    start: Instant,
    due: Vec<AtomicU64>,
    acknowledged: Vec<AtomicU64>,
    seen: Vec<AtomicU64>,
    n_doubled: AtomicU64,
    n_misdirected: AtomicU64,
    n_refused: AtomicU64,
    hung_up: Mutex<Vec<String>>,
}

/// Half of the values are at most the first, 99 of 100 at most the second; milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Latency {
    /// Median.
    pub p50_ms: f64,
    /// 99 %.
    pub p99_ms: f64,
}

impl Latency {
    /// Of these, in microseconds.
    #[must_use]
    pub fn of(mut us: Vec<u64>) -> Self {
        us.sort_unstable();
        let at = |share: f64| {
            let rank = (us.len() as f64 * share).ceil() as usize;
            us.get(rank.saturating_sub(1))
                .map_or(0.0, |us| *us as f64 / 1e3)
        };
        Self {
            p50_ms: at(0.5),
            p99_ms: at(0.99),
        }
    }
}

/// What became of some messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Posts that were answered with success.
    pub n_acknowledged: u64,
    /// Of these, seen at the desk.
    pub n_delivered: u64,
    /// From due to the answer of the post.
    pub answer: Latency,
    /// From due to the agent's socket.
    pub socket: Latency,
    /// From the first one due to the last one seen.
    pub seconds: f64,
}

impl Board {
    /// For so many messages.
    #[must_use]
    pub fn new(n_messages: usize) -> Self {
        let never = || (0..n_messages).map(|_| AtomicU64::new(0)).collect();
        Self {
            start: Instant::now(),
            due: never(),
            acknowledged: never(),
            seen: never(),
            n_doubled: AtomicU64::new(0),
            n_misdirected: AtomicU64::new(0),
            n_refused: AtomicU64::new(0),
            hung_up: Mutex::default(),
        }
    }

    /// The message must go out at this moment.
    pub fn is_due(&self, n: usize, at: Instant) {
        put(&self.due, n, self.us(at));
    }

    /// Its post was answered.
    pub fn acknowledge(&self, n: usize) {
        put(&self.acknowledged, n, self.us(Instant::now()));
    }

    /// Its post was refused.
    pub fn refuse(&self) {
        self.n_refused.fetch_add(1, Ordering::Relaxed);
    }

    /// A desk has it; `is_right` says whether it is the one that should.
    pub fn see(&self, n: usize, is_right: bool) {
        let at = self.us(Instant::now());
        let Some(slot) = self.seen.get(n) else {
            return;
        };
        let first = slot.compare_exchange(0, at, Ordering::Relaxed, Ordering::Relaxed);
        if !is_right {
            self.n_misdirected.fetch_add(1, Ordering::Relaxed);
        } else if first.is_err() {
            self.n_doubled.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A desk's socket ended, for this reason.
    pub fn hang_up(&self, why: String) {
        let mut hung_up = self.hung_up.lock().unwrap_or_else(PoisonError::into_inner);
        hung_up.push(why);
    }

    /// Sockets that ended, with the reasons.
    #[must_use]
    pub fn hung_up(&self) -> Vec<String> {
        let hung_up = self.hung_up.lock().unwrap_or_else(PoisonError::into_inner);
        hung_up.clone()
    }

    /// Messages that a desk got twice, that the wrong desk got, and posts that were refused.
    #[must_use]
    pub fn wrong(&self) -> (u64, u64, u64) {
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (
            get(&self.n_doubled),
            get(&self.n_misdirected),
            get(&self.n_refused),
        )
    }

    /// How many of these are acknowledged, and how many of those were seen.
    #[must_use]
    pub fn progress(&self, range: Range<usize>) -> (u64, u64) {
        let mut counts = (0, 0);
        for n in range {
            if get(&self.acknowledged, n) > 0 {
                counts.0 += 1;
                counts.1 += u64::from(get(&self.seen, n) > 0);
            }
        }
        counts
    }

    /// What became of these.
    #[must_use]
    pub fn tally(&self, range: Range<usize>) -> Tally {
        let (n_acknowledged, n_delivered) = self.progress(range.clone());
        let since_due = |of: &[AtomicU64]| -> Vec<u64> {
            range
                .clone()
                .filter_map(|n| get(of, n).checked_sub(get(&self.due, n)))
                .collect()
        };
        let first = range.clone().map(|n| get(&self.due, n)).min();
        let last = range.clone().map(|n| get(&self.seen, n)).max();
        let us = last.unwrap_or(0).saturating_sub(first.unwrap_or(0));
        Tally {
            n_acknowledged,
            n_delivered,
            answer: Latency::of(since_due(&self.acknowledged)),
            socket: Latency::of(since_due(&self.seen)),
            seconds: us as f64 / 1e6,
        }
    }

    fn us(&self, at: Instant) -> u64 {
        let us = at.saturating_duration_since(self.start).as_micros();
        u64::try_from(us).unwrap_or(u64::MAX).max(1)
    }
}

fn put(slots: &[AtomicU64], n: usize, value: u64) {
    if let Some(slot) = slots.get(n) {
        slot.store(value, Ordering::Relaxed);
    }
}

fn get(slots: &[AtomicU64], n: usize) -> u64 {
    slots.get(n).map_or(0, |slot| slot.load(Ordering::Relaxed))
}

/// The text of a message, about as long as customers' messages are.
#[must_use]
pub fn text(n: usize) -> String {
    let (open, close) = MARKS;
    format!(
        "{open}{n}{close}您好，我前天下的单到现在还没有发货，麻烦帮我看一下是什么原因，什么时候能发出？"
    )
}

/// The numbers of the messages in a frame.
pub fn numbers(frame: &str) -> impl Iterator<Item = usize> + '_ {
    let (open, close) = MARKS;
    frame
        .split(open)
        .skip(1)
        .filter_map(move |rest| rest.split_once(close)?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_carries_its_number() {
        let frame = format!(r#"[{{"text":"{}"}},"{}"]"#, text(7), text(1_234));
        assert_eq!(numbers(&frame).collect::<Vec<_>>(), [7, 1_234]);
        assert_eq!(numbers("没有").count(), 0);
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let latency = Latency::of((1..=200).rev().map(|ms| ms * 1_000).collect());
        assert_eq!(latency.p50_ms, 100.0);
        assert_eq!(latency.p99_ms, 198.0);
        assert_eq!(Latency::of(Vec::new()), Latency::default());
    }

    #[test]
    fn a_message_seen_twice_is_counted() {
        let board = Board::new(2);
        board.is_due(0, Instant::now());
        board.acknowledge(0);
        board.see(0, true);
        board.see(0, true);
        board.see(1, false);
        assert_eq!(board.wrong(), (1, 1, 0));
        assert_eq!(board.progress(0..2), (1, 1));
    }
}
