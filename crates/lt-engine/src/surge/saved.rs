//! The stored form: a version byte, then the state. A series is a row of its own; so is the rest.

use serde::{Serialize, de::DeserializeOwned};

const VERSION: u8 = 1;

/// None where it cannot be stored, which no state is.
pub(super) fn bytes<T: Serialize>(state: &T) -> Option<Vec<u8>> {
    postcard::to_extend(state, vec![VERSION]).ok()
}

/// None for a form of another version, or a damaged one.
pub(super) fn state<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (version, rest) = bytes.split_first()?;
    (*version == VERSION)
        .then(|| postcard::from_bytes(rest).ok())
        .flatten()
}

/// Figures by slot, the zeros left out.
pub(super) mod sparse {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::super::calendar::N_SLOTS;

    pub(in super::super) fn serialize<S: Serializer>(
        figures: &[f32; N_SLOTS],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let some: Vec<(u8, f32)> = (0_u8..)
            .zip(figures.iter().copied())
            .filter(|(_, figure)| *figure > 1e-3)
            .collect();
        some.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Box<[f32; N_SLOTS]>, D::Error> {
        let some: Vec<(u8, f32)> = Vec::deserialize(deserializer)?;
        let mut figures = Box::new([0.0; N_SLOTS]);
        for (slot, figure) in some {
            if let Some(here) = figures.get_mut(usize::from(slot)) {
                *here = figure;
            }
        }
        Ok(figures)
    }
}
