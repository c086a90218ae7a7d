//! The nearest training texts of a text, by cosine.

use super::vector::Vector;

/// Features in more texts than this say nothing of nearness and would take long.
const MAX_POSTINGS: usize = 20_000;

/// Where each feature stands.
#[derive(Debug)]
pub(crate) struct Nearest {
    /// For each feature the texts that have it, with its value there.
    postings: Vec<Vec<(u32, f32)>>,
    classes: Vec<usize>,
    n_classes: usize,
}

impl Nearest {
    /// Indexes vectors with their classes.
    pub(crate) fn build(examples: &[(Vector, usize)], n_features: usize, n_classes: usize) -> Self {
        let mut postings = vec![Vec::new(); n_features];
        for (text, (vector, _)) in examples.iter().enumerate() {
            for (feature, value) in vector.items() {
                if let Some(texts) = postings.get_mut(*feature as usize)
                    && texts.len() < MAX_POSTINGS
                {
                    texts.push((text as u32, *value));
                }
            }
        }
        Self {
            postings,
            classes: examples.iter().map(|(_, class)| *class).collect(),
            n_classes,
        }
    }

    /// Mean cosine with the two nearest texts of each class.
    pub(crate) fn classes(&self, vector: &Vector) -> Vec<f32> {
        let mut cosines = vec![0.0_f32; self.classes.len()];
        for (feature, value) in vector.items() {
            for (text, other) in self.postings.get(*feature as usize).into_iter().flatten() {
                if let Some(cosine) = cosines.get_mut(*text as usize) {
                    *cosine += value * other;
                }
            }
        }
        let mut best = vec![(0.0_f32, 0.0_f32); self.n_classes];
        for (cosine, class) in cosines.iter().zip(&self.classes) {
            if let Some((first, second)) = best.get_mut(*class) {
                if cosine > first {
                    (*first, *second) = (*cosine, *first);
                } else if cosine > second {
                    *second = *cosine;
                }
            }
        }
        best.into_iter()
            .map(|(first, second)| (first + second) / 2.0)
            .collect()
    }
}
