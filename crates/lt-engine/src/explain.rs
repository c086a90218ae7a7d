//! Why this entry: which characters of its texts are the customer's words.

use crate::words::CharRange;

/// Ranges of `text` (characters, ascending, apart) that hold informative words of the message.
pub(crate) fn marks(message: &str, text: &str) -> Vec<CharRange> {
    lt_search::matched_terms(message, text)
        .into_iter()
        .map(|(start, end)| start..end)
        .collect()
}
