//! Three views of a text (characters; concepts and words; sounds), each with its own n-grams and
//! weights, and the wordings of the knowledge base as each view sees them.
//!
//! A feature weighs the same wherever it stands, so that a wording is a list of numbers with one
//! length, and comparing a message with it is one pass over that list.

mod asked;
mod index;
mod lists;

pub(crate) use asked::ViewQuery;
pub(crate) use index::ViewIndex;
pub(crate) use lists::Lists;

use crate::{
    analysed::Analysed,
    features::{self, Gram},
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
