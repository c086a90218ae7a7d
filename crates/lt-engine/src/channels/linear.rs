//! A linear model over n-grams: softmax regression with one class an entry, trained on the
//! entries' own questions when the engine is built.
//!
//! **Invariant:** training visits the questions in their order with a fixed step, without
//! randomness, so that the same knowledge gives the same weights.

use serde::{Deserialize, Serialize};

use crate::features::Sparse;

/// Passes over the questions.
const EPOCHS: usize = 12;
/// Step of AdaGrad.
const RATE: f32 = 0.6;
/// Largest number of weights; a larger knowledge base goes without this channel.
const MAX_WEIGHTS: usize = 4_000_000;

/// How far below certainty chance lies.
const CHANCE_DEPTH: f32 = 0.56;

/// The trained model; without weights where the knowledge base is too large for it.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Linear {
    n_classes: usize,
    /// `weights[feature * n_classes + class]`.
    weights: Vec<f32>,
}

impl Linear {
    /// Trains on the variants of each entry, which are made only where the model is small enough.
    pub(crate) fn train(
        n_classes: usize,
        n_features: usize,
        variants: impl FnOnce() -> Vec<Vec<Sparse>>,
    ) -> Self {
        if n_classes < 2 || n_features.saturating_mul(n_classes) > MAX_WEIGHTS {
            return Self::default();
        }
        let entries = variants();
        let mut model = Self {
            n_classes,
            weights: vec![0.0; n_features * n_classes],
        };
        let mut squares = vec![1e-3_f32; n_features * n_classes];
        // Variants take turns over the entries, so that no class is seen in one go.
        let rounds = entries
            .iter()
            .map(|variants| variants.len())
            .max()
            .unwrap_or_default();
        for _ in 0..EPOCHS {
            for round in 0..rounds {
                for (class, variants) in entries.iter().enumerate() {
                    if let Some(variant) = variants.get(round) {
                        model.step(variant, class, &mut squares);
                    }
                }
            }
        }
        model
    }

    /// Whether there is a model: a large knowledge base goes without.
    pub(crate) fn is_trained(&self) -> bool {
        !self.weights.is_empty()
    }

    /// The channel's value of a probability: 1 at certainty, 0.44 at chance whatever the number of
    /// entries, 0 far below it.
    pub(crate) fn evidence(&self, probability: f32) -> f32 {
        if probability <= 0.0 || self.n_classes < 2 {
            return 0.0;
        }
        let chance = (self.n_classes as f32).ln();
        (1.0 + CHANCE_DEPTH * probability.ln() / chance).max(0.0)
    }

    fn step(&mut self, variant: &Sparse, class: usize, squares: &mut [f32]) {
        let mut errors = self.probabilities(variant);
        if let Some(own) = errors.get_mut(class) {
            *own -= 1.0;
        }
        for (feature, value) in variant.items() {
            let from = *feature as usize * self.n_classes;
            let (Some(weights), Some(squares)) = (
                self.weights.get_mut(from..from + self.n_classes),
                squares.get_mut(from..from + self.n_classes),
            ) else {
                continue;
            };
            for ((weight, square), error) in weights.iter_mut().zip(squares).zip(&errors) {
                let gradient = error * value;
                *square += gradient * gradient;
                *weight -= RATE * gradient / square.sqrt();
            }
        }
    }

    /// Probability of each entry; empty without a model.
    pub(crate) fn probabilities(&self, vector: &Sparse) -> Vec<f32> {
        let mut sums = vec![0.0_f32; self.n_classes];
        for (feature, value) in vector.items() {
            let from = *feature as usize * self.n_classes;
            let weights = self
                .weights
                .get(from..from + self.n_classes)
                .unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight * value;
            }
        }
        let top = sums.iter().copied().fold(f32::MIN, f32::max);
        let mut total = 0.0;
        for sum in &mut sums {
            *sum = (*sum - top).exp();
            total += *sum;
        }
        sums.iter_mut().for_each(|sum| *sum /= total);
        sums
    }
}
