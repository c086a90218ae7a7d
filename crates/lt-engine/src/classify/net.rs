//! A net of one hidden layer over words and their pairs, trained with dropout and AdaGrad.
//!
//! It finds what the linear model cannot: words that mean the same because they stand beside the
//! same others. Dropout is Srivastava et al. 2014, the step Duchi et al. 2011. The random numbers
//! come from a fixed seed, so that the same texts give the same net.

use super::{random::Random, vector::Vector};

/// Units of the hidden layer.
const WIDTH: usize = 128;
/// Step of AdaGrad at the beginning; it falls to a tenth.
const RATE: f32 = 0.06;
/// Share of the inputs that are left out at each step.
const DROP_INPUT: f32 = 0.3;
/// Share of the hidden units that are left out at each step.
const DROP_HIDDEN: f32 = 0.3;
/// Where AdaGrad's sums of squares begin.
const SQUARES: f32 = 0.02;

/// A trained net.
#[derive(Debug)]
pub(crate) struct Net {
    n_classes: usize,
    /// `input[feature * WIDTH + unit]`.
    input: Vec<f32>,
    bias: Vec<f32>,
    /// `output[class * WIDTH + unit]`.
    output: Vec<f32>,
}

/// Rows of weights, each with AdaGrad's sum of mean squared gradients.
struct Layer {
    weights: Vec<f32>,
    squares: Vec<f32>,
}

impl Layer {
    fn new(n_rows: usize, spread: f32, random: &mut Random) -> Self {
        Self {
            weights: (0..n_rows * WIDTH)
                .map(|_| (random.unit() - 0.5) * spread)
                .collect(),
            squares: vec![SQUARES; n_rows],
        }
    }

    fn row(&self, row: usize) -> &[f32] {
        self.weights
            .get(row * WIDTH..(row + 1) * WIDTH)
            .unwrap_or_default()
    }

    /// Moves a row against `scale * direction`, whose mean square is `square`.
    fn step(&mut self, row: usize, rate: f32, scale: f32, direction: &[f32], square: f32) {
        if let (Some(weights), Some(sum)) = (
            self.weights.get_mut(row * WIDTH..(row + 1) * WIDTH),
            self.squares.get_mut(row),
        ) {
            *sum += scale * scale * square;
            add(weights, -rate * scale / sum.sqrt(), direction);
        }
    }
}

impl Net {
    /// Trains on vectors with their classes for a number of passes.
    pub(crate) fn train(
        examples: &[(Vector, usize)],
        n_features: usize,
        n_classes: usize,
        epochs: usize,
        seed: u64,
    ) -> Self {
        let mut random = Random::new(seed);
        let mut input = Layer::new(n_features, 0.4, &mut random);
        let mut bias = Layer::new(1, 0.0, &mut random);
        let mut output = Layer::new(n_classes, 2.0 / (WIDTH as f32).sqrt(), &mut random);
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut kept: Vec<(u32, f32)> = Vec::new();
        let (mut hidden, mut back) = (vec![0.0_f32; WIDTH], vec![0.0_f32; WIDTH]);
        let mut errors = vec![0.0_f32; n_classes];
        for epoch in 0..epochs {
            let rate = RATE * (1.0 - 0.9 * epoch as f32 / epochs as f32);
            random.shuffle(&mut order);
            for (vector, class) in order.iter().filter_map(|at| examples.get(*at)) {
                kept.clear();
                for (feature, value) in vector.items() {
                    if random.unit() >= DROP_INPUT {
                        kept.push((*feature, value / (1.0 - DROP_INPUT)));
                    }
                }
                hidden.copy_from_slice(&bias.weights);
                for (feature, value) in &kept {
                    add(&mut hidden, *value, input.row(*feature as usize));
                }
                for unit in &mut hidden {
                    *unit = if *unit < 0.0 || random.unit() < DROP_HIDDEN {
                        0.0
                    } else {
                        *unit / (1.0 - DROP_HIDDEN)
                    };
                }
                for (class, error) in errors.iter_mut().enumerate() {
                    *error = dot(&hidden, output.row(class));
                }
                softmax(&mut errors, 1.0);
                if let Some(own) = errors.get_mut(*class) {
                    *own -= 1.0;
                }
                back.fill(0.0);
                let square = mean_square(&hidden);
                for (class, error) in errors.iter().enumerate() {
                    if error.abs() >= 1e-4 {
                        add(&mut back, *error, output.row(class));
                        output.step(class, rate, *error, &hidden, square);
                    }
                }
                for (back, unit) in back.iter_mut().zip(&hidden) {
                    *back = if *unit > 0.0 {
                        *back / (1.0 - DROP_HIDDEN)
                    } else {
                        0.0
                    };
                }
                let square = mean_square(&back);
                for (feature, value) in &kept {
                    input.step(*feature as usize, rate, *value, &back, square);
                }
                bias.step(0, rate, 1.0, &back, square);
            }
        }
        Self {
            n_classes,
            input: input.weights,
            bias: bias.weights,
            output: output.weights,
        }
    }

    /// Logit of each class.
    pub(crate) fn logits(&self, vector: &Vector) -> Vec<f32> {
        let mut hidden = self.bias.clone();
        for (feature, value) in vector.items() {
            let from = *feature as usize * WIDTH;
            add(
                &mut hidden,
                *value,
                self.input.get(from..from + WIDTH).unwrap_or_default(),
            );
        }
        hidden.iter_mut().for_each(|unit| *unit = unit.max(0.0));
        self.output
            .chunks_exact(WIDTH)
            .take(self.n_classes)
            .map(|row| dot(&hidden, row))
            .collect()
    }
}

fn add(sums: &mut [f32], scale: f32, row: &[f32]) {
    for (sum, weight) in sums.iter_mut().zip(row) {
        *sum += scale * weight;
    }
}

fn mean_square(row: &[f32]) -> f32 {
    dot(row, row) / row.len().max(1) as f32
}

/// Dot product in eight lanes.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}

/// Turns scores, multiplied by `sharpness`, into probabilities.
pub(crate) fn softmax(scores: &mut [f32], sharpness: f32) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut total = 0.0;
    for score in scores.iter_mut() {
        *score = ((*score - top) * sharpness).exp();
        total += *score;
    }
    scores.iter_mut().for_each(|score| *score /= total);
}
