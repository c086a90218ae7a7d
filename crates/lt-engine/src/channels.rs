//! What each channel says about one candidate entry.
//!
//! To add a channel: append its name to [`NAMES`], compute its value (0 to about 1, larger is
//! nearer) where the others are (`engine::rank`), and make the shipped weights anew with
//! `cargo xtask train-defaults`.

pub(crate) mod context;
pub(crate) mod exact;
pub(crate) mod linear;
pub(crate) mod prototype;

/// Number of channels.
pub const N_CHANNELS: usize = NAMES.len();

/// Names of the channels, in the order of [`Evidence`].
pub const NAMES: [&str; 30] = [
    "chars_best",
    "chars_top3",
    "chars_centroid",
    "chars_covered",
    "chars_variant_covered",
    "units_best",
    "units_top3",
    "units_covered",
    "units_variant_covered",
    "sounds_covered",
    "answer_chars",
    "answer_units",
    "near_exact",
    "near_sound",
    "linear",
    "prototype",
    "meaning_best",
    "meaning_top3",
    "meaning_centroid",
    "meaning_question",
    "meaning_answer",
    "before_customer",
    "before_agent",
    "before_category",
    "joint_covered",
    "joint_meaning",
    "clause_chars",
    "clause_units",
    "clause_meaning",
    "asking_meaning",
];

/// Values of the channels for one candidate, in the order of [`NAMES`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence(pub [f32; N_CHANNELS]);

impl Default for Evidence {
    fn default() -> Self {
        Self([0.0; N_CHANNELS])
    }
}

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
