//! Texts as sparse vectors over a vocabulary that the training texts made.

use std::collections::HashMap;

use super::features::{Family, N_FAMILIES, Name, Names, Shares};

/// Texts that a word, a pair and a run of characters must stand in to be known.
const LEAST: [u32; N_FAMILIES] = [1, 2, 2, 2];

/// Sparse vector, sorted by feature.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Vector {
    items: Vec<(u32, f32)>,
    square: f32,
}

impl Vector {
    /// Features with their values.
    pub(crate) fn items(&self) -> &[(u32, f32)] {
        &self.items
    }

    /// Square of its length.
    pub(crate) fn square(&self) -> f32 {
        self.square
    }
}

/// Which features the training texts have, and how much each says.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    ids: HashMap<Name, u32>,
    idf: Vec<f32>,
    idf_unknown: f32,
}

impl Vocabulary {
    /// Counts the features of the training texts and keeps at most about `most`, the frequent ones.
    pub(crate) fn build<'a>(texts: impl Iterator<Item = &'a Names> + Clone, most: usize) -> Self {
        let mut counts: HashMap<Name, u32> = HashMap::new();
        let mut n_texts = 0;
        for names in texts.clone() {
            n_texts += 1;
            for (name, _) in names {
                *counts.entry(*name).or_insert(0) += 1;
            }
        }
        let least_by_size = least_count(&counts, most);
        let mut vocabulary = Self::default();
        let idf = |n: f32| ((1.0 + n_texts as f32) / (1.0 + n)).ln() + 1.0;
        vocabulary.idf_unknown = idf(0.0);
        // Ids in the order of the texts, not of the map.
        for (name, family) in texts.flatten() {
            let n = counts.get(name).copied().unwrap_or_default();
            let least = LEAST.get(*family as usize).copied().unwrap_or(1);
            if n >= least.max(least_by_size) {
                let next = vocabulary.idf.len() as u32;
                if *vocabulary.ids.entry(*name).or_insert(next) == next {
                    vocabulary.idf.push(idf(n as f32));
                }
            }
        }
        vocabulary
    }

    /// Number of features.
    pub(crate) fn len(&self) -> usize {
        self.idf.len()
    }

    fn idf(&self, id: u32) -> f32 {
        self.idf
            .get(id as usize)
            .copied()
            .unwrap_or(self.idf_unknown)
    }

    /// The words of a text: their number, if they are known, and how much each says.
    pub(crate) fn words<'a>(
        &'a self,
        names: &'a Names,
    ) -> impl Iterator<Item = (Option<u32>, f32)> + 'a {
        names
            .iter()
            .filter(|(_, family)| *family == Family::Word)
            .map(|(name, _)| {
                let id = self.ids.get(name).copied();
                (id, id.map_or(self.idf_unknown, |id| self.idf(id)))
            })
    }

    /// The vector of a text. The square of each family's length is its share, of which the part of
    /// the features that are not known is missing.
    pub(crate) fn vector(&self, names: &Names, shares: &Shares) -> Vector {
        let mut squares = [0.0_f32; N_FAMILIES];
        let mut known: Vec<(u32, f32, usize)> = Vec::with_capacity(names.len());
        for (name, family) in names {
            let family = *family as usize;
            if shares.get(family).is_none_or(|share| *share <= 0.0) {
                continue;
            }
            let id = self.ids.get(name).copied();
            let value = id.map_or(self.idf_unknown, |id| self.idf(id));
            if let Some(square) = squares.get_mut(family) {
                *square += value * value;
            }
            if let Some(id) = id {
                known.push((id, value, family));
            }
        }
        known.sort_unstable_by_key(|(id, _, _)| *id);
        let mut scales = [0.0_f32; N_FAMILIES];
        for ((scale, square), share) in scales.iter_mut().zip(&squares).zip(shares) {
            if *square > 0.0 {
                *scale = (share / square).sqrt();
            }
        }
        let items: Vec<(u32, f32)> = known
            .into_iter()
            .map(|(id, value, family)| {
                (id, value * scales.get(family).copied().unwrap_or_default())
            })
            .collect();
        let square = items.iter().map(|(_, value)| value * value).sum();
        Vector { items, square }
    }
}

/// The least count with which at most `most` features are left.
fn least_count(counts: &HashMap<Name, u32>, most: usize) -> u32 {
    let mut by_count: Vec<u32> = counts.values().copied().collect();
    by_count.sort_unstable_by(|a, b| b.cmp(a));
    by_count.get(most).map_or(1, |count| count + 1)
}
