//! The wordings of a knowledge base as one view sees them.

use serde::{Deserialize, Serialize};

use super::{Lists, View};
use crate::{
    analysed::Analysed,
    features::{Gram, Lexicon},
};

/// The wordings of all entries in one view.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct ViewIndex {
    pub(crate) lexicon: Lexicon,
    /// Features of each wording; for [`View::Sounds`] of all wordings of an entry together.
    pub(super) wordings: Lists,
    /// Length of each wording as a vector, and the sum of its weights.
    pub(super) lengths: Vec<(f32, f32)>,
    /// For each entry the number of its first wording, and the number of wordings at the end.
    firsts: Vec<u32>,
    /// Length of the sum of each entry's wordings, each one long.
    pub(super) spans: Vec<f32>,
    /// Features of each answer.
    pub(super) answers: Lists,
    /// For each feature the entries that have it; empty for [`View::Sounds`].
    pub(super) entries_of: Lists,
}

impl ViewIndex {
    /// Indexes the wordings and the answer of each entry.
    pub(crate) fn build(view: View, entries: &[Vec<Analysed>], answers: &[Analysed]) -> Self {
        // The grams are made twice rather than kept: they would be most of the memory.
        let all = entries
            .iter()
            .enumerate()
            .flat_map(|(entry, texts)| texts.iter().map(move |text| (entry, view.grams(text))));
        let mut index = Self {
            lexicon: Lexicon::build(all),
            ..Self::default()
        };
        for texts in entries {
            let grams: Vec<Vec<(Gram, f32)>> = texts.iter().map(|text| view.grams(text)).collect();
            index.firsts.push(index.lengths.len() as u32);
            if view == View::Sounds {
                let all = index.lexicon.features(grams.iter().flatten());
                index.push(&all);
                index.spans.push(0.0);
            } else {
                index.push_entry(&grams);
            }
        }
        index.firsts.push(index.lengths.len() as u32);
        for answer in answers {
            let features = if view == View::Sounds {
                Vec::new()
            } else {
                index.lexicon.features(view.grams(answer).iter())
            };
            index.answers.push(features);
        }
        if view != View::Sounds {
            index.entries_of = index.inverted();
        }
        index
    }

    fn push(&mut self, features: &[u32]) -> f32 {
        let weights = features.iter().map(|feature| self.lexicon.weight(*feature));
        let (squares, sum) = weights.fold((0.0_f32, 0.0_f32), |(squares, sum), weight| {
            (squares + weight * weight, sum + weight)
        });
        let length = squares.sqrt().max(1e-6);
        self.wordings.push(features.iter().copied());
        self.lengths.push((length, sum));
        length
    }

    fn push_entry(&mut self, texts: &[Vec<(Gram, f32)>]) {
        let mut sum: Vec<(u32, f32)> = Vec::new();
        for grams in texts {
            let features = self.lexicon.features(grams.iter());
            let length = self.push(&features);
            sum.extend(
                features
                    .iter()
                    .map(|feature| (*feature, self.lexicon.weight(*feature) / length)),
            );
        }
        sum.sort_by_key(|(feature, _)| *feature);
        sum.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        let square: f32 = sum.iter().map(|(_, w)| w * w).sum();
        self.spans.push(square.sqrt().max(1e-6));
    }

    fn inverted(&self) -> Lists {
        let entries = 0..self.spans.len();
        // How many entries each feature has comes first, so that the lists need no room to grow.
        let mut last = vec![u32::MAX; self.lexicon.len()];
        let mut counts = vec![0_u32; self.lexicon.len()];
        let mut each = |add: &mut dyn FnMut(usize, u32)| {
            last.fill(u32::MAX);
            for entry in entries.clone() {
                let wordings = self.wordings_of(entry);
                for feature in wordings.flat_map(|wording| self.wordings.get(wording)) {
                    if let Some(last) = last.get_mut(*feature as usize)
                        && *last != entry as u32
                    {
                        *last = entry as u32;
                        add(*feature as usize, entry as u32);
                    }
                }
            }
        };
        each(&mut |feature, _| {
            if let Some(count) = counts.get_mut(feature) {
                *count += 1;
            }
        });
        let mut ends = Vec::with_capacity(counts.len());
        let mut end = 0;
        for count in &counts {
            end += count;
            ends.push(end);
        }
        let mut next: Vec<u32> = ends.iter().zip(&counts).map(|(end, n)| end - n).collect();
        let mut features = vec![0; end as usize];
        each(&mut |feature, entry| {
            if let Some(next) = next.get_mut(feature) {
                if let Some(place) = features.get_mut(*next as usize) {
                    *place = entry;
                }
                *next += 1;
            }
        });
        Lists { features, ends }
    }

    /// Numbers of an entry's wordings.
    pub(crate) fn wordings_of(&self, entry: usize) -> std::ops::Range<usize> {
        let at = |at: usize| self.firsts.get(at).copied().unwrap_or_default() as usize;
        at(entry)..at(entry + 1)
    }
}
