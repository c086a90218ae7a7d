//! Slowing guessers down: per account and device in the store, per network in memory.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use lt_db::table::login_failure::Failures;
use lt_model::Millis;

/// Failures in a row that cost nothing: people mistype.
const FREE_FAILURES: u64 = 3;
const MAX_DELAY_MS: Millis = 900_000;
/// Failures of one network in a minute, however many accounts it tries.
const MAX_PER_NETWORK: u32 = 20;
const WINDOW_MS: Millis = 60_000;
/// Networks that are remembered at once.
const MAX_NETWORKS: usize = 10_000;

/// From when on another try is looked at: 0, 0, 0, then 1, 2, 4 … 900 s after the last failure.
pub(crate) fn next_try(failures: Failures) -> Millis {
    if failures.n <= FREE_FAILURES {
        return Millis::MIN;
    }
    let doublings = u32::try_from(failures.n - FREE_FAILURES - 1)
        .unwrap_or(u32::MAX)
        .min(20);
    failures.last_at + (1_000_i64 << doublings).min(MAX_DELAY_MS)
}

/// Failed logins by network, in fixed windows of a minute.
#[derive(Default)]
pub(crate) struct Throttle {
    by_network: Mutex<HashMap<Vec<u8>, (Millis, u32)>>,
}

impl Throttle {
    pub(crate) fn is_slowed(&self, ip: Option<IpAddr>, now: Millis) -> bool {
        let Some(ip) = ip else { return false };
        let networks = self
            .by_network
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        networks
            .get(&network(ip))
            .is_some_and(|(since, n)| now - since < WINDOW_MS && *n >= MAX_PER_NETWORK)
    }

    pub(crate) fn failed(&self, ip: Option<IpAddr>, now: Millis) {
        let Some(ip) = ip else { return };
        let mut networks = self
            .by_network
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if networks.len() >= MAX_NETWORKS {
            networks.retain(|_, (since, _)| now - *since < WINDOW_MS);
        }
        let seen = networks.entry(network(ip)).or_insert((now, 0));
        if now - seen.0 >= WINDOW_MS {
            *seen = (now, 0);
        }
        seen.1 += 1;
    }
}

/// /24 of IPv4, /48 of IPv6.
fn network(ip: IpAddr) -> Vec<u8> {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.octets().iter().take(3).copied().collect(),
        IpAddr::V6(v6) => v6.octets().iter().take(6).copied().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_after_the_free_ones_and_ends() {
        let after = |n| next_try(Failures { n, last_at: 0 });
        assert_eq!([after(0), after(3)], [Millis::MIN; 2]);
        let delays = [4, 5, 6, 13, 14, 1_000_000].map(after);
        assert_eq!(delays, [1_000, 2_000, 4_000, 512_000, 900_000, 900_000]);
    }

    #[test]
    fn a_network_is_slowed_for_the_rest_of_its_minute() {
        let throttle = Throttle::default();
        let ip = |text: &str| Some(text.parse().unwrap());
        for _ in 0..20 {
            assert!(!throttle.is_slowed(ip("10.1.2.3"), 5));
            throttle.failed(ip("10.1.2.4"), 5);
        }
        assert!(throttle.is_slowed(ip("10.1.2.200"), 60_004));
        assert!(throttle.is_slowed(ip("::ffff:10.1.2.9"), 60_004));
        assert!(!throttle.is_slowed(ip("10.1.3.1"), 60_004));
        assert!(!throttle.is_slowed(ip("10.1.2.3"), 60_005));
        assert!(!throttle.is_slowed(None, 5));
    }
}
