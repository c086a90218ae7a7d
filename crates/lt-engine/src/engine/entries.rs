//! The entries of a knowledge base as the channels need them.

use super::Parts;
use crate::{
    analysed::Analysed,
    channels::linear::Linear,
    embedding::{self, DIM, Vector},
    features::{Sparse, WordWeights},
    sounds,
    text::{Folded, RULE_WINDOW},
    views::{VIEWS, View, ViewIndex, ViewQuery},
    words::Doc,
};

/// Weight of each view in the linear model's features.
const JOINT: [f32; 3] = [1.0, 0.8, 0.5];

/// Everything that is computed from the entries' texts.
pub(super) struct Entries {
    pub(super) entries: Vec<Entry>,
    pub(super) views: [ViewIndex; 3],
    pub(super) word_weights: WordWeights,
    pub(super) linear: Linear,
}

/// One entry.
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
    pub(super) meanings: Vec<Vector>,
    /// Their mean direction.
    pub(super) meaning: Vector,
    /// Direction of the answer.
    pub(super) answer_meaning: Vector,
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
        let entries: Vec<Entry> = docs
            .iter()
            .zip(&texts)
            .map(|(doc, texts)| Entry::new(doc, texts, &views, parts))
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
        Self {
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
    fn new(doc: &Doc, texts: &[Analysed], views: &[ViewIndex; 3], parts: &Parts) -> Self {
        let answer = Analysed::of_folded(
            &Folded::new(&doc.answer, RULE_WINDOW).chars,
            &parts.language,
        );
        let [chars, units, _] = views;
        let mut words: Vec<String> = texts.iter().flat_map(|text| text.words.clone()).collect();
        words.sort_unstable();
        words.dedup();
        let meanings: Vec<Vector> = texts
            .iter()
            .map(|text| parts.embedding.encode(text))
            .collect();
        let mut sum = [0.0; DIM];
        for meaning in &meanings {
            for (sum, value) in sum.iter_mut().zip(meaning) {
                *sum += value;
            }
        }
        let cores: Vec<Vec<char>> = texts.iter().map(Analysed::core).collect();
        Self {
            core_sounds: cores.iter().map(|core| sounds::of_text(core)).collect(),
            cores,
            words,
            answer_features: [
                chars.lexicon.features(View::Chars.grams(&answer).iter()),
                units.lexicon.features(View::Units.grams(&answer).iter()),
            ],
            meanings,
            meaning: embedding::unit(sum),
            answer_meaning: parts.embedding.encode(&answer),
        }
    }
}
