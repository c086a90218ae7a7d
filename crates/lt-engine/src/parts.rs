//! What the engine is made of besides the knowledge base: thesaurus, embedding, weights.
//!
//! The shipped ones stand in `defaults/`; `cargo xtask train-defaults` makes them anew from our own
//! question packs.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use serde::{Deserialize, Serialize};

use crate::{
    calibrate::{self, Calibrator},
    embedding::Embedding,
    fusion::{self, Fusion},
    thesaurus::Thesaurus,
};

static SHIPPED: LazyLock<Arc<Parts>> = LazyLock::new(|| {
    let embedding = Embedding::from_bytes(include_bytes!("../defaults/embedding.bin"))
        .unwrap_or_else(Embedding::untrained);
    let weights = serde_json::from_str::<WeightsFile>(include_str!("../defaults/weights.json"))
        .map(Weights::from)
        .unwrap_or_default();
    Arc::new(Parts {
        thesaurus: Thesaurus::shipped(),
        embedding: Arc::new(embedding),
        weights,
    })
});

/// Thesaurus, embedding and weights of an engine.
#[derive(Clone, Debug)]
pub struct Parts {
    pub(crate) thesaurus: Arc<Thesaurus>,
    pub(crate) embedding: Arc<Embedding>,
    pub(crate) weights: Weights,
}

/// Weights of fusion and confidence, and from which confidence the bot answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// From channels to a score.
    pub fusion: Fusion,
    /// From a ranking to a confidence.
    pub calibrator: Calibrator,
    /// From this confidence on, the bot answers by itself.
    pub answer_from: f32,
}

impl Default for Weights {
    /// Every channel weighs the same and nothing is sure.
    fn default() -> Self {
        Self {
            fusion: Fusion([1.0; fusion::N_INPUTS]),
            calibrator: Calibrator([0.0; calibrate::N_INPUTS]),
            answer_from: 0.9,
        }
    }
}

/// The weights by name; an input without a weight counts nothing.
#[derive(Debug, Deserialize, Serialize)]
struct WeightsFile {
    answer_from: f32,
    fusion: BTreeMap<String, f32>,
    confidence: BTreeMap<String, f32>,
}

impl From<WeightsFile> for Weights {
    fn from(file: WeightsFile) -> Self {
        let mut weights = Self {
            fusion: Fusion([0.0; fusion::N_INPUTS]),
            calibrator: Calibrator([0.0; calibrate::N_INPUTS]),
            answer_from: file.answer_from,
        };
        for (weight, name) in weights.fusion.0.iter_mut().zip(fusion::input_names()) {
            *weight = file.fusion.get(&name).copied().unwrap_or_default();
        }
        for (weight, name) in weights.calibrator.0.iter_mut().zip(calibrate::INPUTS) {
            *weight = file.confidence.get(name).copied().unwrap_or_default();
        }
        weights
    }
}

impl Weights {
    /// As the file `defaults/weights.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let named = |name: String, weight: &f32| (name, (weight * 1e4).round() / 1e4);
        let file = WeightsFile {
            answer_from: self.answer_from,
            fusion: fusion::input_names()
                .zip(&self.fusion.0)
                .map(|(name, weight)| named(name, weight))
                .collect(),
            confidence: calibrate::INPUTS
                .iter()
                .zip(&self.calibrator.0)
                .map(|(name, weight)| named((*name).to_owned(), weight))
                .collect(),
        };
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }
}

impl Parts {
    /// The shipped ones.
    #[must_use]
    pub fn shipped() -> Arc<Self> {
        Arc::clone(&SHIPPED)
    }

    /// The same thesaurus with another embedding and other weights.
    #[must_use]
    pub fn with(&self, embedding: Arc<Embedding>, weights: Weights) -> Arc<Self> {
        Arc::new(Self {
            thesaurus: Arc::clone(&self.thesaurus),
            embedding,
            weights,
        })
    }

    /// The weights.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }
}
