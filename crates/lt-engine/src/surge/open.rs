//! A surge from its beginning to its end.
//!
//! The end is found as the beginning of the usual: evidence for it against the surge going on is
//! added up and starts again whenever it turns (E. S. Page, Continuous inspection schemes,
//! Biometrika 41, 1954). It begins at three times the usual and ends below twice: no flutter.

use serde::{Deserialize, Serialize};

use lt_model::Millis;

use super::series::Found;

/// Evidence of the usual that ends a surge: e⁷ : 1.
const EVIDENCE: f64 = 7.0;
/// And so long it has looked like the usual, ms.
const QUIET_MS: Millis = 15 * 60_000;
/// A surge goes on with at least so many times the usual; below 1.8 times (2 ÷ ln 3) the usual is
/// likelier.
const RATIO: f64 = 3.0;
/// A quiet series is over by silence: a surge goes on with at most this rate, complaints a minute.
const RATE: f64 = 0.2;
/// A surge that lasts longer is the new usual, ms.
const USUAL_AFTER_MS: Millis = 7 * 86_400_000;

/// A surge that has not ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) since: Millis,
    /// The mark of the series whose surge this is a part of, if it is.
    pub(super) part_of: Option<u32>,
    pub(super) observed: u32,
    pub(super) expected: f64,
    /// It lasted so long that it is the usual now.
    pub(super) is_usual: bool,
    /// Times the usual when it was found.
    ratio: f64,
    evidence: f64,
    /// When it last looked like a surge.
    hot: Millis,
    /// Up to where it was looked at, in complaints expected since the series began.
    seen: f64,
}

impl Open {
    pub(super) fn new(found: &Found, at: Millis, seen: f64, part_of: Option<u32>) -> Self {
        Self {
            since: found.since,
            part_of,
            observed: found.observed,
            expected: found.expected,
            is_usual: false,
            ratio: f64::from(found.observed) / found.expected.max(1e-3),
            evidence: 0.0,
            hot: at,
            seen,
        }
    }

    /// Time went on up to this many expected complaints, with so many more complaints; `rate`
    /// complaints a minute are usual now.
    pub(super) fn follow(&mut self, at: Millis, expected: f64, n_complaints: u32, rate: f64) {
        let passed = (expected - self.seen).max(0.0);
        self.seen = self.seen.max(expected);
        self.observed += n_complaints;
        self.expected += passed;
        let ratio = (self.ratio / 2.0).min(RATE / rate.max(1e-9)).max(RATIO);
        let gained = (ratio - 1.0) * passed - f64::from(n_complaints) * ratio.ln();
        self.evidence = (self.evidence + gained).max(0.0);
        if self.evidence == 0.0 {
            self.hot = at;
        }
        self.is_usual = at - self.since >= USUAL_AFTER_MS;
    }

    /// Whether it is over.
    pub(super) fn is_over(&self, at: Millis) -> bool {
        self.is_usual || self.evidence >= EVIDENCE && at - self.hot >= QUIET_MS
    }
}
