//! From the channels' values to one score a candidate.
//!
//! The weights were fitted by listwise softmax regression on labelled questions of two industries;
//! `cargo run -p lt-engine --example evaluate -- fit` prints them anew from the same questions.

use crate::channels::{Evidence, N_CHANNELS};

/// Weight of each channel, in the order of [`crate::channels::NAMES`].
pub const WEIGHTS: [f32; N_CHANNELS] = [
    1.33, 0.22, 0.78, 1.23, 2.15, 3.33, 0.42, 3.15, 2.59, 1.95, 0.00, 6.91, 2.42, 3.13, 1.52,
];

/// The fused score.
#[must_use]
pub fn score(evidence: &Evidence) -> f32 {
    WEIGHTS.iter().zip(evidence.0).map(|(w, v)| w * v).sum()
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
