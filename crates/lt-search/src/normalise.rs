//! One form for texts that look alike: NFKC, case folded, invisible characters dropped.

use std::ops::Range;

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Brings a text into the form in which it is compared: full-width and compatibility characters
/// become their plain ones (`ＪＤ１２３` → `jd123`, `㎏` → `kg`), letters lower case, zero-width
/// characters and variation selectors vanish. Applying it twice changes nothing more.
///
/// Traditional characters stay: mapping them needs a word list, which is the engine's.
pub fn normalise(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold(text, |character, _| folded.push(character));
    folded
}

/// A normalised text that knows where its characters come from.
#[derive(Debug, Clone)]
pub struct Normalised {
    text: String,
    /// For each normalised character: its first byte, and the original's character range.
    places: Vec<(usize, Range<usize>)>,
}

impl Normalised {
    /// Normalises, remembering places.
    pub fn new(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut places = Vec::with_capacity(original.len() / 2);
        fold(original, |character, origin| {
            places.push((text.len(), origin));
            text.push(character);
        });
        Self { text, places }
    }

    /// What [`normalise`] gives.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The original's character range behind a byte range of the normalised text.
    pub fn original_chars(&self, bytes: &Range<usize>) -> Range<usize> {
        let first = self
            .places
            .partition_point(|(byte_idx, _)| *byte_idx < bytes.start);
        let end = self
            .places
            .partition_point(|(byte_idx, _)| *byte_idx < bytes.end);
        let covered = self.places.get(first..end).unwrap_or_default();
        match (covered.first(), covered.last()) {
            (Some((_, first)), Some((_, last))) => first.start..last.end,
            _ => 0..0,
        }
    }
}

/// Emits the normalised characters with the original character range that each came from.
///
/// Works cluster by cluster: a character and all that may combine with it, so that the outcome is
/// that of normalising the whole text while places stay known.
fn fold(text: &str, mut emit: impl FnMut(char, Range<usize>)) {
    let mut cluster = String::new();
    let mut chars = text.chars().enumerate().peekable();
    while let Some((start, first)) = chars.next() {
        if is_plain(first) && chars.peek().is_none_or(|(_, next)| is_plain(*next)) {
            emit(first.to_ascii_lowercase(), start..start + 1);
            continue;
        }
        cluster.clear();
        cluster.push(first);
        let mut end = start + 1;
        while let Some((idx, next)) = chars.next_if(|(_, next)| continues_cluster(*next)) {
            cluster.push(next);
            end = idx + 1;
        }
        let visible = |character: &char| !is_ignorable(*character);
        let folded = cluster
            .chars()
            .filter(visible)
            .nfkc()
            .filter(visible)
            .flat_map(lower)
            .nfkc();
        folded.for_each(|character| emit(character, start..end));
    }
}

/// Most of all text: characters that normalise to themselves, but for the case of ASCII letters.
const fn is_plain(character: char) -> bool {
    character.is_ascii() || matches!(character, '\u{4E00}'..='\u{9FFF}')
}

/// Whether the character may combine with the one before it, or vanishes between them.
fn continues_cluster(character: char) -> bool {
    if is_plain(character) {
        return false;
    }
    let mut first = None;
    decompose_compatible(character, |part| {
        first.get_or_insert(part);
    });
    let first = first.unwrap_or(character);
    is_ignorable(character)
        || canonical_combining_class(first) != 0
        || is_nfkc_quick(std::iter::once(first)) == IsNormalized::Maybe
}

/// Characters without a shape of their own, by which words are split invisibly.
const fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Lower case, with the two letters whose fold differs from it.
fn lower(character: char) -> impl Iterator<Item = char> {
    let (single, double) = match character {
        'ς' => ('σ', None),
        'ß' | 'ẞ' => ('s', Some('s')),
        other => (other, None),
    };
    single.to_lowercase().chain(double)
}

#[cfg(test)]
mod tests;
