//! Which way to connect. Pure: the time comes in.

use crate::link::{DialError, Way};

/// A WebSocket that ends sooner after its opening, ms, was cut by somebody in between.
const CUT_WITHIN_MS: u64 = 5_000;
/// So many in a row, and the long poll is taken.
const MAX_CUTS: u32 = 3;
/// Then a WebSocket is tried this often, ms.
const PROBE_EVERY_MS: u64 = 300_000;

/// What is known of the ways.
#[derive(Debug)]
pub(crate) struct Ways {
    way: Way,
    /// Sockets that were cut, in a row.
    n_cuts: u32,
    opened_ms: Option<u64>,
    /// Whether a welcome came over it.
    is_welcomed: bool,
    probe_ms: u64,
}

impl Ways {
    pub(crate) fn new() -> Self {
        Self {
            way: Way::Socket,
            n_cuts: 0,
            opened_ms: None,
            is_welcomed: false,
            probe_ms: 0,
        }
    }

    /// The way to take.
    pub(crate) fn way(&self) -> Way {
        self.way
    }

    /// When a WebSocket is to be tried beside the poll.
    pub(crate) fn probe_ms(&self) -> Option<u64> {
        (self.way == Way::Poll).then_some(self.probe_ms)
    }

    /// A connection came about.
    pub(crate) fn opened(&mut self, now_ms: u64) {
        self.opened_ms = Some(now_ms);
        self.is_welcomed = false;
    }

    /// A welcome came over it: frames pass in both directions.
    pub(crate) fn welcomed(&mut self) {
        self.is_welcomed = true;
    }

    /// It did not.
    pub(crate) fn failed(&mut self, error: DialError, now_ms: u64) {
        match (self.way, error) {
            (Way::Socket, DialError::Cut) => self.cut(now_ms),
            (Way::Socket, DialError::Untrusted | DialError::Unreachable) => {}
            // Where the poll fares no better, the next try is a socket again.
            (Way::Poll, _) => {
                self.way = Way::Socket;
                self.n_cuts = MAX_CUTS - 1;
            }
        }
    }

    /// A connection ended; `is_said`: by a close that the server gave. One that nothing passes is as
    /// good as cut, however long it stays.
    pub(crate) fn closed(&mut self, is_said: bool, now_ms: u64) {
        let Some(opened_ms) = self.opened_ms.take() else {
            return;
        };
        if self.way == Way::Poll {
            return;
        }
        let is_short = now_ms.saturating_sub(opened_ms) < CUT_WITHIN_MS;
        if is_said || (self.is_welcomed && !is_short) {
            self.n_cuts = 0;
        } else {
            self.cut(now_ms);
        }
    }

    /// A WebSocket was tried beside the poll. True: it is to be taken from now on.
    pub(crate) fn probed(&mut self, is_open: bool, now_ms: u64) -> bool {
        self.probe_ms = now_ms.saturating_add(PROBE_EVERY_MS);
        let changes = is_open && self.way == Way::Poll;
        if changes {
            self.way = Way::Socket;
            self.n_cuts = 0;
        }
        changes
    }

    fn cut(&mut self, now_ms: u64) {
        self.n_cuts += 1;
        if self.n_cuts >= MAX_CUTS {
            tracing::warn!("WebSockets are cut on the way: the long poll is taken");
            self.way = Way::Poll;
            self.probe_ms = now_ms.saturating_add(PROBE_EVERY_MS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_at(ways: &mut Ways, now_ms: u64) {
        ways.opened(now_ms);
        ways.closed(false, now_ms + 4_999);
    }

    #[test]
    fn three_cuts_in_a_row_lead_to_the_poll() {
        let mut ways = Ways::new();
        cut_at(&mut ways, 0);
        ways.failed(DialError::Cut, 6_000);
        assert_eq!(ways.way(), Way::Socket);
        cut_at(&mut ways, 7_000);
        assert_eq!(ways.way(), Way::Poll);
        assert_eq!(ways.probe_ms(), Some(11_999 + 300_000));
    }

    #[test]
    fn a_socket_that_nothing_passes_is_cut() {
        let mut ways = Ways::new();
        for now_ms in [0, 20_000, 40_000] {
            ways.opened(now_ms);
            ways.closed(false, now_ms + 15_000);
        }
        assert_eq!(ways.way(), Way::Poll);
    }

    #[test]
    fn what_is_no_cut_does_not_count() {
        let mut ways = Ways::new();
        for now_ms in (0..100_000).step_by(10_000) {
            ways.failed(DialError::Unreachable, now_ms);
            ways.failed(DialError::Untrusted, now_ms);
            // One that lived, and one that the server closed itself.
            ways.opened(now_ms);
            ways.welcomed();
            ways.closed(false, now_ms + 5_000);
            ways.opened(now_ms + 6_000);
            ways.closed(true, now_ms + 6_001);
            // Two cuts between are not three in a row.
            cut_at(&mut ways, now_ms + 7_000);
            cut_at(&mut ways, now_ms + 7_000);
            ways.opened(now_ms);
            ways.closed(true, now_ms);
        }
        assert_eq!((ways.way(), ways.probe_ms()), (Way::Socket, None));
    }

    #[test]
    fn a_poll_that_fares_no_better_is_left() {
        let mut ways = Ways::new();
        for _ in 0..3 {
            ways.failed(DialError::Cut, 0);
        }
        ways.opened(0);
        ways.closed(false, 1);
        assert_eq!(ways.way(), Way::Poll, "a poll that came about stays");
        ways.failed(DialError::Unreachable, 2);
        assert_eq!(ways.way(), Way::Socket);
        ways.failed(DialError::Cut, 3);
        assert_eq!(ways.way(), Way::Poll, "one cut is enough then");
    }

    #[test]
    fn the_socket_is_taken_again_when_it_opens() {
        let mut ways = Ways::new();
        for _ in 0..3 {
            ways.failed(DialError::Cut, 0);
        }
        assert!(!ways.probed(false, 300_000));
        assert_eq!(ways.probe_ms(), Some(600_000));
        assert!(ways.probed(true, 600_000));
        assert_eq!((ways.way(), ways.probe_ms()), (Way::Socket, None));
    }
}
