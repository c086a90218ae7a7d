//! Which characters of a text to mark for a query.
//!
//! Ranges are `(start, end)` in characters of the caller's text, end excluded, ascending, and never
//! touching each other.

mod stop_words;

use std::ops::Range;

pub use stop_words::is_stop_word;

use crate::tokenizer::{Jieba, Run, dictionary, distinct, runs, words};
use crate::{MAX_QUERY_CHARS, MAX_TEXT_CHARS, Normalised, head, normalise};

/// Marks the words that the text shares with the query, words without content excluded, with the
/// process's dictionary. For ranked results: why this one.
pub fn matched_terms(query: &str, text: &str) -> Vec<(usize, usize)> {
    matched_terms_with(&dictionary(), query, text)
}

/// [`matched_terms`] with a tenant's dictionary.
///
/// A word of several characters is found wherever its characters stand; a single character or a
/// latin word only where it is a word of the text too.
pub fn matched_terms_with(dictionary: &Jieba, query: &str, text: &str) -> Vec<(usize, usize)> {
    let query = normalise(head(query, MAX_QUERY_CHARS));
    let text = Normalised::new(head(text, MAX_TEXT_CHARS));
    let text_words = words(dictionary, text.text());
    let mut marks = Vec::new();
    for word in distinct(&words(dictionary, &query)) {
        if is_stop_word(word) {
            continue;
        }
        if word.is_ascii() || word.chars().nth(1).is_none() {
            let same = text_words.iter().filter(|piece| piece.text == word);
            marks.extend(same.map(|piece| text.original_chars(&piece.bytes())));
        } else {
            marks.extend(places(&text, word));
        }
    }
    merge(marks)
}

/// Marks where the query's runs stand in the text, letter by letter. For exact search: what was
/// typed.
pub fn typed_terms(query: &str, text: &str) -> Vec<(usize, usize)> {
    let query = normalise(head(query, MAX_QUERY_CHARS));
    let text = Normalised::new(head(text, MAX_TEXT_CHARS));
    merge(
        runs(&query)
            .iter()
            .flat_map(|Run { piece, .. }| places(&text, piece.text))
            .collect(),
    )
}

fn places<'a>(text: &'a Normalised, needle: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    text.text()
        .match_indices(needle)
        .map(|(start, found)| text.original_chars(&(start..start + found.len())))
}

/// Sorts ranges and joins those that overlap or touch.
fn merge(mut ranges: Vec<Range<usize>>) -> Vec<(usize, usize)> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some((_, end)) if range.start <= *end => *end = range.end.max(*end),
            _ => merged.push((range.start, range.end)),
        }
    }
    merged
}

#[cfg(test)]
mod tests;
