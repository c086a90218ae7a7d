//! What the folder says about its model.

use std::path::PathBuf;

use serde::{Deserialize, de::DeserializeOwned};

use super::{EncoderError, folder::Folder};

/// Most tokens of a text that the model reads.
const MAX_TOKENS: usize = 256;
/// Sizes beyond these are no sentence encoder; they only make a machine run out of memory.
const LIMITS: Limits = Limits {
    width: 4_096,
    layers: 48,
    inner: 16_384,
    words: 1_000_000,
    positions: 16_384,
};

struct Limits {
    width: usize,
    layers: usize,
    inner: usize,
    words: usize,
    positions: usize,
}

/// Sizes and kind of a model.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) width: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    pub(super) inner: usize,
    pub(super) words: usize,
    pub(super) positions: usize,
    pub(super) types: usize,
    pub(super) norm_eps: f64,
    pub(super) activation: Activation,
    pub(super) pooling: Pooling,
    /// Position of the first token.
    pub(super) first_position: usize,
}

/// Between the two halves of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activation {
    Gelu,
    GeluTanh,
    Relu,
}

/// From the tokens' vectors to the text's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pooling {
    /// The first token's.
    First,
    /// Their mean.
    Mean,
}

#[derive(Deserialize)]
struct ConfigFile {
    model_type: Option<String>,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    type_vocab_size: usize,
    #[serde(default = "default_eps")]
    layer_norm_eps: f64,
    hidden_act: Option<String>,
    position_embedding_type: Option<String>,
    pad_token_id: Option<usize>,
}

fn default_eps() -> f64 {
    1e-12
}

#[derive(Deserialize)]
struct PoolingFile {
    #[serde(default)]
    pooling_mode_cls_token: bool,
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
}

#[derive(Deserialize)]
struct Module {
    #[serde(rename = "type")]
    kind: String,
}

impl Config {
    /// Reads `config.json`, and `modules.json` and `1_Pooling/config.json` where they are.
    pub(super) fn read(folder: &Folder) -> Result<Self, EncoderError> {
        const NAME: &str = "config.json";
        let file: ConfigFile = json(folder, NAME, &folder.read(NAME)?)?;
        let path = folder.path(NAME);
        let config = Self {
            width: file.hidden_size,
            layers: file.num_hidden_layers,
            heads: file.num_attention_heads,
            inner: file.intermediate_size,
            words: file.vocab_size,
            positions: file.max_position_embeddings,
            types: file.type_vocab_size,
            norm_eps: file.layer_norm_eps,
            activation: activation(file.hidden_act.as_deref(), &path)?,
            pooling: pooling(folder)?,
            first_position: first_position(&file, &path)?,
        };
        config.check(&path)?;
        Ok(config)
    }

    /// Most tokens of a text, the special ones included.
    pub(super) fn max_tokens(&self) -> usize {
        MAX_TOKENS.min(self.positions - self.first_position)
    }

    fn check(&self, path: &std::path::Path) -> Result<(), EncoderError> {
        for (name, value, most) in [
            ("hidden_size", self.width, LIMITS.width),
            ("num_hidden_layers", self.layers, LIMITS.layers),
            ("num_attention_heads", self.heads, self.width),
            ("intermediate_size", self.inner, LIMITS.inner),
            ("vocab_size", self.words, LIMITS.words),
            ("max_position_embeddings", self.positions, LIMITS.positions),
            ("type_vocab_size", self.types, LIMITS.positions),
        ] {
            if value == 0 || value > most {
                return Err(invalid(
                    path,
                    format!("{name} is {value}, and must be 1 to {most}"),
                ));
            }
        }
        if !self.width.is_multiple_of(self.heads) {
            let why = "hidden_size is no multiple of num_attention_heads";
            return Err(invalid(path, why.to_owned()));
        }
        // Two of them are the marks of beginning and end.
        if self.positions < self.first_position + 3 {
            let why = "max_position_embeddings leaves no room for a text";
            return Err(invalid(path, why.to_owned()));
        }
        if !(self.norm_eps > 0.0 && self.norm_eps < 1.0) {
            let why = "layer_norm_eps must lie between 0 and 1";
            return Err(invalid(path, why.to_owned()));
        }
        Ok(())
    }
}

fn activation(name: Option<&str>, path: &std::path::Path) -> Result<Activation, EncoderError> {
    match name.unwrap_or("gelu") {
        "gelu" => Ok(Activation::Gelu),
        "gelu_new" | "gelu_fast" | "gelu_pytorch_tanh" => Ok(Activation::GeluTanh),
        "relu" => Ok(Activation::Relu),
        other => Err(unsupported(path, format!("hidden_act {other}"))),
    }
}

/// RoBERTa counts positions from behind the number of its padding token.
fn first_position(file: &ConfigFile, path: &std::path::Path) -> Result<usize, EncoderError> {
    let positions = file.position_embedding_type.as_deref();
    if positions.is_some_and(|kind| kind != "absolute") {
        let what = format!("position_embedding_type {}", positions.unwrap_or_default());
        return Err(unsupported(path, what));
    }
    match file.model_type.as_deref().unwrap_or("bert") {
        "bert" => Ok(0),
        "roberta" | "xlm-roberta" | "camembert" => {
            Ok(file.pad_token_id.unwrap_or(1).saturating_add(1))
        }
        other => Err(unsupported(path, format!("a model of type {other}"))),
    }
}

fn pooling(folder: &Folder) -> Result<Pooling, EncoderError> {
    const MODULES: &str = "modules.json";
    const POOLING: &str = "1_Pooling/config.json";
    if let Some(bytes) = folder.read_if_there(MODULES)? {
        let modules: Vec<Module> = json(folder, MODULES, &bytes)?;
        let known = ["Transformer", "Pooling", "Normalize"];
        let last = |kind: &str| kind.rsplit('.').next().unwrap_or_default().to_owned();
        if let Some(other) = modules
            .iter()
            .map(|module| last(&module.kind))
            .find(|kind| !known.contains(&kind.as_str()))
        {
            return Err(unsupported(
                &folder.path(MODULES),
                format!("a module {other}"),
            ));
        }
    }
    let Some(bytes) = folder.read_if_there(POOLING)? else {
        return Ok(Pooling::Mean);
    };
    let file: PoolingFile = json(folder, POOLING, &bytes)?;
    match (file.pooling_mode_cls_token, file.pooling_mode_mean_tokens) {
        (true, false) => Ok(Pooling::First),
        (false, true) => Ok(Pooling::Mean),
        _ => Err(unsupported(
            &folder.path(POOLING),
            "another pooling than by mean or by first token".to_owned(),
        )),
    }
}

fn json<T: DeserializeOwned>(folder: &Folder, name: &str, bytes: &[u8]) -> Result<T, EncoderError> {
    serde_json::from_slice(bytes).map_err(|error| invalid(&folder.path(name), error.to_string()))
}

fn invalid(path: &std::path::Path, why: String) -> EncoderError {
    EncoderError::Invalid {
        file: PathBuf::from(path),
        why,
    }
}

fn unsupported(path: &std::path::Path, what: String) -> EncoderError {
    EncoderError::Unsupported {
        file: PathBuf::from(path),
        what,
    }
}
