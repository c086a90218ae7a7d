//! A text with everything that the channels compare: characters, words, concepts, sounds.

use std::sync::Arc;

use lt_search::tokenizer::{self, Jieba};

use crate::{
    channels::exact,
    features, sounds,
    sounds::Syllable,
    spoken,
    text::{Folded, MATCH_WINDOW},
    thesaurus::{Found, Thesaurus},
};

/// What words mean and where they end.
#[derive(Clone)]
pub(crate) struct Language {
    pub(crate) thesaurus: Arc<Thesaurus>,
    pub(crate) dictionary: Arc<Jieba>,
}

impl Language {
    /// The shipped thesaurus and dictionary.
    pub(crate) fn shipped() -> Self {
        Self {
            thesaurus: Thesaurus::shipped(),
            dictionary: tokenizer::dictionary(),
        }
    }
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Language").finish_non_exhaustive()
    }
}

/// A text made comparable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analysed {
    /// Folded characters, spoken forms made plain.
    pub(crate) chars: Vec<char>,
    /// Informative words, each once, sorted.
    pub(crate) words: Vec<String>,
    /// Concepts of the thesaurus from left to right.
    pub(crate) concepts: Vec<Found>,
    /// Syllables.
    pub(crate) syllables: Vec<Syllable>,
}

impl Analysed {
    /// Analyses the beginning and the end of a raw text.
    pub(crate) fn new(raw: &str, language: &Language) -> Self {
        Self::of_folded(&Folded::new(raw, MATCH_WINDOW).chars, language)
    }

    /// Analyses folded characters.
    pub(crate) fn of_folded(folded: &[char], language: &Language) -> Self {
        Self::of_plain(spoken::plain(folded), language)
    }

    /// Analyses folded characters whose spoken forms were made plain.
    pub(crate) fn of_plain(chars: Vec<char>, language: &Language) -> Self {
        Self {
            words: features::words(&language.dictionary, &chars.iter().collect::<String>()),
            concepts: language.thesaurus.find(&chars),
            syllables: sounds::of_text(&chars),
            chars,
        }
    }

    /// The characters that count for a near-exact match.
    pub(crate) fn core(&self) -> Vec<char> {
        exact::core(&self.chars)
    }
}
