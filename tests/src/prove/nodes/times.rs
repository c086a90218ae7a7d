//! How long everybody was without service.

use std::time::{Duration, Instant};

use super::ledger::{Ledger, Reconnect};

/// Longest way back of 99 in 100 agents after a node was killed, ms.
const MAX_P99_MS: u64 = 3_000;
/// Longest of all, ms.
const MAX_WORST_MS: u64 = 8_000;
/// Longest way back after the database is up again, ms.
const MAX_RECOVERY_MS: u64 = 10_000;
/// What breaks off so shortly after the database is back broke off because of it.
const AFTERMATH: Duration = Duration::from_secs(1);

/// A time without the database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outage {
    pub(super) down: Instant,
    pub(super) up: Instant,
}

/// Times in ms, ascending.
pub(super) struct Times {
    /// From a lost connection to all in step again, where a node was killed.
    reconnects: Vec<u64>,
    /// The same after a crash of the database, from when it was up again.
    recoveries: Vec<u64>,
    /// From the database's being up to the next message that a customer was told is sent.
    first_acknowledged: Vec<u64>,
    /// The database was away.
    outages: Vec<u64>,
    /// From a customer's first try to the acknowledgement, while nothing was away.
    acknowledged: Vec<u64>,
}

impl Times {
    pub(super) fn of(ledger: &Ledger, outages: &[Outage]) -> Self {
        let mut times = Self {
            reconnects: Vec::new(),
            recoveries: Vec::new(),
            first_acknowledged: Vec::new(),
            outages: outages
                .iter()
                .map(|outage| ms(outage.up - outage.down))
                .collect(),
            acknowledged: Vec::new(),
        };
        for Reconnect { lost, back } in ledger.reconnects() {
            let because_of = outages
                .iter()
                .find(|outage| lost <= outage.up + AFTERMATH && back >= outage.down);
            match because_of {
                Some(outage) => {
                    let from = lost.max(outage.up);
                    times
                        .recoveries
                        .push(ms(back.saturating_duration_since(from)));
                }
                None => times.reconnects.push(ms(back - lost)),
            }
        }
        let acknowledged = ledger.acknowledged_at();
        for outage in outages {
            let after = acknowledged
                .iter()
                .filter_map(|(at, _)| at.checked_duration_since(outage.up));
            // Nothing at all afterwards is a miss, and is told as the longest time.
            times
                .first_acknowledged
                .push(after.min().map_or(u64::MAX, ms));
        }
        times.acknowledged = acknowledged
            .iter()
            .filter(|(at, took)| {
                outages
                    .iter()
                    .all(|outage| *at < outage.down || *at - *took > outage.up)
            })
            .map(|(_, took)| ms(*took))
            .collect();
        for all in [
            &mut times.reconnects,
            &mut times.recoveries,
            &mut times.first_acknowledged,
            &mut times.outages,
            &mut times.acknowledged,
        ] {
            all.sort_unstable();
        }
        times
    }

    pub(super) fn figures(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("reconnects", self.reconnects.len() as u64),
            ("reconnect_p50_ms", part(&self.reconnects, 50)),
            ("reconnect_p99_ms", part(&self.reconnects, 99)),
            ("reconnect_worst_ms", part(&self.reconnects, 100)),
            ("postgres_away_worst_ms", part(&self.outages, 100)),
            ("reconnects_after_crash", self.recoveries.len() as u64),
            ("recovery_worst_ms", part(&self.recoveries, 100)),
            (
                "first_message_after_crash_worst_ms",
                part(&self.first_acknowledged, 100),
            ),
            ("acknowledge_p50_ms", part(&self.acknowledged, 50)),
            ("acknowledge_p99_ms", part(&self.acknowledged, 99)),
        ]
    }

    /// What took longer than it may.
    pub(super) fn too_long(&self) -> Vec<String> {
        [
            (
                "agents are back, p99",
                part(&self.reconnects, 99),
                MAX_P99_MS,
            ),
            (
                "agents are back, worst",
                part(&self.reconnects, 100),
                MAX_WORST_MS,
            ),
            (
                "agents are back after a crash",
                part(&self.recoveries, 100),
                MAX_RECOVERY_MS,
            ),
            (
                "a message is taken after a crash",
                part(&self.first_acknowledged, 100),
                MAX_RECOVERY_MS,
            ),
        ]
        .into_iter()
        .filter(|(_, took, limit)| took >= limit)
        .map(|(what, took, limit)| format!("{what}: {took} ms, allowed are {limit}"))
        .collect()
    }
}

/// The time within which so many of a hundred were done, by nearest rank; 0 of none.
fn part(sorted: &[u64], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_nearest() {
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!(part(&hundred, 50), 50);
        assert_eq!(part(&hundred, 99), 99);
        assert_eq!(part(&hundred, 100), 100);
        assert_eq!(part(&[7], 99), 7);
        assert_eq!(part(&[], 99), 0);
    }

    #[test]
    fn what_a_crash_broke_off_counts_from_when_it_was_over() {
        let begun = Instant::now();
        let at = |s: u64| begun + Duration::from_secs(s);
        let ledger = Ledger::default();
        for (lost, back) in [(5, 6), (11, 18), (13, 17), (30, 31)] {
            ledger.came_back(at(lost), at(back));
        }
        let outage = Outage {
            down: at(10),
            up: at(16),
        };
        let times = Times::of(&ledger, &[outage]);
        assert_eq!(times.reconnects, [1_000, 1_000]);
        assert_eq!(times.recoveries, [1_000, 2_000]);
        assert_eq!(times.first_acknowledged, [u64::MAX]);
        assert_eq!(times.too_long().len(), 1);
    }
}
