//! How precision and coverage trade off with the confidence that the bot asks for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What follows from answering from a confidence on. All in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CurvePoint {
    /// The confidence.
    pub threshold: u16,
    /// Of what is answered, so many are right.
    pub precision: u16,
    /// Of the questions that the knowledge covers, so many are answered rightly.
    pub coverage: u16,
}

/// On what a curve was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CurveSource {
    /// Our own question packs, each industry with parameters fitted on the others.
    Shipped,
    /// What the organisation's agents confirmed.
    Audited,
}

/// A measured curve, thresholds ascending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Curve {
    /// On what.
    pub source: CurveSource,
    /// On how many questions.
    pub n: u32,
    /// The points.
    pub points: Vec<CurvePoint>,
}

impl Curve {
    /// The point with the lowest threshold from which on precision stays at or above the target;
    /// none where it never does.
    #[must_use]
    pub fn point_for(&self, target_permille: u16) -> Option<CurvePoint> {
        let mut found = None;
        for point in self.points.iter().rev() {
            if point.precision < target_permille {
                break;
            }
            found = Some(*point);
        }
        found
    }

    /// The point that holds at a threshold: the last one at or below it.
    #[must_use]
    pub fn point_at(&self, threshold_permille: u16) -> Option<CurvePoint> {
        self.points
            .iter()
            .take_while(|point| point.threshold <= threshold_permille)
            .last()
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: &[(u16, u16, u16)]) -> Curve {
        Curve {
            source: CurveSource::Shipped,
            n: 100,
            points: points
                .iter()
                .map(|(threshold, precision, coverage)| CurvePoint {
                    threshold: *threshold,
                    precision: *precision,
                    coverage: *coverage,
                })
                .collect(),
        }
    }

    #[test]
    fn a_target_takes_the_lowest_threshold_that_stays_above_it() {
        // 950 is reached at 500 by luck and lost again at 600: only what stays counts.
        let curve = curve(&[
            (400, 900, 700),
            (500, 950, 600),
            (600, 940, 550),
            (700, 955, 500),
            (800, 970, 400),
        ]);
        for (target, expected) in [
            (850, Some(400)),
            (945, Some(700)),
            (955, Some(700)),
            (956, Some(800)),
            (971, None),
        ] {
            let found = curve.point_for(target).map(|point| point.threshold);
            assert_eq!(found, expected, "{target}");
        }
        assert_eq!(curve.point_at(650).map(|point| point.threshold), Some(600));
        assert_eq!(curve.point_at(100), None);
    }
}
