//! Three views of a text (characters; concepts and words; sounds), each with its own n-grams,
//! weights and nearest wordings.

use serde::{Deserialize, Serialize};

use crate::{
    analysed::Analysed,
    channels::ngram,
    features::{self, Gram, Lexicon, Sparse},
};

/// Weight of a concept and of a word that no concept covers.
const CONCEPT: f32 = 1.0;
const WORD: f32 = 0.7;
/// Weights of runs of syllables by length.
const BY_SYLLABLES: [f32; 3] = [0.4, 1.0, 0.7];

/// What of a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// Runs of one to three characters.
    Chars,
    /// Concepts of the thesaurus, and words beside them.
    Units,
    /// Runs of one to three syllables.
    Sounds,
}

/// All views, in the order of the channels.
pub(crate) const VIEWS: [View; 3] = [View::Chars, View::Units, View::Sounds];

impl View {
    /// The grams of a text with their weights.
    pub(crate) fn grams(self, text: &Analysed) -> Vec<(Gram, f32)> {
        match self {
            Self::Chars => features::grams(&text.chars),
            Self::Units => units(text),
            Self::Sounds => sounds(text),
        }
    }
}

fn units(text: &Analysed) -> Vec<(Gram, f32)> {
    let mut all: Vec<(Gram, f32)> = text
        .concepts
        .iter()
        .map(|found| (u64::from(found.concept), CONCEPT))
        .collect();
    let covered: Vec<String> = text
        .concepts
        .iter()
        .filter_map(|found| {
            let expression = text.chars.get(found.start..found.start + found.len)?;
            Some(expression.iter().collect())
        })
        .collect();
    all.extend(
        text.words
            .iter()
            .filter(|word| !covered.iter().any(|covered| covered.contains(*word)))
            .map(|word| (hash_word(word), WORD)),
    );
    all
}

fn sounds(text: &Analysed) -> Vec<(Gram, f32)> {
    let mut all = Vec::with_capacity(text.syllables.len() * 3);
    for (n, weight) in (1..).zip(BY_SYLLABLES) {
        for run in text.syllables.windows(n) {
            let gram = run.iter().fold(n as u64, |gram, syllable| {
                (gram ^ u64::from(*syllable)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            });
            all.push((gram, weight));
        }
    }
    all
}

/// FNV-1a, apart from the numbers of concepts.
pub(crate) fn hash_word(word: &str) -> Gram {
    word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }) | (1 << 63)
}

/// The wordings of all entries in one view.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct ViewIndex {
    pub(crate) lexicon: Lexicon,
    /// For each entry, the vectors of its wordings.
    pub(crate) variants: Vec<Vec<Sparse>>,
    /// For each entry, the features of all its wordings, sorted.
    features: Vec<Vec<u32>>,
    /// For each feature, the entries whose centroid has it.
    postings: Vec<Vec<(u32, f32)>>,
}

/// A message in one view.
#[derive(Debug, Default)]
pub(crate) struct ViewQuery {
    pub(crate) vector: Sparse,
    /// Share of its weight that the knowledge base does not know.
    pub(crate) unknown_share: f32,
    /// Its known features, sorted.
    features: Vec<u32>,
    /// Cosine with each entry's centroid.
    pub(crate) centroids: Vec<f32>,
}

/// What a view says about one entry.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ViewEvidence {
    /// Cosine with the nearest wording.
    pub(crate) best: f32,
    /// Mean of the three nearest.
    pub(crate) top3: f32,
    /// Cosine with the centroid.
    pub(crate) centroid: f32,
    /// Share of the message that stands in the entry.
    pub(crate) covered: f32,
    /// Share of the nearest wording that stands in the message.
    pub(crate) variant_covered: f32,
}

impl ViewIndex {
    /// Indexes the wordings of each entry.
    pub(crate) fn build(view: View, entries: &[Vec<Analysed>]) -> Self {
        let grams: Vec<Vec<Vec<(Gram, f32)>>> = entries
            .iter()
            .map(|texts| texts.iter().map(|text| view.grams(text)).collect())
            .collect();
        let lexicon = Lexicon::build(grams.iter().map(Vec::as_slice));
        let variants: Vec<Vec<Sparse>> = grams
            .iter()
            .map(|texts| texts.iter().map(|grams| lexicon.vector(grams).0).collect())
            .collect();
        let features = grams
            .iter()
            .map(|texts| lexicon.features(texts.iter().flatten()))
            .collect();
        let mut postings = vec![Vec::new(); lexicon.len()];
        for (place, variants) in (0_u32..).zip(&variants) {
            for (feature, weight) in Sparse::centroid(variants.iter()).items() {
                if let Some(list) = postings.get_mut(*feature as usize) {
                    list.push((place, *weight));
                }
            }
        }
        Self {
            lexicon,
            variants,
            features,
            postings,
        }
    }

    /// A message as this view sees it.
    pub(crate) fn query(&self, view: View, text: &Analysed) -> ViewQuery {
        let grams = view.grams(text);
        let (vector, unknown_share) = self.lexicon.vector(&grams);
        ViewQuery {
            features: self.lexicon.features(grams.iter()),
            centroids: self.centroid_cosines(&vector),
            vector,
            unknown_share,
        }
    }

    /// Cosine of each entry's centroid with a vector.
    fn centroid_cosines(&self, vector: &Sparse) -> Vec<f32> {
        let mut cosines = vec![0.0_f32; self.variants.len()];
        for (feature, value) in vector.items() {
            for (place, weight) in self
                .postings
                .get(*feature as usize)
                .map_or(&[][..], Vec::as_slice)
            {
                if let Some(cosine) = cosines.get_mut(*place as usize) {
                    *cosine += value * weight;
                }
            }
        }
        cosines
    }

    /// What the view says about an entry.
    pub(crate) fn evidence(&self, query: &ViewQuery, place: usize) -> ViewEvidence {
        let variants = self.variants.get(place).map_or(&[][..], Vec::as_slice);
        let features = self.features.get(place).map_or(&[][..], Vec::as_slice);
        let cosines = ngram::cosines(&query.vector, variants);
        ViewEvidence {
            best: cosines.best,
            top3: cosines.top3,
            centroid: query.centroids.get(place).copied().unwrap_or_default(),
            covered: ngram::covered(&query.vector, features, query.unknown_share),
            variant_covered: variants
                .get(cosines.nearest)
                .map_or(0.0, |variant| ngram::covered(variant, &query.features, 0.0)),
        }
    }

    /// Largest share of a wording that stands in the message or the turn before it.
    pub(crate) fn joint_covered(&self, query: &ViewQuery, before: &ViewQuery, place: usize) -> f32 {
        let mut both: Vec<u32> = query
            .features
            .iter()
            .chain(&before.features)
            .copied()
            .collect();
        both.sort_unstable();
        both.dedup();
        self.variants
            .get(place)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .map(|variant| ngram::covered(variant, &both, 0.0))
            .fold(0.0, f32::max)
    }
}
