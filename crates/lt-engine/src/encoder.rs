//! A sentence encoder of the organisation's own: one more opinion on what a message means.
//!
//! The organisation names a folder with `config.json`, `tokenizer.json` and `model.safetensors` of a
//! BERT-like model (BERT, RoBERTa, XLM-RoBERTa), as such models are published. Nothing is fetched,
//! and nothing is on until a folder is named. Running a model needs the cargo feature `encoder`:
//! shipped bundles have it, an everyday build does not, and there [`Encoder::open`] says so.
//!
//! - **Invariant:** the same text gives the same vector, whichever texts are encoded with it: each
//!   text goes through the model by itself, without padding.
//! - **Invariant:** a folder is refused before it is used, never while a customer waits: `open`
//!   checks every name and shape and encodes one sentence.
//! - **Invariant:** without an encoder the engine's scores are what they would be without this module.
//!
//! What it says joins the fused score with [`crate::parts::Weights::encoder`]: how much nearer an
//! entry's nearest wording is than the candidates' mean. The mean is taken off because such models
//! find any two sentences of one language similar. Picks fit the weight
//! ([`crate::train::fit_encoder`]).
//!
//! # Measured
//! On two busy cores, in the development profile with tensors optimised, as the root manifest says.
//! The feature adds 67 crates to a build: 6 minutes 30 of compiling, summed over them, of which
//! tensors take 108 s and tokenizers 37 s (`cargo build -p lt-engine --features encoder --timings`).
//! A text of 17 tokens takes 37 ms in a model of 4 layers by 512 and 142 ms in one of 12 by 768,
//! both of random weights: so much longer is every suggestion, and so much takes each wording when
//! an engine is first built. No trained model was at hand: what one adds to the ranking is not
//! measured, and its first weight is not fitted.

#[cfg_attr(not(feature = "encoder"), path = "encoder/absent.rs")]
mod model;
mod wordings;

#[cfg(feature = "encoder")]
mod bert;
#[cfg(feature = "encoder")]
mod config;
#[cfg(feature = "encoder")]
mod folder;
#[cfg(feature = "encoder")]
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

pub(crate) use wordings::{Wordings, weigh};

/// Longest text that is encoded, in characters; of a longer one its beginning.
const MAX_CHARS: usize = 1_024;

/// A loaded sentence encoder.
pub struct Encoder {
    model: model::Model,
    /// Vectors that an engine holds, by the digest of their text: an engine that is built anew
    /// encodes only what is new in it.
    held: Mutex<HashMap<[u8; 32], Weak<[f32]>>>,
    stopped: AtomicBool,
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").finish_non_exhaustive()
    }
}

impl Encoder {
    /// Loads the encoder in a folder.
    ///
    /// # Errors
    /// [`EncoderError`], for anything in the folder that is not as it must be.
    pub fn open(folder: &Path) -> Result<Self, EncoderError> {
        Ok(Self {
            model: model::Model::open(folder)?,
            held: Mutex::default(),
            stopped: AtomicBool::new(false),
        })
    }

    /// The direction of each text: vectors of length 1, all with the same number of values. A text
    /// without a single token has a vector of zeros.
    #[must_use]
    pub fn encode(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        texts.iter().map(|text| self.one(text)).collect()
    }

    /// Whoever closes waits for no engine that is being built: from now on, the wordings of a new
    /// engine have no direction.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    /// As [`Encoder::encode`], for texts that engines keep.
    pub(crate) fn hold(&self, text: &str) -> Arc<[f32]> {
        let key = lt_seal::sha256(text.as_bytes());
        let held = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vector) = held().get(&key).and_then(Weak::upgrade) {
            return vector;
        }
        if self.stopped.load(Ordering::Acquire) {
            return Arc::default();
        }
        // Not while the lock is held: a customer's question does not wait for a wording.
        let vector: Arc<[f32]> = self.one(text).into();
        held().insert(key, Arc::downgrade(&vector));
        vector
    }

    /// Lets go of the digests of texts that no engine holds any more.
    pub(crate) fn tidy(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, vector| vector.strong_count() > 0);
    }

    fn one(&self, text: &str) -> Vec<f32> {
        let text: String = text.chars().take(MAX_CHARS).collect();
        self.model.encode(&text)
    }
}

/// Why a folder gives no encoder. Every text says what to do; the Chinese half is for whoever runs
/// the shop's server.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// The program was compiled without the feature.
    #[error(
        "this build has no sentence encoder: use the shipped bundle, or leave out --encoder \
         (本程序未包含句向量编码器，请使用正式安装包，或去掉 --encoder)"
    )]
    NotInThisBuild,
    /// The folder is not there, or is no folder.
    #[error("{} is no folder (编码器目录不存在)", .0.display())]
    NoFolder(PathBuf),
    /// A file is not there.
    #[error(
        "{} has no {name}: put config.json, tokenizer.json and model.safetensors of the model into \
         it (编码器目录缺少 {name})",
        folder.display()
    )]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The file.
        name: &'static str,
    },
    /// A file is a link to somewhere else.
    #[error(
        "{} lies outside the folder: copy the file itself into it \
         (该文件是指向目录之外的链接，请把文件本身复制进来)",
        .0.display()
    )]
    Outside(PathBuf),
    /// A file is larger than any that is read.
    #[error(
        "{} has {bytes} bytes; at most {most} are read: take a smaller model \
         (文件过大，请换用更小的模型)",
        file.display()
    )]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// A file cannot be read.
    #[error("cannot read {} (无法读取文件)", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file does not hold what its name says.
    #[error("{} cannot be used: {why} (文件内容无效)", file.display())]
    Invalid {
        /// The file.
        file: PathBuf,
        /// What does not fit.
        why: String,
    },
    /// The model is of a kind that is not run.
    #[error("{} asks for {what}, which is not supported (不支持该类模型)", file.display())]
    Unsupported {
        /// The file.
        file: PathBuf,
        /// What is asked for.
        what: String,
    },
    /// The weights lack a tensor.
    #[error(
        "{} has no tensor {name}: it is not the model that config.json describes \
         (模型文件缺少张量 {name}，与 config.json 不符)",
        file.display()
    )]
    NoTensor {
        /// The file.
        file: PathBuf,
        /// Name of the tensor.
        name: String,
    },
    /// A tensor has another shape than it must have.
    #[error(
        "{}: tensor {name} has the shape {found:?} instead of {wanted:?}: it is not the model that \
         config.json describes (模型文件张量形状与 config.json 不符)",
        file.display()
    )]
    Shape {
        /// The file.
        file: PathBuf,
        /// Name of the tensor.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// What follows from `config.json`.
        wanted: Vec<usize>,
    },
    /// The tokenizer knows more words than the model.
    #[error(
        "the tokenizer in {} has {tokens} words and the model {rows}: they do not belong together \
         (tokenizer.json 与模型不匹配)",
        folder.display()
    )]
    Vocabulary {
        /// The folder.
        folder: PathBuf,
        /// Words of the tokenizer.
        tokens: usize,
        /// Words of the model.
        rows: usize,
    },
    /// The model gives no usable vector for a plain sentence.
    #[error("the model in {} does not work: {why} (模型无法运行)", folder.display())]
    Fails {
        /// The folder.
        folder: PathBuf,
        /// What came out.
        why: String,
    },
}
