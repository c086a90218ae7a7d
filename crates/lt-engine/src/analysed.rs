//! A text with everything that the channels compare: characters, words, concepts, sounds.

use crate::{
    channels::exact,
    features, sounds,
    sounds::Syllable,
    spoken,
    text::{Folded, MATCH_WINDOW},
    thesaurus::{Found, Thesaurus},
};

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
    pub(crate) fn new(raw: &str, thesaurus: &Thesaurus) -> Self {
        Self::of_folded(&Folded::new(raw, MATCH_WINDOW).chars, thesaurus)
    }

    /// Analyses folded characters.
    pub(crate) fn of_folded(folded: &[char], thesaurus: &Thesaurus) -> Self {
        Self::of_plain(spoken::plain(folded), thesaurus)
    }

    /// Analyses folded characters whose spoken forms were made plain.
    pub(crate) fn of_plain(chars: Vec<char>, thesaurus: &Thesaurus) -> Self {
        Self {
            words: features::words(&chars.iter().collect::<String>()),
            concepts: thesaurus.find(&chars),
            syllables: sounds::of_text(&chars),
            chars,
        }
    }

    /// The characters that count for a near-exact match.
    pub(crate) fn core(&self) -> Vec<char> {
        exact::core(&self.chars)
    }

    /// As one string.
    pub(crate) fn text(&self) -> String {
        self.chars.iter().collect()
    }
}
