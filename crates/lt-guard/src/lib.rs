//! Finds personal data in text and masks it.
//!
//! Hand-written recognisers for Chinese customer-service text: values glued to Chinese words,
//! full-width digits, zero-width characters and separators inside numbers.
//! No I/O except through the reader and writer handed to [`lab`], no clock, no randomness.
//!
//! **Invariant:** spans are code-point offsets into the original text, end exclusive, sorted,
//! never empty and never overlapping.
//! **Invariant:** `mask(mask(x)) == mask(x)`: a masked value is never found again.
//! **Invariant:** no error or `Debug` output of this crate carries the text that was looked at.
//!
//! One more kind of value: add the variant to [`PiiKind`], write `find/<kind>.rs` with one
//! `find(&Page, &mut Hits)`, and name it in the order of `find.rs` (earlier ones win).

mod find;
mod hits;
pub mod lab;
mod label;
mod log;
mod mask;
mod number;
mod page;
mod span;
#[cfg(test)]
mod tests;
mod words;

pub use find::scan;
pub use lab::{LabError, LabProblem};
pub use log::redact_log;
pub use mask::{Masked, mask, mask_name, mask_phone};
pub use span::{PiiKind, Span};
