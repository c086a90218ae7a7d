//! Chinese full-text search: tokenizers, the FAQ and message indexes, and the directory that keeps
//! them sealed on disk.
//!
//! - **Invariant:** an index is a cache. Whatever is wrong with its files (cut, altered, written by
//!   another version or for other documents), opening ends with an index that works and says that
//!   it was emptied or rebuilt; the store is the truth.
//! - **Invariant:** nothing is written outside [`directory::SealedDirectory`], and that writes
//!   ciphertext only; a file that does not authenticate is an error, never a panic.
//! - **Invariant:** what a user types is text. Queries are built term by term and never parsed as a
//!   query language, and input is cut to [`MAX_QUERY_CHARS`] first.
//! - **Invariant:** text is compared after [`normalise`] on both sides, and character ranges that
//!   are given back count the characters of the caller's own text.
//! - No clock and no randomness of its own; files are touched by the directory alone.
//!
//! To add one more field to an index: add it to the schema function, fill it where documents are
//! made, and raise the layout number beside the schema so that old files are rebuilt.

mod error;

mod normalise;

pub mod tokenizer;

pub mod highlight;

pub mod directory;

mod opening;

pub mod faq_index;

pub mod message_index;

pub mod lab;

pub use error::{Error, Result};
pub use faq_index::FaqIndex;
pub use highlight::matched_terms;
pub use message_index::MessageIndex;
pub use normalise::{Normalised, normalise};
pub use opening::Reason;

/// Characters of a query that are looked at; the rest is ignored.
pub const MAX_QUERY_CHARS: usize = 500;
/// Characters of a document's text that are indexed; the rest is kept but not found.
pub const MAX_TEXT_CHARS: usize = 20_000;
/// No search returns more rows than this, whatever limit is asked for.
pub const MAX_HITS: usize = 1_000;

/// The first `n_chars` characters.
pub(crate) fn head(text: &str, n_chars: usize) -> &str {
    text.char_indices()
        .nth(n_chars)
        .and_then(|(byte_idx, _)| text.get(..byte_idx))
        .unwrap_or(text)
}
