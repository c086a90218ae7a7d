//! Words and character pairs.
//!
//! Both tokenizers want a text that went through [`crate::normalise`]; their pieces are slices of
//! it. Words carry meaning, pairs carry recall where the dictionary does not know a word.

mod grams;
mod stream;
mod words;

pub use grams::{GramTokenizer, Grams, Run, grams, runs};
pub use jieba_rs::Jieba;
pub use words::{WordTokenizer, dictionary, dictionary_with, words};

/// A longer run of letters and digits is cut to this many characters, as is a query for it.
pub const MAX_TERM_CHARS: usize = 64;

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text of it.
    pub text: &'a str,
    /// Its first byte.
    pub byte_start: usize,
    /// Its first character.
    pub char_start: usize,
}

impl Piece<'_> {
    /// Its bytes in the text.
    pub const fn bytes(&self) -> std::ops::Range<usize> {
        self.byte_start..self.byte_start + self.text.len()
    }
}

/// The texts of the pieces, each once, in the order of first appearance.
pub fn distinct<'a>(pieces: &[Piece<'a>]) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    pieces
        .iter()
        .map(|piece| piece.text)
        .filter(|text| seen.insert(*text))
        .collect()
}

#[cfg(test)]
mod tests;
