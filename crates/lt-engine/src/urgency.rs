//! Urgency learned from examples: a linear model (softmax regression) over the words, concepts and
//! characters of a message and the written rules that it meets, for what no rule foresees.
//!
//! Trained on our own question packs; `cargo xtask train-defaults` makes it anew.

use lt_model::priority::Priority;

use crate::{
    acts::Act,
    analysed::Analysed,
    embedding::{self, mix},
    features,
};

/// Rows of the table of weights; features share them by hash.
pub const N_ROWS: usize = 1 << 15;
/// Number of levels.
pub const N_LEVELS: usize = 4;
/// The levels in the order of the weights.
pub const LEVELS: [Priority; N_LEVELS] = [
    Priority::Low,
    Priority::Normal,
    Priority::High,
    Priority::Urgent,
];
/// One step of a stored weight.
const STEP: f32 = 1.0 / 24.0;

/// What of a message counts.
const RULE: f32 = 1.0;
const TRIPLE: f32 = 0.5;
const BIAS: f32 = 1.0;

/// Features of a message with their weights.
pub type Features = Vec<(u32, f32)>;

/// Weights of every feature for every level.
#[derive(Clone, Debug, PartialEq)]
pub struct Urgency {
    weights: Vec<[i8; N_LEVELS]>,
}

impl Urgency {
    /// Says nothing: every level is as likely.
    #[must_use]
    pub fn untrained() -> Self {
        Self {
            weights: vec![[0; N_LEVELS]; N_ROWS],
        }
    }

    /// Rounds trained weights to bytes.
    #[must_use]
    pub fn quantised(weights: &[[f32; N_LEVELS]]) -> Self {
        Self {
            weights: weights
                .iter()
                .map(|row| row.map(|weight| (weight / STEP).round().clamp(-127.0, 127.0) as i8))
                .collect(),
        }
    }

    /// Reads what [`Urgency::to_bytes`] wrote; `None` when the length is wrong.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rows, rest) = bytes.as_chunks::<N_LEVELS>();
        (rows.len() == N_ROWS && rest.is_empty()).then(|| Self {
            weights: rows
                .iter()
                .map(|row| row.map(u8::cast_signed))
                .collect(),
        })
    }

    /// The weights row by row.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.weights
            .iter()
            .flatten()
            .map(|weight| weight.cast_unsigned())
            .collect()
    }

    /// Share of each level, in the order of [`LEVELS`].
    #[must_use]
    pub fn shares(&self, features: &Features) -> [f32; N_LEVELS] {
        let mut sums = [0.0_f32; N_LEVELS];
        for (row, value) in features {
            if let Some(weights) = self.weights.get(*row as usize) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += f32::from(*weight) * STEP * value;
                }
            }
        }
        softmax(sums)
    }
}

/// Numbers as shares of 1.
pub(crate) fn softmax(mut sums: [f32; N_LEVELS]) -> [f32; N_LEVELS] {
    let top = sums.iter().copied().fold(f32::MIN, f32::max);
    sums.iter_mut().for_each(|sum| *sum = (*sum - top).exp());
    let total: f32 = sums.iter().sum();
    sums.map(|sum| sum / total)
}

/// Features of a message: its own, the names of the rules that it meets, its act, its marks. The
/// text's part is of unit length, so that a long story does not shout.
pub(crate) fn features(
    text: &Analysed,
    raw: &str,
    rules: &[&'static str],
    act: Option<Act>,
) -> Features {
    let mut all: Features = embedding::features_of(text)
        .into_iter()
        .map(|(row, weight)| (row % N_ROWS as u32, weight))
        .collect();
    all.extend(
        features::grams(&text.chars)
            .into_iter()
            .filter(|(gram, _)| features::length(*gram) == 3)
            .map(|(gram, _)| (row(gram, 5), TRIPLE)),
    );
    let norm = all.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-6);
    // Longer texts say more, but not in proportion.
    let scale = 3.0 / norm;
    all.iter_mut().for_each(|(_, weight)| *weight *= scale);
    all.push((row(0, 6), BIAS));
    all.extend(rules.iter().map(|rule| {
        let hash = rule
            .bytes()
            .fold(0, |hash: u64, byte| hash.wrapping_mul(257) + u64::from(byte));
        (row(hash, 7), RULE)
    }));
    if let Some(act) = act {
        all.push((row(act as u64, 8), RULE));
    }
    let n_marks = raw.chars().filter(|c| matches!(c, '!' | '！')).count();
    let n_asks = raw.chars().filter(|c| matches!(c, '?' | '？')).count();
    for (salt, n) in [(9, n_marks), (10, n_asks)] {
        if n > 0 {
            all.push((row(n.min(3) as u64, salt), RULE));
        }
    }
    let length = (text.chars.len() as f32).log2() as u64;
    all.push((row(length, 11), RULE));
    all
}

fn row(feature: u64, salt: u64) -> u32 {
    (mix(feature ^ (salt << 58)) % N_ROWS as u64) as u32
}
