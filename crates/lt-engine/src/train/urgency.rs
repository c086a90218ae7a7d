//! Training of the urgency model: softmax regression with AdaGrad (Duchi et al. 2011) and weights
//! pulled to zero.

use crate::urgency::{self, Features, N_LEVELS, N_ROWS, Urgency};

/// Passes over the examples.
const EPOCHS: usize = 12;
/// Step of AdaGrad.
const RATE: f32 = 0.15;
/// How much an example of each level counts: rare levels more, and most of all the one whose miss
/// costs most.
const COUNTS: [f32; N_LEVELS] = [1.4, 1.0, 1.3, 3.0];
/// How strongly weights are pulled to zero at each visit.
const DECAY: f32 = 0.002;

/// Trains on messages with their level (its place in [`urgency::LEVELS`]).
#[must_use]
pub fn train(examples: &[(&Features, usize)]) -> Urgency {
    let mut weights = vec![[0.0_f32; N_LEVELS]; N_ROWS];
    let mut squares = vec![[1e-2_f32; N_LEVELS]; N_ROWS];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for epoch in 0..EPOCHS as u64 {
        order.sort_by_key(|at| crate::embedding::mix((epoch << 32) + *at as u64));
        for (features, level) in order.iter().filter_map(|at| examples.get(*at)) {
            let mut sums = [0.0_f32; N_LEVELS];
            for (row, value) in *features {
                if let Some(weights) = weights.get(*row as usize) {
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += weight * value;
                    }
                }
            }
            let mut errors = urgency::softmax(sums);
            if let Some(own) = errors.get_mut(*level) {
                *own -= 1.0;
            }
            let count = COUNTS.get(*level).copied().unwrap_or(1.0);
            errors.iter_mut().for_each(|error| *error *= count);
            for (row, value) in *features {
                let (Some(weights), Some(squares)) = (
                    weights.get_mut(*row as usize),
                    squares.get_mut(*row as usize),
                ) else {
                    continue;
                };
                for ((weight, square), error) in weights.iter_mut().zip(squares).zip(errors) {
                    let gradient = error * value + DECAY * *weight;
                    *square += gradient * gradient;
                    *weight -= RATE * gradient / square.sqrt();
                }
            }
        }
    }
    Urgency::quantised(&weights)
}
