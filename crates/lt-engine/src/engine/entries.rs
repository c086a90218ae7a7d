//! The entries of a knowledge base as the channels need them.

use serde::{Deserialize, Serialize};

use super::Parts;
use crate::{
    analysed::Analysed,
    channels::{linear::Linear, prototype::Prototypes},
    embedding::{Directions, Vector},
    features::{Sparse, WordWeights},
    sounds,
    text::{Folded, RULE_WINDOW},
    views::{VIEWS, View, ViewIndex, ViewQuery},
    words::Doc,
};

/// Weight of each view in the linear model's features.
const JOINT: [f32; 3] = [1.0, 0.8, 0.5];

/// Everything that is computed from the entries' texts.
#[derive(Deserialize, Serialize)]
pub(super) struct Entries {
    pub(super) entries: Vec<Entry>,
    pub(super) views: [ViewIndex; 3],
    pub(super) word_weights: WordWeights,
    pub(super) linear: Linear,
    pub(super) prototypes: Prototypes,
    /// For each entry the mean direction of its wordings.
    pub(super) means: Directions,
    /// For each entry the direction of its answer.
    pub(super) answers: Directions,
}

/// One entry.
#[derive(Deserialize, Serialize)]
pub(super) struct Entry {
    /// Core characters of each wording.
    pub(super) cores: Vec<Vec<char>>,
    /// The same as syllables.
    pub(super) core_sounds: Vec<Vec<sounds::Syllable>>,
    /// Informative words of all wordings, sorted.
    pub(super) words: Vec<String>,
    /// Features of the answer in the views of characters and of units, sorted.
    pub(super) answer_features: [Vec<u32>; 2],
    /// Direction of each wording, the standard question first.
    pub(super) meanings: Directions,
}

impl Entries {
    pub(super) fn new(docs: &[Doc], parts: &Parts) -> Self {
        let texts: Vec<Vec<Analysed>> = docs
            .iter()
            .map(|doc| {
                std::iter::once(&doc.question)
                    .chain(&doc.similar)
                    .map(|raw| Analysed::new(raw, &parts.language))
                    .collect()
            })
            .collect();
        let views = VIEWS.map(|view| ViewIndex::build(view, &texts));
        let answers: Vec<Analysed> = docs
            .iter()
            .map(|doc| {
                let folded = Folded::new(&doc.answer, RULE_WINDOW);
                Analysed::of_folded(&folded.chars, &parts.language)
            })
            .collect();
        let entries: Vec<Entry> = texts
            .iter()
            .zip(&answers)
            .map(|(texts, answer)| Entry::new(texts, answer, &views, parts))
            .collect();
        let word_weights = WordWeights::build(entries.iter().map(|entry| entry.words.as_slice()));
        let joint: Vec<Vec<Sparse>> = (0..docs.len())
            .map(|place| {
                let n = texts.get(place).map_or(0, Vec::len);
                (0..n)
                    .map(|variant| {
                        joint(&views, |view| {
                            view.variants.get(place).and_then(|list| list.get(variant))
                        })
                    })
                    .collect()
            })
            .collect();
        let joint: Vec<&[Sparse]> = joint.iter().map(Vec::as_slice).collect();
        let n_features = views.iter().map(|view| view.lexicon.len()).sum();
        let meanings: Vec<&[Vector]> = entries.iter().map(|entry| entry.meanings.all()).collect();
        let means: Directions = entries.iter().map(|entry| entry.meanings.mean()).collect();
        Self {
            prototypes: Prototypes::train(&meanings, means.all()),
            means,
            answers: answers
                .iter()
                .map(|answer| parts.embedding.encode(answer))
                .collect(),
            linear: Linear::train(&joint, n_features),
            entries,
            views,
            word_weights,
        }
    }

    /// A message's features for the linear model.
    pub(super) fn joint(&self, queries: &[ViewQuery; 3]) -> Sparse {
        let mut all = queries.iter();
        joint(&self.views, |_| all.next().map(|query| &query.vector))
    }
}

/// The vectors of the views side by side.
fn joint<'a>(
    views: &'a [ViewIndex; 3],
    mut vector: impl FnMut(&'a ViewIndex) -> Option<&'a Sparse>,
) -> Sparse {
    let mut first = 0_u32;
    let mut parts = Vec::with_capacity(views.len());
    for (view, weight) in views.iter().zip(JOINT) {
        if let Some(vector) = vector(view) {
            parts.push((vector, first, weight));
        }
        first += view.lexicon.len() as u32;
    }
    Sparse::beside(parts.into_iter())
}

impl Entry {
    fn new(texts: &[Analysed], answer: &Analysed, views: &[ViewIndex; 3], parts: &Parts) -> Self {
        let [chars, units, _] = views;
        let mut words: Vec<String> = texts.iter().flat_map(|text| text.words.clone()).collect();
        words.sort_unstable();
        words.dedup();
        let cores: Vec<Vec<char>> = texts.iter().map(Analysed::core).collect();
        Self {
            core_sounds: cores.iter().map(|core| sounds::of_text(core)).collect(),
            cores,
            words,
            answer_features: [
                chars.lexicon.features(View::Chars.grams(answer).iter()),
                units.lexicon.features(View::Units.grams(answer).iter()),
            ],
            meanings: texts
                .iter()
                .map(|text| parts.embedding.encode(text))
                .collect(),
        }
    }
}
