//! Fitting of the parameters that ship with the engine, and of what moves them.
//!
//! [`embedding`] pulls customers' wordings towards the entries that they mean; [`fit_fusion`] and
//! [`fit_calibrator`] fit the weights on rankings whose right entry is known.
//! **Invariant:** deterministic: the same texts and seed give the same parameters.

mod adam;
mod chance;
pub mod embedding;
pub mod urgency;

use adam::Adam;
pub use chance::Homophones;

use crate::{
    Ranking, Row,
    calibrate::{self, Calibrator},
    fusion::{self, Fusion},
};

/// Rows of a ranking that the fit looks at.
const N_ROWS: usize = 25;
/// How strongly weights are pulled to zero.
const FUSION_DECAY: f32 = 0.002;
const CALIBRATOR_DECAY: f32 = 0.0005;
/// How much a question counts once more with its right entry hidden, as one that the knowledge
/// does not cover.
const HIDDEN: f32 = 0.25;

/// A labelled question with its ranking.
#[derive(Clone, Debug)]
pub struct Case {
    /// What the channels say.
    pub ranking: Ranking,
    /// Place of the right entry; none where the knowledge has no answer.
    pub gold: Option<usize>,
    /// How much it counts.
    pub weight: f32,
    /// Whether acts or rules decide before the confidence does.
    pub decided_before: bool,
}

impl Case {
    /// The same with a sentence encoder that counts so many times as much.
    pub(crate) fn with_encoder(&self, times: f32) -> Self {
        let mut case = self.clone();
        for row in &mut case.ranking.rows {
            row.extra *= times;
        }
        case
    }
}

/// Fits fusion weights by listwise softmax regression; no channel gets a negative weight.
#[must_use]
pub fn fit_fusion(cases: &[&Case]) -> Fusion {
    struct List {
        rows: Vec<[f32; fusion::N_INPUTS]>,
        /// What an encoder adds, whose weight stays as it is here.
        extras: Vec<f32>,
        gold: usize,
        weight: f32,
    }
    let lists: Vec<List> = cases
        .iter()
        .filter_map(|case| {
            let gold = case.gold?;
            let rows = &case.ranking.rows;
            let gold = rows.iter().position(|row| row.place == gold)?;
            let mut inputs = fusion::inputs(rows);
            let mut extras: Vec<f32> = rows.iter().map(|row| row.extra).collect();
            if gold >= N_ROWS {
                inputs.swap(gold, N_ROWS - 1);
                extras.swap(gold, N_ROWS - 1);
            }
            inputs.truncate(N_ROWS);
            Some(List {
                rows: inputs,
                extras,
                gold: gold.min(N_ROWS - 1),
                weight: case.weight,
            })
        })
        .collect();
    let n: f32 = lists.iter().map(|list| list.weight).sum();
    let mut adam = Adam::new([0.5; fusion::N_INPUTS]);
    for _ in 0..200 {
        let mut gradient = [0.0_f32; fusion::N_INPUTS];
        for list in &lists {
            let scores: Vec<f32> = list
                .rows
                .iter()
                .zip(&list.extras)
                .map(|(row, extra)| {
                    let sum: f32 = adam.weights.iter().zip(row).map(|(w, v)| w * v).sum();
                    sum + extra
                })
                .collect();
            for (at, (row, share)) in list.rows.iter().zip(fusion::shares(&scores)).enumerate() {
                let error = (share - f32::from(u8::from(at == list.gold))) * list.weight;
                for (g, v) in gradient.iter_mut().zip(row) {
                    *g += error * v;
                }
            }
        }
        for (g, w) in gradient.iter_mut().zip(adam.weights) {
            *g = *g / n.max(1e-6) + FUSION_DECAY * w;
        }
        adam.step(&gradient, 0.1);
        adam.weights.iter_mut().for_each(|w| *w = w.max(0.0));
    }
    Fusion(adam.weights)
}

/// Fits what a sentence encoder counts, beside fusion weights that stay as they are: how many times
/// what it counted in these rankings, 0 to 4. 1 where no ranking had an encoder.
#[must_use]
pub fn fit_encoder(cases: &[&Case], fusion: &Fusion) -> f32 {
    let lists: Vec<(Ranking, usize, f32)> = cases
        .iter()
        .filter(|case| case.ranking.rows.iter().any(|row| row.extra != 0.0))
        .filter_map(|case| {
            let ranking = rescored(&case.ranking, fusion);
            let gold = case.gold?;
            let gold = ranking.rows.iter().position(|row| row.place == gold)?;
            Some((ranking, gold, case.weight))
        })
        .collect();
    let n: f32 = lists.iter().map(|(_, _, weight)| weight).sum();
    let mut adam = Adam::new([1.0]);
    for _ in 0..200 {
        let [times] = adam.weights;
        let mut gradient = 0.0;
        for (ranking, gold, weight) in &lists {
            let score = |row: &Row| row.score + (times - 1.0) * row.extra;
            let scores: Vec<f32> = ranking.rows.iter().map(score).collect();
            for (at, (row, share)) in ranking.rows.iter().zip(fusion::shares(&scores)).enumerate() {
                gradient += (share - f32::from(u8::from(at == *gold))) * row.extra * weight;
            }
        }
        adam.step(&[gradient / n.max(1e-6)], 0.05);
        adam.weights = adam.weights.map(|times| times.clamp(0.0, 4.0));
    }
    let [times] = adam.weights;
    times
}

/// A ranking in the order of other weights.
#[must_use]
pub fn rescored(ranking: &Ranking, fusion: &Fusion) -> Ranking {
    let mut ranking = ranking.clone();
    fusion.score(&mut ranking.rows);
    ranking
}

/// Fits the confidence by logistic regression on first rows.
#[must_use]
pub fn fit_calibrator(cases: &[&Case], fusion: &Fusion) -> Calibrator {
    let mut examples: Vec<([f32; calibrate::N_INPUTS], f32, f32)> = Vec::new();
    for case in cases.iter().filter(|case| !case.decided_before) {
        let ranking = rescored(&case.ranking, fusion);
        if let (Some(inputs), Some(row)) = (
            calibrate::all_inputs(&ranking).first(),
            ranking.rows.first(),
        ) {
            let label = f32::from(u8::from(case.gold == Some(row.place)));
            examples.push((*inputs, label, case.weight));
        }
        if let Some(gold) = case.gold {
            let mut hidden = ranking;
            hidden.rows.retain(|row| row.place != gold);
            // The leads change with the best rival gone.
            fusion.score(&mut hidden.rows);
            if let Some(inputs) = calibrate::all_inputs(&hidden).first() {
                examples.push((*inputs, 0.0, HIDDEN * case.weight));
            }
        }
    }
    let n: f32 = examples.iter().map(|(_, _, weight)| weight).sum();
    let mut adam = Adam::new([0.0; calibrate::N_INPUTS]);
    for _ in 0..800 {
        let mut gradient = [0.0_f32; calibrate::N_INPUTS];
        for (inputs, label, weight) in &examples {
            let sum: f32 = adam.weights.iter().zip(inputs).map(|(w, v)| w * v).sum();
            let error = (1.0 / (1.0 + (-sum).exp()) - label) * weight;
            for (g, v) in gradient.iter_mut().zip(inputs) {
                *g += error * v;
            }
        }
        for (g, w) in gradient.iter_mut().zip(adam.weights) {
            *g = *g / n.max(1e-6) + CALIBRATOR_DECAY * w;
        }
        adam.step(&gradient, 0.03);
    }
    Calibrator(adam.weights)
}
