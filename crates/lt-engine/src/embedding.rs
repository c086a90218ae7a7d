//! Meaning as a direction: a text is the sum of the vectors of its features (characters, pairs,
//! words, concepts, pairs of syllables), made one long.
//!
//! The vectors were trained on our own question packs so that a customer's wording lies near the
//! entry that it means and far from the others of the same knowledge base (InfoNCE, van den Oord et
//! al. 2018; sum of hashed n-gram vectors as in fastText, Bojanowski et al. 2017). A feature that
//! was never seen keeps a pseudo-random vector, so that shared unknown words still count.
//! `cargo xtask train-defaults` makes the file anew.

use serde::{Deserialize, Serialize};

use crate::{analysed::Analysed, features, views};

/// Length of a vector.
pub const DIM: usize = 64;
/// Rows of the table; features share them by hash.
pub const N_ROWS: usize = 1 << 15;

/// Weight of a character, a pair of characters, a word, a concept, a pair of syllables.
const CHAR: f32 = 0.6;
const PAIR: f32 = 0.8;
const WORD: f32 = 1.0;
const CONCEPT: f32 = 1.5;
const SOUND: f32 = 0.4;

/// A unit vector; all zero for a text without features.
pub type Vector = [f32; DIM];

/// Several directions one after another, one byte a number.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub(crate) struct Directions(Vec<i8>);

impl Directions {
    /// Cosines with all, in their order.
    pub(crate) fn cosines<'a>(&'a self, with: &'a Vector) -> impl Iterator<Item = f32> + 'a {
        self.0
            .as_chunks::<DIM>()
            .0
            .iter()
            .map(move |direction| product(direction, with))
    }

    /// Cosine with one of them; 0 where there is none.
    pub(crate) fn cosine(&self, at: usize, with: &Vector) -> f32 {
        self.0
            .as_chunks::<DIM>()
            .0
            .get(at)
            .map_or(0.0, |direction| product(direction, with))
    }
}

impl FromIterator<Vector> for Directions {
    fn from_iter<T: IntoIterator<Item = Vector>>(directions: T) -> Self {
        Self(
            directions
                .into_iter()
                .flatten()
                .map(|value| (value * 127.0).round().clamp(-127.0, 127.0) as i8)
                .collect(),
        )
    }
}

fn product(direction: &[i8; DIM], with: &Vector) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in direction
        .as_chunks::<8>()
        .0
        .iter()
        .zip(with.as_chunks::<8>().0)
    {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += f32::from(*a) * b;
        }
    }
    sums.iter().sum::<f32>() / 127.0
}

/// The mean of several directions, made one long.
pub(crate) fn mean(directions: &[Vector]) -> Vector {
    let mut sum = [0.0; DIM];
    for direction in directions {
        for (sum, value) in sum.iter_mut().zip(direction) {
            *sum += value;
        }
    }
    unit(sum)
}

/// The table of vectors, one byte a number with one scale a row.
#[derive(Clone, Debug)]
pub struct Embedding {
    rows: Vec<i8>,
    scales: Vec<f32>,
}

impl Embedding {
    /// The untrained table: pseudo-random directions.
    #[must_use]
    pub fn untrained() -> Self {
        Self::quantised(&initial())
    }

    /// Rounds a table of [`N_ROWS`] × [`DIM`] numbers to bytes.
    #[must_use]
    pub fn quantised(table: &[f32]) -> Self {
        let mut rows = Vec::with_capacity(N_ROWS * DIM);
        let mut scales = Vec::with_capacity(N_ROWS);
        for row in table.chunks_exact(DIM) {
            let top = row.iter().fold(0.0_f32, |top, v| top.max(v.abs()));
            let scale = if top > 0.0 { top / 127.0 } else { 1.0 };
            scales.push(scale);
            rows.extend(row.iter().map(|v| (v / scale).round() as i8));
        }
        Self { rows, scales }
    }

    /// Reads what [`Embedding::to_bytes`] wrote; `None` when the length is wrong.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (scales, rows) = bytes.split_at_checked(N_ROWS * 4)?;
        if rows.len() != N_ROWS * DIM {
            return None;
        }
        Some(Self {
            rows: rows.iter().map(|byte| byte.cast_signed()).collect(),
            scales: scales
                .as_chunks::<4>()
                .0
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes))
                .collect(),
        })
    }

    /// Scales as little-endian numbers, then the rows.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self
            .scales
            .iter()
            .flat_map(|scale| scale.to_le_bytes())
            .collect();
        bytes.extend(self.rows.iter().map(|v| v.cast_unsigned()));
        bytes
    }

    /// The direction of a text.
    pub(crate) fn encode(&self, text: &Analysed) -> Vector {
        let mut sum = [0.0; DIM];
        for (row, weight) in features_of(text) {
            let from = row as usize * DIM;
            let scale = self.scales.get(row as usize).copied().unwrap_or_default() * weight;
            let row = self.rows.get(from..from + DIM).unwrap_or_default();
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += f32::from(*value) * scale;
            }
        }
        unit(sum)
    }
}

/// Makes a vector one long; zero stays zero.
pub(crate) fn unit(mut vector: Vector) -> Vector {
    let norm = dot(&vector, &vector).sqrt();
    if norm > 1e-6 {
        vector.iter_mut().for_each(|v| *v /= norm);
    }
    vector
}

/// Product of two vectors: their cosine, where both are one long.
pub(crate) fn dot(a: &Vector, b: &Vector) -> f32 {
    // Eight sums side by side, so that the order of adding is fixed and quick.
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

/// The rows of a text with their weights, each once, ascending.
pub(crate) fn features_of(text: &Analysed) -> Vec<(u32, f32)> {
    let mut all: Vec<(u32, f32)> = Vec::with_capacity(text.chars.len() * 4);
    for (gram, weight) in features::grams(&text.chars) {
        let n_chars = features::length(gram);
        let weight = match n_chars {
            1 => CHAR,
            2 => PAIR,
            0 => weight,
            _ => continue,
        };
        all.push((row(gram ^ 1), weight));
    }
    all.extend(
        text.words
            .iter()
            .map(|word| (row(views::hash_word(word) ^ 2), WORD)),
    );
    all.extend(
        text.concepts
            .iter()
            .map(|found| (row(u64::from(found.concept) ^ (3 << 40)), CONCEPT)),
    );
    for pair in text.syllables.windows(2) {
        let both = pair
            .iter()
            .fold(0_u64, |both, one| (both << 32) | u64::from(*one));
        all.push((row(both ^ 4), SOUND));
    }
    all.sort_by_key(|(row, _)| *row);
    all.dedup_by_key(|(row, _)| *row);
    all
}

fn row(feature: u64) -> u32 {
    (mix(feature) % N_ROWS as u64) as u32
}

/// The table before training.
pub(crate) fn initial() -> Vec<f32> {
    let spread = 1.0 / (DIM as f32).sqrt();
    (0..(N_ROWS * DIM) as u64)
        .map(|at| ((mix(at) >> 40) as f32 / (1_u64 << 23) as f32 - 1.0) * spread)
        .collect()
}

/// SplitMix64 (Steele et al. 2014).
pub(crate) fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
