//! A linear model over meanings: one prototype direction an entry, moved from the mean of its
//! wordings until they are told apart from the entries that lie nearest.
//!
//! Small enough for any knowledge base: [`DIM`] numbers an entry.

use serde::{Deserialize, Serialize};

use crate::embedding::{self, DIM, Vector};

/// Passes over the wordings.
const EPOCHS: usize = 8;
/// Step of AdaGrad.
const RATE: f32 = 0.15;
/// Sharpness of a prototype before training.
const SHARPNESS: f32 = 8.0;
/// Entries that a wording is told apart from: its own and the nearest others.
const N_RIVALS: usize = 50;
/// Largest number of entries whose prototypes are trained; of more they stay the means, since every
/// entry is compared with every other.
const MOST_TRAINED: usize = 20_000;
/// How far below certainty chance lies, as in the linear model over n-grams.
const CHANCE_DEPTH: f32 = 0.56;

/// One prototype an entry.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Prototypes(Vec<f32>);

impl Prototypes {
    fn all(&self) -> &[Vector] {
        self.0.as_chunks().0
    }
}

impl Prototypes {
    /// Trains on the meanings of each entry's wordings and their mean directions.
    pub(crate) fn train(entries: &[Vec<Vector>], means: &[Vector]) -> Self {
        let mut prototypes: Vec<Vector> = means
            .iter()
            .map(|mean| mean.map(|value| value * SHARPNESS))
            .collect();
        let mut squares = vec![[1e-2_f32; DIM]; means.len()];
        let rounds = entries
            .iter()
            .map(|list| list.len())
            .max()
            .unwrap_or_default();
        // Looking for rivals is what costs: they are those of the entry and stay those of the
        // beginning.
        let rivals: Vec<Vec<u32>> = if means.len() <= MOST_TRAINED {
            (0..means.len()).map(|own| rivals(own, means)).collect()
        } else {
            Vec::new()
        };
        for _ in 0..EPOCHS {
            for round in 0..rounds {
                for (own, (wordings, rivals)) in entries.iter().zip(&rivals).enumerate() {
                    if let Some(wording) = wordings.get(round) {
                        step(&mut prototypes, &mut squares, wording, own, rivals);
                    }
                }
            }
        }
        Self(prototypes.into_iter().flatten().collect())
    }

    /// Probability of each of the entries at `places`, among these.
    pub(crate) fn probabilities(&self, meaning: &Vector, places: &[usize]) -> Vec<f32> {
        let sums: Vec<f32> = places
            .iter()
            .map(|place| {
                self.all()
                    .get(*place)
                    .map_or(f32::MIN, |prototype| embedding::dot(prototype, meaning))
            })
            .collect();
        crate::fusion::shares(&sums)
    }

    /// The channel's value of a probability: 1 at certainty, 0.44 at chance, 0 far below it.
    pub(crate) fn evidence(&self, probability: f32) -> f32 {
        if probability <= 0.0 || self.all().len() < 2 {
            return 0.0;
        }
        let chance = (self.all().len() as f32).ln();
        (1.0 + CHANCE_DEPTH * probability.ln() / chance).max(0.0)
    }
}

/// An entry and those whose mean lies nearest to its own.
fn rivals(own: usize, means: &[Vector]) -> Vec<u32> {
    let Some(mean) = means.get(own) else {
        return Vec::new();
    };
    let mut near: Vec<(u32, f32)> = (0_u32..)
        .zip(means)
        .filter(|(place, _)| *place as usize != own)
        .map(|(place, other)| (place, embedding::dot(mean, other)))
        .collect();
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if near.len() > N_RIVALS {
        near.select_nth_unstable_by(N_RIVALS, order);
    }
    // A list of its own: one made in place would keep the room of the whole.
    let mut places = Vec::with_capacity(N_RIVALS + 1);
    places.extend(near.iter().take(N_RIVALS).map(|(place, _)| *place));
    places.push(own as u32);
    places.sort_unstable();
    places
}

fn step(
    prototypes: &mut [Vector],
    squares: &mut [Vector],
    wording: &Vector,
    own: usize,
    rivals: &[u32],
) {
    let sums: Vec<f32> = rivals
        .iter()
        .map(|place| {
            prototypes
                .get(*place as usize)
                .map_or(f32::MIN, |prototype| embedding::dot(prototype, wording))
        })
        .collect();
    for (place, share) in rivals.iter().zip(crate::fusion::shares(&sums)) {
        let error = share - f32::from(u8::from(*place as usize == own));
        if let (Some(prototype), Some(squares)) = (
            prototypes.get_mut(*place as usize),
            squares.get_mut(*place as usize),
        ) {
            for ((value, square), w) in prototype.iter_mut().zip(squares).zip(wording) {
                let gradient = error * w;
                *square += gradient * gradient;
                *value -= RATE * gradient / square.sqrt();
            }
        }
    }
}
