//! Tokenizer and network of a folder together.

use std::path::{Path, PathBuf};

use tokenizers::{Tokenizer, TruncationParams};

use super::{EncoderError, bert::Bert, config::Config, folder::Folder};

/// What every encoder must be able to encode.
const TRIAL: &str = "退款多久到账？ When is my refund due?";

/// A model that works.
pub(super) struct Model {
    tokenizer: Tokenizer,
    bert: Bert,
    width: usize,
}

impl Model {
    pub(super) fn open(folder: &Path) -> Result<Self, EncoderError> {
        const TOKENIZER: &str = "tokenizer.json";
        const WEIGHTS: &str = "model.safetensors";
        let folder = Folder::open(folder)?;
        let config = Config::read(&folder)?;
        let tokenizer = tokenizer(
            &folder.read(TOKENIZER)?,
            folder.path(TOKENIZER),
            config.max_tokens(),
        )?;
        let tokens = tokenizer
            .get_vocab(true)
            .into_values()
            .max()
            .map_or(0, |last| last as usize + 1);
        if tokens > config.words {
            return Err(EncoderError::Vocabulary {
                folder: folder.named().to_owned(),
                tokens,
                rows: config.words,
            });
        }
        let bert = Bert::load(&config, &folder.read(WEIGHTS)?, &folder.path(WEIGHTS))?;
        let model = Self {
            tokenizer,
            bert,
            width: config.width,
        };
        match model.run(TRIAL) {
            Ok(vector) if is_direction(&vector) => Ok(model),
            Ok(_) => Err(fails(&folder, "its vectors are not numbers".to_owned())),
            Err(why) => Err(fails(&folder, why)),
        }
    }

    /// The direction of a text; zeros where it has none, which says nothing for any entry.
    pub(super) fn encode(&self, text: &str) -> Vec<f32> {
        match self.run(text) {
            Ok(vector) if is_direction(&vector) => vector,
            _ => vec![0.0; self.width],
        }
    }

    fn run(&self, text: &str) -> Result<Vec<f32>, String> {
        let encoding = self
            .tokenizer
            .encode(text, true)
            .map_err(|error| error.to_string())?;
        if encoding.get_ids().is_empty() {
            return Err("the tokenizer finds no token in a sentence".to_owned());
        }
        self.bert
            .encode(encoding.get_ids())
            .map_err(|error| error.to_string())
    }
}

fn tokenizer(bytes: &[u8], file: PathBuf, max_tokens: usize) -> Result<Tokenizer, EncoderError> {
    let invalid = |error: tokenizers::Error| EncoderError::Invalid {
        file: file.clone(),
        why: error.to_string(),
    };
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(invalid)?;
    tokenizer.with_padding(None);
    tokenizer
        .with_truncation(Some(TruncationParams {
            max_length: max_tokens,
            ..TruncationParams::default()
        }))
        .map_err(invalid)?;
    Ok(tokenizer)
}

fn is_direction(vector: &[f32]) -> bool {
    let length: f32 = vector.iter().map(|value| value * value).sum();
    (0.9..1.1).contains(&length)
}

fn fails(folder: &Folder, why: String) -> EncoderError {
    EncoderError::Fails {
        folder: folder.named().to_owned(),
        why,
    }
}
