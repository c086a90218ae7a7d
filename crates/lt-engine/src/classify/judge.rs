//! Whether a text belongs to any label, and how sure the likeliest one is.
//!
//! Two logistic regressions over the signs of a reading, fitted on readings of texts that the models
//! were not trained on. What lies outside is taken from texts of labels that were hidden from the
//! models, and from texts that are labelled as belonging to none, where there are some.

use super::model::{N_SIGNS, Reading};

/// What a reading turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// Its class is the text's.
    Right,
    /// The text's class is another one.
    Wrong,
    /// The text's label was hidden from the models.
    Hidden,
    /// The text is labelled as belonging to no label.
    Background,
}

/// Largest share of the texts inside that may be refused although the models are right. Chosen
/// looking at the development sets: they refuse two to three times as many, being stranger.
const MAX_REFUSED: f64 = 0.007;
/// Weight of all that is outside against all that is inside, for the confidence.
const OUTSIDE_WEIGHT: f64 = 0.1;
/// Background texts that are enough to do without hidden labels.
const ENOUGH_BACKGROUND: usize = 200;
/// Strength of the pull towards zero.
const RIDGE: f64 = 1.0;
/// Steps of Newton's method.
const STEPS: usize = 12;
/// Terms: one, each sign, each sign's square.
const N_TERMS: usize = 1 + 2 * N_SIGNS;

/// Fitted on held-back readings.
#[derive(Debug)]
pub(crate) struct Judge {
    scale: Scale,
    outside: Logistic,
    right: Logistic,
    /// From this probability of lying outside, a text is refused.
    refuse_from: f32,
}

/// Means and widths of the signs.
#[derive(Debug)]
struct Scale([(f32, f32); N_SIGNS]);

#[derive(Debug)]
struct Logistic([f64; N_TERMS]);

impl Judge {
    /// Fits on readings with what they turned out to be; nothing without any that are right.
    pub(crate) fn fit(rows: &[(Reading, Truth)]) -> Option<Self> {
        let count = |truth: Truth| rows.iter().filter(|(_, other)| *other == truth).count();
        let (n_right, n_wrong) = (count(Truth::Right), count(Truth::Wrong));
        let (n_hidden, n_background) = (count(Truth::Hidden), count(Truth::Background));
        if n_right == 0 {
            return None;
        }
        let scale = Scale::of(rows);
        let terms: Vec<([f64; N_TERMS], Truth)> = rows
            .iter()
            .map(|(reading, truth)| (scale.terms(reading), *truth))
            .collect();
        // The share of the background grows with the number of its texts.
        let trust = (n_background as f64 / ENOUGH_BACKGROUND as f64).min(1.0);
        let each = |truth: Truth, total: f64| match truth {
            Truth::Hidden => total * (1.0 - trust * 0.5) / n_hidden.max(1) as f64,
            Truth::Background => total * trust.max(0.1) / n_background.max(1) as f64,
            Truth::Right | Truth::Wrong => 1.0,
        };
        let outside = Logistic::fit(
            terms
                .iter()
                .filter(|(_, truth)| *truth != Truth::Wrong)
                .map(|(terms, truth)| {
                    let weight = each(*truth, n_right as f64);
                    (terms, *truth != Truth::Right, weight)
                }),
        );
        let inside = (n_right + n_wrong) as f64;
        let right = Logistic::fit(terms.iter().map(|(terms, truth)| {
            (
                terms,
                *truth == Truth::Right,
                each(*truth, inside * OUTSIDE_WEIGHT),
            )
        }));
        let mut sorted: Vec<(f64, Truth)> = terms
            .iter()
            .map(|(terms, truth)| (outside.probability(terms), *truth))
            .collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let refuse_from = threshold(&sorted, inside);
        Some(Self {
            scale,
            outside,
            right,
            refuse_from,
        })
    }

    /// The probability that the text lies outside, and that its class is right.
    pub(crate) fn probabilities(&self, reading: &Reading) -> (f32, f32) {
        let terms = self.scale.terms(reading);
        (
            self.outside.probability(&terms) as f32,
            self.right.probability(&terms) as f32,
        )
    }

    /// From this probability of lying outside on, a text is refused.
    pub(crate) fn refuse_from(&self) -> f32 {
        self.refuse_from
    }
}

/// The lowest probability from which on few enough are refused, `sorted` by it from the highest;
/// above all where nothing is outside.
fn threshold(sorted: &[(f64, Truth)], n_inside: f64) -> f32 {
    let (mut refused, mut from) = (0.0, 1.1);
    for (at, (probability, truth)) in sorted.iter().enumerate() {
        match truth {
            Truth::Right => refused += 1.0,
            Truth::Wrong => {}
            Truth::Hidden | Truth::Background => {
                let next = sorted.get(at + 1).map_or(0.0, |(next, _)| *next);
                from = (probability + next) / 2.0;
            }
        }
        if refused > MAX_REFUSED * n_inside {
            break;
        }
    }
    from as f32
}

impl Scale {
    fn of(rows: &[(Reading, Truth)]) -> Self {
        let mut scale = [(0.0, 1.0); N_SIGNS];
        let n = rows.len().max(1) as f64;
        for (sign, place) in scale.iter_mut().enumerate() {
            let value =
                |reading: &Reading| f64::from(reading.signs.get(sign).copied().unwrap_or_default());
            let mean = rows.iter().map(|(reading, _)| value(reading)).sum::<f64>() / n;
            let square = rows
                .iter()
                .map(|(reading, _)| (value(reading) - mean).powi(2))
                .sum::<f64>()
                / n;
            *place = (mean as f32, (square.sqrt() as f32).max(1e-3));
        }
        Self(scale)
    }

    fn terms(&self, reading: &Reading) -> [f64; N_TERMS] {
        let mut terms = [1.0; N_TERMS];
        let (_, places) = terms.split_at_mut(1);
        let (plain, squares) = places.split_at_mut(N_SIGNS);
        for (((plain, square), sign), (mean, width)) in plain
            .iter_mut()
            .zip(squares)
            .zip(&reading.signs)
            .zip(&self.0)
        {
            *plain = f64::from((sign - mean) / width).clamp(-3.5, 3.5);
            *square = *plain * *plain;
        }
        terms
    }
}

impl Logistic {
    /// Newton's method on the penalised likelihood.
    fn fit<'a>(rows: impl Iterator<Item = (&'a [f64; N_TERMS], bool, f64)> + Clone) -> Self {
        let mut model = Self([0.0; N_TERMS]);
        for _ in 0..STEPS {
            let mut gradient = [0.0_f64; N_TERMS];
            let mut curvature = [[0.0_f64; N_TERMS]; N_TERMS];
            for (terms, is_so, weight) in rows.clone() {
                let p = model.probability(terms);
                let error = weight * (f64::from(u8::from(is_so)) - p);
                let bend = weight * (p * (1.0 - p)).max(1e-6);
                for ((term, gradient), row) in terms.iter().zip(&mut gradient).zip(&mut curvature) {
                    *gradient += error * term;
                    let scale = bend * term;
                    for (place, other) in row.iter_mut().zip(terms) {
                        *place += scale * other;
                    }
                }
            }
            for (at, ((gradient, row), weight)) in gradient
                .iter_mut()
                .zip(&mut curvature)
                .zip(&model.0)
                .enumerate()
            {
                let ridge = if at == 0 { 1e-3 } else { RIDGE };
                *gradient -= ridge * weight;
                if let Some(place) = row.get_mut(at) {
                    *place += ridge;
                }
            }
            let step = solve(curvature, gradient);
            for (weight, step) in model.0.iter_mut().zip(step) {
                *weight += step.clamp(-2.0, 2.0);
            }
        }
        model
    }

    fn probability(&self, terms: &[f64; N_TERMS]) -> f64 {
        let sum: f64 = self
            .0
            .iter()
            .zip(terms)
            .map(|(weight, term)| weight * term)
            .sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// Solves a positive definite system by elimination.
fn solve(mut matrix: [[f64; N_TERMS]; N_TERMS], mut right: [f64; N_TERMS]) -> [f64; N_TERMS] {
    for at in 0..N_TERMS {
        let (upper, lower) = matrix.split_at_mut(at + 1);
        let (right_upper, right_lower) = right.split_at_mut(at + 1);
        let (Some(pivot), Some(right_pivot)) = (upper.last(), right_upper.last()) else {
            break;
        };
        let head = pivot.get(at).copied().unwrap_or(1.0);
        for (row, right) in lower.iter_mut().zip(right_lower) {
            let factor = row.get(at).copied().unwrap_or_default() / head;
            for (place, pivot) in row.iter_mut().zip(pivot).skip(at) {
                *place -= factor * pivot;
            }
            *right -= factor * right_pivot;
        }
    }
    let mut solution = [0.0; N_TERMS];
    for (at, (row, right)) in matrix.iter().zip(&right).enumerate().rev() {
        let known: f64 = row
            .iter()
            .zip(&solution)
            .skip(at + 1)
            .map(|(a, x)| a * x)
            .sum();
        let head = row.get(at).copied().unwrap_or(1.0);
        if let Some(place) = solution.get_mut(at) {
            *place = (right - known) / head;
        }
    }
    solution
}
