//! Dictionary words.

use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;
use tantivy::tokenizer::Tokenizer;

use super::stream::PieceStream;
use super::{MAX_TERM_CHARS, Piece};
use crate::{head, normalise};

/// The dictionary of the process: loaded at the first call (about 0.1 s, 32 MB), shared ever after.
pub fn dictionary() -> Arc<Jieba> {
    static DICTIONARY: OnceLock<Arc<Jieba>> = OnceLock::new();
    Arc::clone(DICTIONARY.get_or_init(|| Arc::new(Jieba::new())))
}

/// The dictionary with a tenant's own words (product names, trade terms) on top.
///
/// A copy of the whole dictionary: make it once and keep it. An index made with other words must be
/// rebuilt, so the words belong into the index's fingerprint.
pub fn dictionary_with<'a>(own_words: impl IntoIterator<Item = &'a str>) -> Arc<Jieba> {
    let mut own = (*dictionary()).clone();
    for word in own_words {
        let word = normalise(word);
        let word = word.trim();
        if (2..=MAX_TERM_CHARS).contains(&word.chars().count()) {
            own.add_word(word, None, None);
        }
    }
    Arc::new(own)
}

/// The words of a normalised text in search mode: long words come with the words inside them.
/// Punctuation, spaces and emoji are no words.
///
/// The statistical guess at unknown words is off: it cuts the same characters differently by
/// context, which costs matches; unknown words fall into single characters instead.
pub fn words<'a>(dictionary: &Jieba, normalised: &'a str) -> Vec<Piece<'a>> {
    dictionary
        .cut_for_search(normalised, false)
        .into_iter()
        .filter(|token| token.word.chars().any(char::is_alphanumeric))
        .map(|token| Piece {
            text: head(token.word, MAX_TERM_CHARS),
            byte_start: token.byte_start,
            char_start: token.start,
        })
        .collect()
}

/// [`words`] for an index field. Cloning it shares the dictionary.
#[derive(Clone)]
pub struct WordTokenizer {
    dictionary: Arc<Jieba>,
}

impl WordTokenizer {
    /// A tokenizer on this dictionary.
    pub const fn new(dictionary: Arc<Jieba>) -> Self {
        Self { dictionary }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = PieceStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PieceStream<'a> {
        PieceStream::new(words(&self.dictionary, text))
    }
}
