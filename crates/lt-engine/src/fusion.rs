//! From the channels' values to one score a candidate.
//!
//! The weights were fitted by listwise softmax regression on labelled questions of two industries;
//! `cargo run -p lt-engine --example evaluate -- fit` prints them anew from the same questions.

use crate::channels::{Evidence, N_CHANNELS};

/// Weight of each channel, in the order of [`crate::channels::NAMES`].
pub const WEIGHTS: [f32; N_CHANNELS] = [
    2.08, 0.88, 1.19, 0.00, 0.71, 1.62, 2.53, 2.72, 2.06, 1.25, 0.35, 6.03, 1.14, 1.07, 0.94,
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
