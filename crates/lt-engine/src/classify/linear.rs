//! One linear model a class against all others: squared hinge, by dual coordinate descent.
//!
//! The method of Hsieh et al. 2008 ("A dual coordinate descent method for large-scale linear SVM"),
//! as in LIBLINEAR (Fan et al. 2008), with the classes of a block taken together: the weights of an
//! example's features are read once for all of them. A class's weights do not depend on the block
//! it is in.

use super::{random::Random, vector::Vector};

/// Cost of an error on another class's text.
const COST: f32 = 2.0;
/// Cost of an error on a class's own text: it has few of them.
const COST_OWN: f32 = 4.0;
/// Value of the bias feature.
const BIAS: f32 = 0.5;
/// Largest number of classes in a block.
const BLOCK: usize = 160;

/// Weights of all classes.
#[derive(Debug, Default)]
pub(crate) struct Linear {
    n_classes: usize,
    /// `weights[feature * n_classes + class]`; the last row is the bias.
    weights: Vec<f32>,
}

impl Linear {
    /// Trains on vectors with their classes for a number of passes.
    pub(crate) fn train(
        examples: &[(Vector, usize)],
        n_features: usize,
        n_classes: usize,
        epochs: usize,
    ) -> Self {
        let mut weights = vec![0.0; (n_features + 1) * n_classes];
        for from in (0..n_classes).step_by(BLOCK) {
            let to = (from + BLOCK).min(n_classes);
            let block = train_block(examples, n_features, from..to, epochs);
            let rows = weights.chunks_exact_mut(n_classes);
            for (row, part) in rows.zip(block.chunks_exact(to - from)) {
                if let Some(place) = row.get_mut(from..to) {
                    place.copy_from_slice(part);
                }
            }
        }
        Self { n_classes, weights }
    }

    /// Score of each class: 1 is a clear yes, -1 a clear no.
    pub(crate) fn scores(&self, vector: &Vector) -> Vec<f32> {
        // The bias is the last row.
        let bias = self.weights.len().saturating_sub(self.n_classes);
        let mut sums = vec![0.0; self.n_classes];
        add_row(&self.weights, bias, BIAS, &mut sums);
        for (feature, value) in vector.items() {
            add_row(
                &self.weights,
                *feature as usize * self.n_classes,
                *value,
                &mut sums,
            );
        }
        sums
    }
}

fn add_row(weights: &[f32], from: usize, value: f32, sums: &mut [f32]) {
    if let Some(row) = weights.get(from..from + sums.len()) {
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += weight * value;
        }
    }
}

fn train_block(
    examples: &[(Vector, usize)],
    n_features: usize,
    classes: std::ops::Range<usize>,
    epochs: usize,
) -> Vec<f32> {
    let width = classes.len();
    let bias = n_features * width;
    let mut weights = vec![0.0_f32; bias + width];
    let mut alphas = vec![0.0_f32; examples.len() * width];
    let (diagonal, diagonal_own) = (0.5 / COST, 0.5 / COST_OWN);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = Random::new(0);
    let mut deltas = vec![0.0_f32; width];
    for _ in 0..epochs {
        random.shuffle(&mut order);
        for at in &order {
            let (Some((vector, class)), Some(alphas)) = (
                examples.get(*at),
                alphas.get_mut(at * width..(at + 1) * width),
            ) else {
                continue;
            };
            deltas.fill(0.0);
            add_row(&weights, bias, BIAS, &mut deltas);
            for (feature, value) in vector.items() {
                add_row(&weights, *feature as usize * width, *value, &mut deltas);
            }
            let square = vector.square() + BIAS * BIAS;
            let own = class.checked_sub(classes.start).filter(|own| *own < width);
            let before = own.and_then(|own| Some((own, *deltas.get(own)?, *alphas.get(own)?)));
            // As if all classes were other ones; what that does to the own class is put right below.
            for (delta, alpha) in deltas.iter_mut().zip(alphas.iter_mut()) {
                let gradient = -*delta - 1.0 + diagonal * *alpha;
                let new = (*alpha - gradient / (square + diagonal)).max(0.0);
                *delta = *alpha - new;
                *alpha = new;
            }
            if let Some((own, score, alpha)) = before {
                let gradient = score - 1.0 + diagonal_own * alpha;
                let new = (alpha - gradient / (square + diagonal_own)).max(0.0);
                if let (Some(place), Some(delta)) = (alphas.get_mut(own), deltas.get_mut(own)) {
                    (*place, *delta) = (new, new - alpha);
                }
            }
            if deltas.iter().all(|delta| *delta == 0.0) {
                continue;
            }
            let rows = vector
                .items()
                .iter()
                .map(|(feature, value)| (*feature as usize * width, *value));
            for (from, value) in rows.chain([(bias, BIAS)]) {
                if let Some(row) = weights.get_mut(from..from + width) {
                    for (weight, delta) in row.iter_mut().zip(&deltas) {
                        *weight += value * delta;
                    }
                }
            }
        }
    }
    weights
}
