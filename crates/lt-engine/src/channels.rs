//! What each channel says about one candidate entry.
//!
//! To add a channel: append its name to [`NAMES`], compute its value (0 to about 1, larger is
//! nearer) in the channel's own module, and print new weights with the `evaluate -- fit` example.

pub(crate) mod context;
pub(crate) mod exact;
pub(crate) mod linear;
pub(crate) mod ngram;
pub(crate) mod retrieval;
pub(crate) mod words;

/// Number of channels.
pub const N_CHANNELS: usize = NAMES.len();

/// Names of the channels, in the order of [`Evidence`].
pub const NAMES: [&str; 15] = [
    "bm25_words",
    "bm25_chars",
    "bm25_answer",
    "ngram_best",
    "ngram_top3",
    "ngram_centroid",
    "word_coverage",
    "char_coverage",
    "answer_coverage",
    "variant_covered",
    "near_exact",
    "linear",
    "before_customer",
    "before_agent",
    "before_category",
];

/// Values of the channels for one candidate, in the order of [`NAMES`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence(pub [f32; N_CHANNELS]);

impl Evidence {
    /// Value of a channel by its name; 0 for a name that does not exist.
    #[must_use]
    pub fn get(&self, name: &str) -> f32 {
        NAMES
            .iter()
            .zip(self.0)
            .find(|(known, _)| **known == name)
            .map_or(0.0, |(_, value)| value)
    }
}
