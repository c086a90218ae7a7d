//! Character pairs of scripts without spaces; runs of letters and digits of the others.

use tantivy::tokenizer::Tokenizer;

use super::stream::PieceStream;
use super::{MAX_TERM_CHARS, Piece};
use crate::head;

/// A run of digits this long is also found by its last [`TAIL_DIGITS`]: 手机尾号, 单号尾号.
const MIN_DIGITS_WITH_TAIL: usize = 8;
/// Digits by which people name a number.
const TAIL_DIGITS: usize = 4;

/// Which pieces are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grams {
    /// For documents: all that may be asked for, single characters and number tails included.
    Index,
    /// For queries: pairs; a single character only where it stands alone.
    Query,
}

/// A maximal stretch of one kind of script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run<'a> {
    /// The stretch.
    pub piece: Piece<'a>,
    /// Whether its script is written without spaces (汉字, かな, 한글).
    pub is_dense: bool,
}

/// The pieces of a normalised text. A run of letters and digits is one piece, and where both are
/// mixed, each stretch of letters or digits is one as well: `iphone15` is found by `iphone`.
pub fn grams(normalised: &str, wanted: Grams) -> Vec<Piece<'_>> {
    let mut pieces = Vec::with_capacity(normalised.len() / 2);
    for run in runs(normalised) {
        if run.is_dense {
            push_pairs(run.piece, wanted, &mut pieces);
        } else {
            push_stretches(run.piece, wanted, &mut pieces);
        }
    }
    pieces
}

/// The runs of a normalised text; what is neither letter nor digit separates them.
pub fn runs(normalised: &str) -> Vec<Run<'_>> {
    let class = |character: char| match character {
        dense if is_dense(dense) => Some(true),
        other => other.is_alphanumeric().then_some(false),
    };
    stretches(
        Piece {
            text: normalised,
            byte_start: 0,
            char_start: 0,
        },
        class,
    )
    .into_iter()
    .map(|(is_dense, piece)| Run { piece, is_dense })
    .collect()
}

/// [`grams`] for an index field.
#[derive(Debug, Clone, Copy)]
pub struct GramTokenizer;

impl Tokenizer for GramTokenizer {
    type TokenStream<'a> = PieceStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PieceStream<'a> {
        PieceStream::new(grams(text, Grams::Index))
    }
}

fn push_pairs<'a>(run: Piece<'a>, wanted: Grams, pieces: &mut Vec<Piece<'a>>) {
    let mut chars = run.text.char_indices().enumerate().peekable();
    let is_single = run.text.chars().nth(1).is_none();
    while let Some((char_idx, (byte_idx, character))) = chars.next() {
        let mut push = |n_bytes: usize| {
            pieces.push(Piece {
                text: run
                    .text
                    .get(byte_idx..byte_idx + n_bytes)
                    .unwrap_or_default(),
                byte_start: run.byte_start + byte_idx,
                char_start: run.char_start + char_idx,
            });
        };
        if is_single || wanted == Grams::Index {
            push(character.len_utf8());
        }
        if let Some((_, (_, next))) = chars.peek() {
            push(character.len_utf8() + next.len_utf8());
        }
    }
}

fn push_stretches<'a>(run: Piece<'a>, wanted: Grams, pieces: &mut Vec<Piece<'a>>) {
    pieces.push(Piece {
        text: head(run.text, MAX_TERM_CHARS),
        ..run
    });
    let parts = stretches(run, |character| Some(character.is_ascii_digit()));
    let is_mixed = parts.len() > 1;
    for (is_digits, part) in parts {
        if is_mixed {
            pieces.push(Piece {
                text: head(part.text, MAX_TERM_CHARS),
                ..part
            });
        }
        if wanted == Grams::Index && is_digits && part.text.len() >= MIN_DIGITS_WITH_TAIL {
            let skip = part.text.len() - TAIL_DIGITS;
            pieces.push(Piece {
                text: part.text.get(skip..).unwrap_or_default(),
                byte_start: part.byte_start + skip,
                char_start: part.char_start + skip,
            });
        }
    }
}

/// Cuts a piece into maximal stretches of equal class; characters without a class separate.
fn stretches<K: PartialEq + Copy>(
    whole: Piece<'_>,
    class: impl Fn(char) -> Option<K>,
) -> Vec<(K, Piece<'_>)> {
    let mut found: Vec<(K, Piece<'_>)> = Vec::new();
    let mut last = None;
    for (char_idx, (byte_idx, character)) in whole.text.char_indices().enumerate() {
        let kind = class(character);
        let end = byte_idx + character.len_utf8();
        match (kind, found.last_mut()) {
            (Some(_), Some((_, piece))) if kind == last => {
                let start = piece.byte_start - whole.byte_start;
                piece.text = whole.text.get(start..end).unwrap_or_default();
            }
            (Some(kind), _) => {
                let piece = Piece {
                    text: whole.text.get(byte_idx..end).unwrap_or_default(),
                    byte_start: whole.byte_start + byte_idx,
                    char_start: whole.char_start + char_idx,
                };
                found.push((kind, piece));
            }
            (None, _) => {}
        }
        last = kind;
    }
    found
}

/// Scripts written without spaces between words.
const fn is_dense(character: char) -> bool {
    matches!(
        character,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3134F}' | '々' | '〇' | '\u{3041}'..='\u{3096}'
            | '\u{30A1}'..='\u{30FA}' | 'ー' | '\u{31F0}'..='\u{31FF}' | '\u{AC00}'..='\u{D7A3}'
    )
}
