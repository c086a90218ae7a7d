//! From the channels' values to one score a candidate.
//!
//! A candidate's score is a weighted sum of what each channel says and of how far it stands above
//! its best rival there; the shipped weights were fitted by listwise softmax regression (Cao et al.
//! 2007, ListNet's top-one likelihood) on our own question packs, see [`crate::train`].

use crate::{
    Row,
    channels::{N_CHANNELS, NAMES},
};

/// Channels whose lead over the best rival counts besides their value.
pub const LEADS: [&str; 8] = [
    "chars_top3",
    "chars_centroid",
    "units_best",
    "sounds_covered",
    "meaning_best",
    "meaning_centroid",
    "linear",
    "prototype",
];

/// Number of inputs: the channels' values, then the leads.
pub const N_INPUTS: usize = N_CHANNELS + LEADS.len();

/// Weights of the fusion.
#[derive(Clone, Debug, PartialEq)]
pub struct Fusion(pub [f32; N_INPUTS]);

/// Names of the inputs, in order.
pub fn input_names() -> impl Iterator<Item = String> {
    NAMES
        .iter()
        .map(|name| (*name).to_owned())
        .chain(LEADS.iter().map(|name| format!("lead_{name}")))
}

/// Inputs of every row, in their order.
#[must_use]
pub fn inputs(rows: &[Row]) -> Vec<[f32; N_INPUTS]> {
    let mut all: Vec<[f32; N_INPUTS]> = rows
        .iter()
        .map(|row| {
            let mut inputs = [0.0; N_INPUTS];
            for (input, value) in inputs.iter_mut().zip(row.evidence.0) {
                *input = value;
            }
            inputs
        })
        .collect();
    for (at, name) in LEADS.iter().enumerate() {
        let values: Vec<f32> = rows.iter().map(|row| row.evidence.get(name)).collect();
        let (mut first, mut second) = (0.0_f32, 0.0_f32);
        for value in &values {
            if *value > first {
                (first, second) = (*value, first);
            } else {
                second = second.max(*value);
            }
        }
        for (inputs, value) in all.iter_mut().zip(&values) {
            let rival = if *value >= first { second } else { first };
            if let Some(input) = inputs.get_mut(N_CHANNELS + at) {
                *input = (value - rival).clamp(-0.5, 0.5);
            }
        }
    }
    all
}

impl Fusion {
    /// Scores the rows and puts the best first.
    pub fn score(&self, rows: &mut [Row]) {
        let inputs = inputs(rows);
        for (row, inputs) in rows.iter_mut().zip(inputs) {
            let sum: f32 = self.0.iter().zip(inputs).map(|(w, v)| w * v).sum();
            row.score = sum + row.extra;
        }
        rows.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place)));
    }
}

/// The scores as shares of 1 (softmax).
#[must_use]
pub fn shares(scores: &[f32]) -> Vec<f32> {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let raised: Vec<f32> = scores.iter().map(|score| (score - top).exp()).collect();
    let total: f32 = raised.iter().sum();
    raised
        .into_iter()
        .map(|raised| raised / total.max(1e-9))
        .collect()
}
