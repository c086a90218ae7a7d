//! The entries of a knowledge base as the channels need them.

use serde::{Deserialize, Serialize};

use crate::{
    analysed::Analysed,
    channels::{linear::Linear, prototype::Prototypes},
    embedding::{self, Directions, Vector},
    features::Sparse,
    parts::Parts,
    sounds,
    text::{Folded, RULE_WINDOW},
    views::{Lists, VIEWS, ViewIndex, ViewQuery},
    words::Doc,
};

/// Weight of each view in the linear model's features.
const JOINT: [f32; 3] = [1.0, 0.8, 0.5];

/// Everything that is computed from the entries' texts. Wordings are numbered through all entries,
/// the standard question of each first.
#[derive(Deserialize, Serialize)]
pub(super) struct Entries {
    pub(super) views: [ViewIndex; 3],
    /// Informative words of all wordings, each once, sorted.
    pub(super) words: Vec<String>,
    pub(super) linear: Linear,
    pub(super) prototypes: Prototypes,
    /// Direction of each wording.
    pub(super) meanings: Directions,
    /// For each entry the mean direction of its wordings.
    pub(super) means: Directions,
    /// For each entry the direction of its answer.
    pub(super) answers: Directions,
    /// Core characters of each wording.
    pub(super) cores: Lists,
    /// The same as syllables.
    pub(super) core_sounds: Lists,
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
        let answers: Vec<Analysed> = docs
            .iter()
            .map(|doc| {
                let folded = Folded::new(&doc.answer, RULE_WINDOW);
                Analysed::of_folded(&folded.chars, &parts.language)
            })
            .collect();
        let views = VIEWS.map(|view| ViewIndex::build(view, &texts, &answers));
        let meanings: Vec<Vec<Vector>> = texts
            .iter()
            .map(|texts| {
                texts
                    .iter()
                    .map(|text| parts.embedding.encode(text))
                    .collect()
            })
            .collect();
        let means: Vec<Vector> = meanings.iter().map(|list| embedding::mean(list)).collect();
        let (mut cores, mut core_sounds) = (Lists::default(), Lists::default());
        for text in texts.iter().flatten() {
            let core = text.core();
            core_sounds.push(sounds::of_text(&core));
            cores.push(core.into_iter().map(u32::from));
        }
        let mut words: Vec<String> = texts
            .iter()
            .flatten()
            .flat_map(|text| text.words.iter().cloned())
            .collect();
        words.sort_unstable();
        words.dedup();
        Self {
            words,
            linear: linear(&views, &texts),
            prototypes: Prototypes::train(&meanings, &means),
            meanings: meanings.into_iter().flatten().collect(),
            means: means.into_iter().collect(),
            answers: answers
                .iter()
                .map(|answer| parts.embedding.encode(answer))
                .collect(),
            cores,
            core_sounds,
            views,
        }
    }

    /// Numbers of an entry's wordings.
    pub(super) fn wordings_of(&self, entry: usize) -> std::ops::Range<usize> {
        let [chars, ..] = &self.views;
        chars.wordings_of(entry)
    }

    /// A message's features for the linear model.
    pub(super) fn joint(&self, queries: &[ViewQuery; 3]) -> Sparse {
        joint(
            &self.views,
            queries.iter().map(|query| query.vector.clone()),
        )
    }
}

fn linear(views: &[ViewIndex; 3], texts: &[Vec<Analysed>]) -> Linear {
    let n_features = views.iter().map(|view| view.lexicon.len()).sum();
    Linear::train(texts.len(), n_features, || {
        texts
            .iter()
            .map(|texts| {
                texts
                    .iter()
                    .map(|text| {
                        let vectors = views
                            .iter()
                            .zip(VIEWS)
                            .map(|(index, view)| index.lexicon.vector(&view.grams(text)).0);
                        joint(views, vectors)
                    })
                    .collect()
            })
            .collect()
    })
}

/// The vectors of the views side by side.
fn joint(views: &[ViewIndex; 3], vectors: impl Iterator<Item = Sparse>) -> Sparse {
    let mut first = 0_u32;
    let mut parts = Vec::with_capacity(views.len());
    for ((view, weight), vector) in views.iter().zip(JOINT).zip(vectors) {
        parts.push((vector, first, weight));
        first += view.lexicon.len() as u32;
    }
    Sparse::beside(
        parts
            .iter()
            .map(|(part, first, weight)| (part, *first, *weight)),
    )
}
