//! What the engine is made of besides the knowledge base: thesaurus, embedding, weights.
//!
//! The shipped ones stand in `defaults/`; `cargo xtask train-defaults` makes them anew from our own
//! question packs.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use serde::{Deserialize, Serialize};

use lt_search::tokenizer;

use crate::{
    analysed::Language,
    calibrate::{self, Calibrator},
    embedding::Embedding,
    encoder::Encoder,
    fusion::{self, Fusion},
    thesaurus::Thesaurus,
    urgency::Urgency,
};

/// Weight of a sentence encoder's value before picks have fitted it. No such model is shipped to
/// fit it on: a wording that is .1 nearer than the mean counts as much as a few shared words.
const ENCODER: f32 = 4.0;

static SHIPPED: LazyLock<Arc<Parts>> = LazyLock::new(|| {
    let embedding = Embedding::from_bytes(include_bytes!("../defaults/embedding.bin"))
        .unwrap_or_else(Embedding::untrained);
    let urgency = Urgency::from_bytes(include_bytes!("../defaults/urgency.bin"))
        .unwrap_or_else(Urgency::untrained);
    let weights = serde_json::from_str::<WeightsFile>(include_str!("../defaults/weights.json"))
        .map(Weights::from)
        .unwrap_or_default();
    Arc::new(Parts {
        language: Language::shipped(),
        dictionary: Vec::new(),
        embedding: Arc::new(embedding),
        urgency: Arc::new(urgency),
        weights,
        encoder: None,
    })
});

/// Thesaurus, embedding and weights of an engine.
#[derive(Clone, Debug)]
pub struct Parts {
    pub(crate) language: Language,
    /// The tenant's words that change what an index holds.
    dictionary: Vec<String>,
    pub(crate) embedding: Arc<Embedding>,
    pub(crate) urgency: Arc<Urgency>,
    pub(crate) weights: Weights,
    /// The organisation's sentence encoder; none until it names a folder.
    pub(crate) encoder: Option<Arc<Encoder>>,
}

/// What a tenant changes of the shipped parts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Tailoring {
    /// Groups of expressions that mean the same to this tenant's customers.
    #[serde(default)]
    pub synonyms: Vec<Vec<String>>,
    /// Words that the dictionary does not know: product names, trade terms.
    #[serde(default)]
    pub dictionary: Vec<String>,
    /// From this confidence on, the bot answers by itself; the shipped one where none is set.
    #[serde(default)]
    pub answer_from: Option<f32>,
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
    /// What a sentence encoder's value counts in the score, where there is one.
    pub encoder: f32,
}

impl Default for Weights {
    /// Every channel weighs the same and nothing is sure.
    fn default() -> Self {
        Self {
            fusion: Fusion([1.0; fusion::N_INPUTS]),
            calibrator: Calibrator([0.0; calibrate::N_INPUTS]),
            answer_from: 0.9,
            encoder: ENCODER,
        }
    }
}

/// The weights by name; an input without a weight counts nothing.
#[derive(Debug, Deserialize, Serialize)]
struct WeightsFile {
    answer_from: f32,
    fusion: BTreeMap<String, f32>,
    confidence: BTreeMap<String, f32>,
    /// Left out where it is as shipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoder: Option<f32>,
}

impl From<WeightsFile> for Weights {
    fn from(file: WeightsFile) -> Self {
        let mut weights = Self {
            fusion: Fusion([0.0; fusion::N_INPUTS]),
            calibrator: Calibrator([0.0; calibrate::N_INPUTS]),
            answer_from: file.answer_from,
            encoder: file.encoder.unwrap_or(ENCODER),
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
    /// From what [`Weights::to_json`] wrote; none where it cannot be read.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        let file: WeightsFile = serde_json::from_str(json).ok()?;
        Some(file.into())
    }

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
            encoder: (self.encoder != ENCODER).then_some(self.encoder),
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

    /// The same language with another embedding and other weights.
    #[must_use]
    pub fn with(&self, embedding: Arc<Embedding>, weights: Weights) -> Arc<Self> {
        Arc::new(Self {
            language: self.language.clone(),
            dictionary: self.dictionary.clone(),
            embedding,
            urgency: Arc::clone(&self.urgency),
            weights,
            encoder: self.encoder.clone(),
        })
    }

    /// The same with weights that picks have moved.
    #[must_use]
    pub fn with_weights(&self, weights: Weights) -> Arc<Self> {
        self.with(Arc::clone(&self.embedding), weights)
    }

    /// The same with a sentence encoder as one more channel; the same as they are without one.
    /// An engine of them encodes its wordings when it is built, which takes milliseconds for each
    /// that no other living engine has.
    #[must_use]
    pub fn with_encoder(self: Arc<Self>, encoder: Option<&Arc<Encoder>>) -> Arc<Self> {
        match encoder {
            None => self,
            Some(encoder) => Arc::new(Self {
                encoder: Some(Arc::clone(encoder)),
                ..Self::clone(&self)
            }),
        }
    }

    /// The shipped parts as a tenant wants them.
    #[must_use]
    pub fn tailored(tailoring: &Tailoring) -> Arc<Self> {
        let shipped = &*SHIPPED;
        let mut parts = Self::clone(shipped);
        parts.language.thesaurus = Thesaurus::with_aliases(&tailoring.synonyms);
        if !tailoring.dictionary.is_empty() {
            parts.language.dictionary =
                tokenizer::dictionary_with(tailoring.dictionary.iter().map(String::as_str));
            parts.dictionary.clone_from(&tailoring.dictionary);
        }
        if let Some(from) = tailoring.answer_from {
            parts.weights.answer_from = from.clamp(0.0, 1.0);
        }
        Arc::new(parts)
    }

    /// The tenant's words that change what an index holds.
    pub(crate) fn own_words(&self) -> &[String] {
        &self.dictionary
    }

    /// Names the language and the embedding, on which everything trained depends.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = lt_seal::sha256(&self.embedding.to_bytes());
        format!("{digest:02x?}{}", self.language.thesaurus.fingerprint())
    }

    /// The weights.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }
}
