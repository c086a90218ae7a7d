//! How many questions the bot may answer for a wished share of right answers.
//!
//! The shipped curve was measured on our own question packs, each industry with parameters that
//! were fitted on the others (`cargo run -p lt-engine --example evaluate -- curve` writes it).
//! Where an organisation's agents have confirmed enough answers, its own takes the place.

use std::sync::LazyLock;

pub use lt_model::curve::{Curve, CurvePoint, CurveSource};

use crate::{
    parts::Weights,
    train::{self, Case},
};

/// Confirmed questions from which on an organisation's own curve counts.
pub const LEAST_AUDITED: usize = 200;
/// Confidences, in thousandths, at which a curve is measured.
const THRESHOLDS: std::ops::RangeInclusive<u16> = 30..=99;
/// Fewer answers than this say nothing about their precision.
const LEAST_ANSWERED: usize = 20;

static SHIPPED: LazyLock<Curve> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../defaults/curve.json")).unwrap_or(Curve {
        source: CurveSource::Shipped,
        n: 0,
        points: Vec::new(),
    })
});

/// A question whose right answer is known, as the engine judged it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Confidence in the first candidate.
    pub confidence: f32,
    /// Whether that is the right one.
    pub is_right: bool,
    /// Whether the knowledge has an answer at all.
    pub in_scope: bool,
}

/// The curve of our own question packs.
#[must_use]
pub fn shipped() -> &'static Curve {
    &SHIPPED
}

/// How the engine judged labelled questions. Where acts or rules decide, the threshold has no say,
/// and the question is left out.
#[must_use]
pub fn judged(cases: &[&Case], weights: &Weights) -> Vec<Judged> {
    cases
        .iter()
        .filter(|case| !case.decided_before)
        .map(|case| {
            let ranking = train::rescored(&case.ranking, &weights.fusion);
            let confidences = weights.calibrator.confidences(&ranking);
            let first = ranking.rows.first().map(|row| row.place);
            Judged {
                confidence: confidences.first().copied().unwrap_or_default(),
                is_right: first.is_some() && first == case.gold,
                in_scope: case.gold.is_some(),
            }
        })
        .collect()
}

/// The curve of labelled questions.
#[must_use]
pub fn curve(cases: &[&Case], weights: &Weights, source: CurveSource) -> Curve {
    of(&judged(cases, weights), source)
}

/// The curve of judged questions. It ends where too few are answered to say how many are right.
#[must_use]
pub fn of(judged: &[Judged], source: CurveSource) -> Curve {
    let n_in_scope = judged.iter().filter(|one| one.in_scope).count();
    let points = THRESHOLDS
        .map(|hundredths| hundredths * 10)
        .map_while(|threshold| {
            let from = f32::from(threshold) / 1_000.0;
            let answered = judged.iter().filter(|one| one.confidence >= from);
            let (n, n_right) = answered.fold((0, 0), |(n, right), one| {
                (n + 1, right + usize::from(one.is_right))
            });
            (n >= LEAST_ANSWERED).then(|| CurvePoint {
                threshold,
                precision: permille(n_right, n),
                coverage: permille(n_right, n_in_scope),
            })
        })
        .collect();
    Curve {
        source,
        n: u32::try_from(judged.len()).unwrap_or(u32::MAX),
        points,
    }
}

/// The curve that counts: the organisation's own when it was measured on enough questions.
#[must_use]
pub fn in_force(audited: Option<&Curve>) -> &Curve {
    audited
        .filter(|curve| usize::try_from(curve.n).is_ok_and(|n| n >= LEAST_AUDITED))
        .unwrap_or_else(|| shipped())
}

/// From which confidence on, in thousandths, the bot answers under a target. Where the curve never
/// reaches it, from its highest one on.
#[must_use]
pub fn threshold_for(curve: &Curve, target_permille: u16) -> Option<u16> {
    curve
        .point_for(target_permille)
        .or_else(|| curve.points.last().copied())
        .map(|point| point.threshold)
}

/// As the file `defaults/curve.json`.
#[must_use]
pub fn to_json(curve: &Curve) -> String {
    serde_json::to_string_pretty(curve).unwrap_or_default() + "\n"
}

fn permille(part: usize, whole: usize) -> u16 {
    u16::try_from((part * 1_000 + whole / 2) / whole.max(1)).unwrap_or(1_000)
}

#[cfg(test)]
mod tests;
