//! Moving the weights by picks, and the audit that takes it back.
//!
//! # Measured
//! `cargo run -p lt-engine --example learning`: five of our question packs (bank, express, fashion,
//! insurance, telecom; 1,454 questions asked), the embedding trained on the others. The other half
//! of the questions are picks, each made by one to three of eight agents; a wrong pick names one of
//! the entries that come nearest. Top-1, from .708 before; weights fitted on how each half of the
//! picks is ranked by an engine that has learned the other:
//!
//! | | all right | 10 % wrong | 20 % wrong | one agent always wrong |
//! |---|---|---|---|---|
//! | weights alone | .710 | .704 | .699 | .710 |
//! | every pick a wording | .741 | .732 | .732 | .737 |
//! | every pick a wording, retrained | .739 | .735 | .728 | .737 |
//! | what two agree on | .721 | .722 | .713 | .713 |
//! | what two agree on, retrained | .727 | .715 | .717 | .715 |
//! | wordings learned, with the wrong entry | 797, 0 | 635, 0 | 427, 4 | 560, 0 |
//!
//! Differences below .02 may be chance (standard error .012). What agreement costs in questions
//! understood it gives back in wordings that are right: one that stands there letter by letter is
//! answered with, unattended. The shipped fusion weights were fitted on questions of all packs, so
//! that the figure before is a little too good.
//!
//! The confidence is pulled back five times as strongly as the fusion. Pulled back alike, right
//! picks made the bot answer 475 questions instead of 408, .952 of them rightly instead of .971, and
//! 10 instead of 4 that the knowledge has no answer for: picks know of no such questions. (The
//! table was made so; the order of the entries does not depend on the confidence.)

use crate::{
    calibrate::Calibrator,
    fusion::Fusion,
    parts::Weights,
    train::{self, Case},
};

/// Fewest audited picks that move the weights.
pub const LEAST_PICKS: usize = 50;
/// With so many picks, they count as much in the fusion as what was shipped.
const HALF_WAY: f32 = 200.0;
/// The same for the confidence.
const HALF_WAY_OF_CONFIDENCE: f32 = 1_000.0;

/// The weights after these picks: fitted on them, and pulled to the shipped ones by how few they are
/// (`n / (n + 200)` of the way; `n / (n + 1000)` for the confidence). None below [`LEAST_PICKS`].
#[must_use]
pub fn move_weights(shipped: &Weights, picks: &[&Case]) -> Option<Weights> {
    let n = picks.iter().filter(|case| case.gold.is_some()).count();
    if n < LEAST_PICKS {
        return None;
    }
    let share = n as f32 / (n as f32 + HALF_WAY);
    let share_of_confidence = n as f32 / (n as f32 + HALF_WAY_OF_CONFIDENCE);
    let fusion = Fusion(mixed(&shipped.fusion.0, &train::fit_fusion(picks).0, share));
    let times = 1.0 + (train::fit_encoder(picks, &fusion) - 1.0) * share;
    let picks: Vec<Case> = picks.iter().map(|case| case.with_encoder(times)).collect();
    let picks: Vec<&Case> = picks.iter().collect();
    let fitted = train::fit_calibrator(&picks, &fusion);
    Some(Weights {
        calibrator: Calibrator(mixed(&shipped.calibrator.0, &fitted.0, share_of_confidence)),
        fusion,
        answer_from: shipped.answer_from,
        encoder: shipped.encoder * times,
    })
}

fn mixed<const N: usize>(from: &[f32; N], to: &[f32; N], share: f32) -> [f32; N] {
    let mut mixed = *from;
    for (mixed, to) in mixed.iter_mut().zip(to) {
        *mixed += (to - *mixed) * share;
    }
    mixed
}

/// How many of the audited picks come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// So many.
    pub right: u32,
    /// Of so many.
    pub n: u32,
}

impl Score {
    /// Whether `after` is worse than this by more than a hundredth and by more than one pick: what
    /// led there is taken back.
    #[must_use]
    pub fn is_lost_by(self, after: Self) -> bool {
        let lost = self.right.saturating_sub(after.right);
        lost > 1 && lost * 100 > self.n
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ranking, Row, channels::Evidence};

    #[test]
    fn an_audit_forgives_one_pick_and_one_hundredth() {
        for (before, after, n, lost) in [
            (50, 50, 60, false),
            (50, 49, 60, false),
            (50, 48, 60, true),
            (300, 298, 400, false),
            (300, 296, 400, false),
            (300, 295, 400, true),
            (10, 40, 60, false),
            (0, 0, 0, false),
        ] {
            let score = |right| Score { right, n };
            let found = score(before).is_lost_by(score(after));
            assert_eq!(found, lost, "{before} → {after} of {n}");
        }
    }

    /// A channel that is right in all picks, against all others.
    fn cases(n: usize) -> Vec<Case> {
        (0..n)
            .map(|_| {
                let row = |place: usize| {
                    let mut evidence = Evidence([0.5; crate::channels::N_CHANNELS]);
                    if let Some(linear) = evidence.0.get_mut(23) {
                        *linear = if place == 0 { 0.9 } else { 0.1 };
                    }
                    if let Some(words) = evidence.0.first_mut() {
                        *words = if place == 0 { 0.1 } else { 0.9 };
                    }
                    Row {
                        place,
                        evidence,
                        extra: 0.0,
                        score: 0.0,
                    }
                };
                Case {
                    ranking: Ranking {
                        rows: vec![row(0), row(1), row(2)],
                        ..Ranking::default()
                    },
                    gold: Some(0),
                    weight: 1.0,
                    decided_before: false,
                }
            })
            .collect()
    }

    #[test]
    fn few_picks_move_nothing_and_more_move_farther() {
        let shipped = Weights::default();
        let moved = |n: usize| {
            let cases = cases(n);
            move_weights(&shipped, &cases.iter().collect::<Vec<_>>())
        };
        assert_eq!(moved(LEAST_PICKS - 1), None);
        let way = |weights: &Weights| {
            let pairs = weights.fusion.0.iter().zip(&shipped.fusion.0);
            pairs.map(|(a, b)| (a - b).abs()).sum::<f32>()
        };
        let (few, many) = (moved(50).unwrap(), moved(400).unwrap());
        assert!(way(&few) > 0.0 && way(&many) > way(&few) * 2.0);
        assert_eq!(few.answer_from, shipped.answer_from);
        assert_eq!(moved(60), moved(60));
        // What was right weighs more than what was wrong.
        assert!(many.fusion.0[23] > many.fusion.0[0]);
    }
}
